/** `boolean`: yes or no. */
import { readListed } from "./read_value.ts";
import type { ScaleType } from "./scale_type.ts";
import { folded, unwrapped } from "./wording.ts";

const TRUTHS = new Map([["yes", true], ["no", false], ["true", true], ["false", false]]);

export const boolean: ScaleType<"boolean", object> = {
  type: "boolean",
  options: {},
  logged: {},
  form: () => "yes or no",
  answers: () => ["yes", "no"],
  property: () => ({ type: "boolean" }),
  read: (scale, reply) =>
    readListed(reply, {
      grammar: scale.grammar,
      whole: (shown) => TRUTHS.get(folded(unwrapped(shown))) ?? null,
      words: TRUTHS,
      form: boolean.form(scale),
    }),
  level: "nominal",
  isShare: true,
  pooled: "the share of yes among them",
  outcome: () => "Annotated with yes or no; the mean is the share of yes.",
  shown: () => "yes or no",
};
