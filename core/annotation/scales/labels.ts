/** Labels of scales in experiment files. */
import { z } from "../../zod.ts";
import { NAME_LENGTH_MAX, VISIBLE_LINE } from "../../names.ts";
import type { ScaleProblem } from "./scale_type.ts";
import { foldedLabel } from "./wording.ts";

/**
 * The longest list of answers that a model is restricted to: the model has to weigh each answer of the list.
 */
export const LISTED_ANSWERS_MAX = 200;

const error = `a label: one line of 1 to ${NAME_LENGTH_MAX} visible characters without spaces around it`;

export const labelSchema = z.string({ error }).max(NAME_LENGTH_MAX, { error }).regex(VISIBLE_LINE, { error })
  .describe("A label");

/** The first two labels that differ only in case, white space or signs around them. */
export function firstRepeated(labels: readonly string[]): readonly [string, string] | undefined {
  const known = new Map<string, string>();
  for (const label of labels) {
    const other = known.get(foldedLabel(label));
    if (other !== undefined) return [other, label];
    known.set(foldedLabel(label), label);
  }
  return undefined;
}

export function repeatedLabel(labels: readonly string[]): readonly ScaleProblem[] {
  const twice = firstRepeated(labels);
  return twice === undefined ? [] : [{
    path: ["labels"],
    message:
      `"${twice[0]}" and "${twice[1]}" count as the same answer: case, spaces and signs around a label do ` +
      `not matter`,
  }];
}
