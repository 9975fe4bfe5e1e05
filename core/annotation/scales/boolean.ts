/** `boolean`: yes or no. */
import { z } from "../../zod.ts";
import { labelSchema, repeatedLabel } from "./labels.ts";
import { readListed } from "./read_value.ts";
import type { ScaleType } from "./scale_type.ts";
import { folded, unwrapped } from "./wording.ts";

export type BooleanContent = Readonly<{
  /** The words for yes and no in another language. */
  labels?: Readonly<{ yes: string; no: string }>;
}>;

const ENGLISH = { yes: "yes", no: "no" };

const wordsError = { error: "the words for yes and no, such as { yes: ja, no: nein }" };

export const boolean: ScaleType<"boolean", BooleanContent> = {
  type: "boolean",
  options: {
    labels: z.strictObject({ yes: labelSchema, no: labelSchema }, wordsError).optional()
      .describe("The words for yes and no in another language")
      .meta({ examples: [{ yes: "ja", no: "nein" }] }),
  },
  logged: { labels: z.object({ yes: z.string(), no: z.string() }).optional() },
  problems: ({ labels = ENGLISH }) => repeatedLabel([labels.yes, labels.no]),
  form: ({ labels = ENGLISH }) => `${labels.yes} or ${labels.no}`,
  answers: ({ labels = ENGLISH }) => [labels.yes, labels.no],
  property: () => ({ type: "boolean" }),
  read(scale, reply) {
    const truths = truthsOf(scale);
    return readListed(reply, {
      grammar: scale.grammar,
      whole: (shown) => truths.get(folded(unwrapped(shown))) ?? null,
      words: truths,
      form: boolean.form(scale),
    });
  },
  level: "nominal",
  isShare: true,
  pooled: "the share of yes among them",
  outcome: () => "Annotated with yes or no; the mean is the share of yes.",
  shown: ({ labels }) =>
    labels === undefined ? "yes or no" : `yes or no, in the words ${labels.yes} and ${labels.no}`,
};

/** Answers in JSON are true or false in every language. */
function truthsOf({ labels = ENGLISH }: BooleanContent): ReadonlyMap<string, boolean> {
  return new Map([[folded(labels.yes), true], [folded(labels.no), false], ["true", true], ["false", false]]);
}
