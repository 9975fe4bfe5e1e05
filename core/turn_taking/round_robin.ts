/** `round-robin`: one after the other, in the design's order. */
import { chancesAmong } from "./others.ts";
import type { TurnTakingStrategy } from "./strategy.ts";

/** Everybody in turn; with `randomFirst: true` the first speaker is drawn, and the order goes on from there. */
export const roundRobin: TurnTakingStrategy = {
  name: "round-robin",
  select(view, draw, options) {
    if (view.last !== null) return (view.last + 1) % view.participants.length;
    return options.randomFirst === true ? draw.below(view.participants.length) : 0;
  },
  chances(view, options) {
    const all = view.participants.map((_, index) => index);
    if (view.last !== null) return chancesAmong(view, [(view.last + 1) % all.length]);
    return chancesAmong(view, options.randomFirst === true ? all : [0]);
  },
};
