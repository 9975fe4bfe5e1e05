/**
 * Checks requests for embeddings for the stub server, and answers them, as the OpenAI API's public specification
 * says.
 */
import type { ChatProblem, ChatRequest } from "./chat_completion.ts";

const DIMENSION = 16;

const INPUTS_MAX = 2048;

export function embeddingProblem(body: unknown): ChatProblem | null {
  if (typeof body !== "object" || body === null) {
    return { message: "The body must be an object", param: null };
  }
  const { model, input, encoding_format: format } = body as Record<string, unknown>;
  if (typeof model !== "string") return { message: "you must provide a model parameter", param: "model" };
  const isList = Array.isArray(input) && input.length > 0 && input.length <= INPUTS_MAX &&
    input.every((text) => typeof text === "string" && text !== "");
  if (!isList) return { message: "'$.input' is invalid", param: "input" };
  if (format === "float") return null;
  return { message: `Invalid value '${format}' for encoding_format`, param: "encoding_format" };
}

/** Counts characters: texts with the same characters have equal vectors. The last text comes first. */
export function embed({ model, input }: ChatRequest): object {
  const texts = input as readonly string[];
  return {
    object: "list",
    data: texts.map((text, index) => ({ object: "embedding", index, embedding: countsIn(text) })).reverse(),
    model: `${model}-2026`,
    usage: { prompt_tokens: texts.join("").length, total_tokens: texts.join("").length },
  };
}

function countsIn(text: string): readonly number[] {
  const counts = new Array<number>(DIMENSION).fill(0);
  for (const character of text) counts[character.codePointAt(0)! % DIMENSION]!++;
  return counts;
}
