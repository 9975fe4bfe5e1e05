/** The worker that measures texts. It posts errors as messages, because Deno would print an error that it threw. */
import { measureTexts, type SpokenText, type TextMeasures } from "../../analysis/texts/text_measures.ts";

/** A request: the comments of one discussion. The worker answers with one {@linkcode Measured}. */
export type ToMeasure = Readonly<{ id: number; comments: readonly SpokenText[] }>;

export type Measured = Readonly<{ id: number } & ({ measures: TextMeasures } | { failure: string })>;

const scope = globalThis as unknown as {
  onmessage: (event: MessageEvent<ToMeasure>) => void;
  postMessage: (message: Measured) => void;
};

scope.onmessage = ({ data: { id, comments } }) => {
  try {
    scope.postMessage({ id, measures: measureTexts(comments) });
  } catch (error) {
    scope.postMessage({ id, failure: String(error) });
  }
};
