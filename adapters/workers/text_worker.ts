/** The worker that measures texts. It posts errors as messages, because Deno would print an error that it threw. */
import { measureTexts, type SpokenText, type TextMeasures } from "../../analysis/texts/text_measures.ts";

/** A request: the comments of some discussions. The worker answers with one list of {@linkcode Measured}. */
export type ToMeasure = readonly Readonly<{ id: number; comments: readonly SpokenText[] }>[];

export type Measured = Readonly<{ id: number } & ({ measures: TextMeasures } | { failure: string })>;

const scope = globalThis as unknown as {
  onmessage: (event: MessageEvent<ToMeasure>) => void;
  postMessage: (message: readonly Measured[]) => void;
};

scope.onmessage = ({ data }) => scope.postMessage(data.map(measured));

function measured({ id, comments }: ToMeasure[number]): Measured {
  try {
    return { id, measures: measureTexts(comments) };
  } catch (error) {
    return { id, failure: String(error) };
  }
}
