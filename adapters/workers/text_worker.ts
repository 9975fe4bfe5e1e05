/** The worker that measures texts. */
import { measureTexts, type SpokenText, type TextMeasures } from "../../analysis/texts/text_measures.ts";
import { serve } from "./worker_pool.ts";

/** A request: the comments of some discussions. The worker answers with one {@linkcode Measured} for each. */
export type ToMeasure = readonly (readonly SpokenText[])[];

export type Measured = Readonly<{ measures: TextMeasures } | { failure: string }>;

serve((discussions: ToMeasure): readonly Measured[] => discussions.map(measured));

function measured(comments: readonly SpokenText[]): Measured {
  try {
    return { measures: measureTexts(comments) };
  } catch (error) {
    return { failure: String(error) };
  }
}
