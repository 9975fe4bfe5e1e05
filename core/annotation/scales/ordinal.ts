/** `ordinal`: whole numbers with an order, which can have labels. */
import { z } from "../../zod.ts";
import { labelSchema, LISTED_ANSWERS_MAX, repeatedLabel } from "./labels.ts";
import { loneNumber } from "./numbers.ts";
import { isInRange, readListed, wholeLabel } from "./read_value.ts";
import type { ScaleProblem, ScaleType } from "./scale_type.ts";
import { unwrapped } from "./wording.ts";

export type OrdinalContent = Readonly<{
  min: number;
  max: number;
  labels?: Readonly<Record<string, string>>;
}>;

const whole = { error: "a whole number" };

/** The keys of labels are whole numbers. The pattern allows one spelling for each number. */
const NUMBER_KEY = /^(?:0|-?[1-9]\d*)$/;

export const ordinal: ScaleType<"ordinal", OrdinalContent> = {
  type: "ordinal",
  options: {
    min: z.int(whole).describe("The lowest value"),
    max: z.int(whole).describe("The highest value"),
    labels: z.record(z.string().regex(NUMBER_KEY, whole), labelSchema, {
      error: "what its numbers mean, such as { 1: mild, 5: severe }",
    }).optional().describe("What the numbers mean").meta({ examples: [{ 1: "mild", 5: "severe" }] }),
  },
  logged: { min: z.number(), max: z.number(), labels: z.record(z.string(), z.string()).optional() },
  problems: ({ min, max, labels = {} }) => [
    ...rangeProblems({ min, max }),
    ...repeatedLabel(Object.values(labels)),
    ...Object.keys(labels).filter((key) => Number(key) < min || Number(key) > max).slice(0, 1)
      .map((key) => ({
        path: ["labels", key],
        part: "key" as const,
        message: `expected a number from ${min} to ${max}`,
      })),
  ],
  form: ({ min, max }) => `a whole number from ${min} to ${max}`,
  answers: ({ min, max }) =>
    max - min < LISTED_ANSWERS_MAX
      ? Array.from({ length: max - min + 1 }, (_, index) => String(min + index))
      : null,
  property: ({ min, max }) =>
    max - min < LISTED_ANSWERS_MAX ? { type: "integer", minimum: min, maximum: max } : null,
  read(scale, reply) {
    const { min, max, labels = {}, grammar } = scale;
    const words = new Map(Object.entries(labels).map(([number, label]) => [label, Number(number)]));
    const numbers = { min, max, isWhole: true };
    return readListed(reply, {
      grammar,
      whole(shown) {
        const number = loneNumber(unwrapped(shown));
        if (number !== null) return isInRange(numbers, number) ? number : null;
        const label = wholeLabel(Object.values(labels), shown);
        return label === null ? null : words.get(label)!;
      },
      words,
      numbers,
      form: ordinal.form(scale),
    });
  },
  level: "ordinal",
  steps: ({ min, max }) => ({ min, max }),
  isShare: false,
  pooled: "their mean",
  outcome: ({ min, max }) => `Annotated on the ordinal scale from ${min} to ${max}.`,
  shown({ min, max, labels = {} }) {
    const texts = Object.entries(labels).map(([value, label]) => `${value} ${label}`);
    return `${min} to ${max}${texts.length === 0 ? "" : ` (${texts.join(", ")})`}`;
  },
};

export function rangeProblems({ min, max }: Readonly<{ min: number; max: number }>): readonly ScaleProblem[] {
  return min < max
    ? []
    : [{ path: ["max"], message: `expected a number above min, which is ${min}, found ${max}` }];
}
