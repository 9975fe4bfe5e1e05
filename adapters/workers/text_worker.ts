/** The worker that measures texts. What is thrown is told as an answer: Deno shows what a worker does not catch. */
import { measureTexts } from "../../analysis/texts/text_measures.ts";
import type { Measured, ToMeasure } from "./protocol.ts";

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
