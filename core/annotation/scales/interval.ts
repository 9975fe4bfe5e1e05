/** `interval`: numbers whose differences mean something. */
import { z } from "../../zod.ts";
import { loneNumber } from "./numbers.ts";
import { rangeProblems } from "./ordinal.ts";
import { isInRange, readListed } from "./read_value.ts";
import type { ScaleType } from "./scale_type.ts";
import { unwrapped } from "./wording.ts";

export type IntervalContent = Readonly<{ min: number; max: number }>;

const number = z.number({ error: "a number" });

export const interval: ScaleType<"interval", IntervalContent> = {
  type: "interval",
  options: { min: number.describe("The lowest value"), max: number.describe("The highest value") },
  logged: { min: z.number(), max: z.number() },
  problems: rangeProblems,
  form: ({ min, max }) => `a number from ${min} to ${max}`,
  read(scale, reply) {
    const numbers = { min: scale.min, max: scale.max, isWhole: false };
    return readListed(reply, {
      grammar: scale.grammar,
      whole(shown) {
        const found = loneNumber(unwrapped(shown));
        return found !== null && isInRange(numbers, found) ? found : null;
      },
      words: new Map(),
      numbers,
      form: interval.form(scale),
    });
  },
  level: "interval",
  isShare: false,
  pooled: "their mean",
  outcome: ({ min, max }) => `Annotated on the interval scale from ${min} to ${max}.`,
  shown: ({ min, max }) => `${min} to ${max}, fractions allowed`,
};
