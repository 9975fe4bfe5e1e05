/** `round-robin`: participants speak one after the other, in the design's order. */
import { z } from "../zod.ts";
import { chancesAmong, type TurnTakingStrategy } from "./strategy.ts";

/**
 * Goes through all participants in order, again and again. With `randomFirst: true`, the first speaker is
 * drawn, and the order continues after this participant.
 */
export const roundRobin: TurnTakingStrategy = {
  name: "round-robin",
  options: z.strictObject({
    randomFirst: z.boolean({ error: "true or false" }).optional()
      .describe("Whether the first speaker is drawn"),
  }),
  select(view, draw, options) {
    if (view.last !== null) return (view.last + 1) % view.participants.length;
    return options.randomFirst === true ? draw.below(view.participants.length) : 0;
  },
  chances(view, options) {
    const all = view.participants.map((_, index) => index);
    if (view.last !== null) return chancesAmong(view, [(view.last + 1) % all.length]);
    return chancesAmong(view, options.randomFirst === true ? all : [0]);
  },
  clause: (options) =>
    `participants spoke one after the other in a fixed order${
      options.randomFirst === true ? ", which began with a participant drawn at random" : ""
    }`,
};
