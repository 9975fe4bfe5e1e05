/** `nominal`: one of several labels without an order. */
import { z } from "../../zod.ts";
import { labelSchema, LISTED_ANSWERS_MAX, repeatedLabel } from "./labels.ts";
import { readListed, wholeLabel } from "./read_value.ts";
import type { ScaleType } from "./scale_type.ts";

export type NominalContent = Readonly<{ labels: readonly string[] }>;

const LABELS_MAX = 1000;

const labelsError = { error: "a list of at least two labels" };

export const nominal: ScaleType<"nominal", NominalContent> = {
  type: "nominal",
  options: {
    labels: z.array(labelSchema, labelsError).min(2, labelsError)
      .max(LABELS_MAX, { error: `at most ${LABELS_MAX} labels` })
      .describe("The labels to choose from"),
  },
  logged: { labels: z.array(z.string()) },
  problems: ({ labels }) => repeatedLabel(labels),
  form: ({ labels }) => `one of: ${labels.join(", ")}`,
  answers: ({ labels }) => labels.length > LISTED_ANSWERS_MAX ? null : labels,
  property: ({ labels }) => labels.length > LISTED_ANSWERS_MAX ? null : { enum: labels },
  read: (scale, reply) =>
    readListed(reply, {
      grammar: scale.grammar,
      whole: (shown) => wholeLabel(scale.labels, shown),
      words: new Map(scale.labels.map((label) => [label, label])),
      isScored: true,
      form: nominal.form(scale),
    }),
  level: "nominal",
  labels: ({ labels }) => labels,
  isShare: true,
  pooled: "for each label, its share among them",
  outcome: () => "One label of a nominal scale; the mean is its share.",
  shown: ({ labels }) => labels.join(", "),
};
