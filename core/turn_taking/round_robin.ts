/** `round-robin`: one after the other, in the design's order. */
import type { TurnTakingStrategy } from "./strategy.ts";

/** Everybody in turn; with `randomFirst: true` the first speaker is drawn, and the order goes on from there. */
export const roundRobin: TurnTakingStrategy = {
  name: "round-robin",
  select(view, draw, options) {
    if (view.last !== null) return (view.last + 1) % view.participants.length;
    return options.randomFirst === true ? draw.below(view.participants.length) : 0;
  },
};
