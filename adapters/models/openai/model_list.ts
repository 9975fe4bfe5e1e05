/**
 * Reads a server's list of models: `GET /models`. The OpenAI API lists only names; many servers add the context
 * length.
 */
import type { ModelFacts } from "../../../core/ports/model.ts";
import { type Fields, isFields } from "./reply.ts";

/**
 * The members that hold the context length in tokens. If a server has several, the first one counts: a server can
 * load a model with a shorter context than the model was trained with.
 */
const CONTEXT_FIELDS = [
  "loaded_context_length", // LM Studio
  "max_model_len", // vLLM, SGLang
  "n_ctx", // llama.cpp, in `meta`
  "context_length", // OpenRouter, Together
  "context_window", // Groq
  "max_context_length", // Mistral, LM Studio
  "n_ctx_train", // llama.cpp, in `meta`
];

/** Finds a model in a server's list. Returns no facts if the list cannot be read. */
export function readModelList(list: unknown, model: string): ModelFacts {
  const entries = Array.isArray(list) ? list : isFields(list) ? list.data : undefined;
  if (!Array.isArray(entries)) return {};
  const own = entries.filter(isFields).find(({ id }) => id === model);
  if (own === undefined) return { isListed: false };
  const contextTokens = [own, own.meta].filter(isFields).flatMap(contextsOf)
    .sort((a, b) => a.rank - b.rank)[0]?.tokens;
  return { isListed: true, ...(contextTokens === undefined ? {} : { contextTokens }) };
}

function contextsOf(fields: Fields): readonly Readonly<{ rank: number; tokens: number }>[] {
  return CONTEXT_FIELDS.flatMap((name, rank) => {
    const tokens = fields[name];
    return typeof tokens === "number" && Number.isSafeInteger(tokens) && tokens > 0 ? [{ rank, tokens }] : [];
  });
}
