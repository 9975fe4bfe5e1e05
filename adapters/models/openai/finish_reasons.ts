/** Why replies end, in the words of many servers. */
import type { FinishReason } from "../../../core/events/models.ts";

/** Why a reply ended; `failed` if the server failed or aborted the request, so that there is no reply. */
type ReadEnd = FinishReason | "failed";

/**
 * The words by their meaning. Only their letters count, without the beginning `FINISH_REASON_`: `MAX_TOKENS`, `max_tokens`
 * and `maxTokens` are the same.
 */
const WORDS: Readonly<Record<ReadEnd, readonly string[]>> = {
  stop: [
    "stop", // OpenAI, vLLM, SGLang, llama.cpp, Ollama, LM Studio, DeepSeek, Mistral, Gemini, Groq, OpenRouter, …
    "eos", // Together, llama.cpp
    "eos_token", // Text Generation Inference, watsonx
    "eosFound", // LM Studio
    "end_turn", // Anthropic, xAI, Bedrock
    "stop_sequence", // Anthropic, Text Generation Inference, Cohere
    "stopStringFound", // LM Studio
    "stop_token",
    "stop_str",
    "matched_stop", // SGLang
    "word", // llama.cpp
    "end_of_text", // Aleph Alpha
    "endoftext", // AI21
    "complete", // Cohere
    "completed",
    "finished", // Titan
    "finish",
    "done",
    "normal", // Baidu
    "success",
  ],
  length: [
    "length", // OpenAI, vLLM, SGLang, llama.cpp, Ollama, LM Studio, DeepSeek, Mistral, Groq, OpenRouter, …
    "max_tokens", // Anthropic, Gemini, Cohere, Bedrock, watsonx
    "model_length", // Mistral
    "max_output_tokens", // OpenAI's responses
    "max_completion_tokens",
    "max_new_tokens",
    "max_length",
    "max_token",
    "maximum_tokens", // Aleph Alpha
    "token_limit", // watsonx
    "limit", // llama.cpp
    "error_limit", // Cohere
    "context_length", // llama.cpp
    "context_length_exceeded",
    "context_window_exceeded",
    "contextLengthReached", // LM Studio
    "maxPredictedTokensReached", // LM Studio
    "model_context_window_exceeded", // Anthropic, GLM
    "truncated",
    "incomplete",
  ],
  refused: [
    "content_filter", // OpenAI, Azure, DeepSeek, OpenRouter
    "content_filtered", // Bedrock
    "content_blocked",
    "refusal", // Anthropic
    "refused",
    "safety", // Gemini, and the following
    "recitation",
    "blocklist",
    "prohibited_content",
    "spii",
    "image_safety",
    "model_armor",
    "language",
    "error_toxic", // Cohere
    "sensitive", // GLM
    "guardrail_intervened", // Bedrock
    "guardrails",
    "moderation",
    "flagged",
    "blocked",
  ],
  failed: [
    "error", // OpenRouter, Mistral, vLLM, Cohere, watsonx
    "errored",
    "abort", // vLLM, SGLang
    "aborted",
    "insufficient_system_resource", // DeepSeek
    "network_error", // GLM
    "cancel",
    "cancelled", // watsonx
    "canceled",
    "user_cancel", // Cohere
    "userStopped", // LM Studio
    "modelUnloaded", // LM Studio
    "unload", // Ollama
    "load", // Ollama
    "failed", // LM Studio
    "failure",
    "fail",
    "timeout", // Cohere
    "timed_out",
    "time_limit", // watsonx
    "not_finished", // watsonx
    "interrupted",
    "preempted",
    "disconnected",
    "overloaded",
    "unavailable",
    "rate_limit",
    "rate_limit_exceeded",
    "resource_exhausted",
    "internal_error",
    "internal_server_error",
    "server_error",
    "engine_error",
    "upstream_error",
    "provider_error",
    "exception",
    "malformed_function_call", // Gemini, and the following
    "malformed_response",
    "unexpected_tool_call",
    "too_many_tool_calls",
  ],
  // The reply is complete when a model calls a tool. Unknown words belong here, too.
  other: ["tool_calls", "tool_call", "tool_use", "function_call", "pause_turn", "other"],
};

const MEANING: ReadonlyMap<string, ReadEnd> = new Map(
  Object.entries(WORDS).flatMap(([end, words]) => words.map((word) => [lettersOf(word), end as ReadEnd])),
);

/** How much of a server's word is kept, in characters. */
const WORD_LENGTH_MAX = 100;
/** Stands for a missing word. */
export const NO_WORD = "none";

type End = Readonly<{ end: ReadEnd; word: string }>;

/**
 * Reads why a reply ended.
 *
 * @param choice The choice of a completion.
 * @returns The meaning, and the server's own word.
 */
export function readEnd(choice: Readonly<Record<string, unknown>>): End {
  const words = [choice.finish_reason, choice.native_finish_reason].map(wordOf).filter((word) => word !== "");
  const known = words.flatMap((word): End[] => {
    const end = meaningOf(word);
    return end === undefined ? [] : [{ end, word }];
  });
  const unknown: End = { end: "other", word: words[0] ?? NO_WORD };
  const [first = unknown, own] = known;
  // A gateway can report "stop" although its server reports a failure or a cut.
  const isWorse = first.end === "stop" && own !== undefined && own.end !== "other";
  return isWorse ? own : first;
}

/** Some servers add details after a colon: `content_filter: PROHIBITED_CONTENT`. */
function meaningOf(word: string): ReadEnd | undefined {
  return MEANING.get(lettersOf(word)) ?? MEANING.get(lettersOf(word.split(":", 1)[0]!));
}

/** Whether a reply ended with a tool call. It is then complete, even without a text. */
export function isToolCall(word: string): boolean {
  return /^(?:toolcalls?|tooluse|functioncall)$/.test(lettersOf(word));
}

/** SGLang sends an object: `{ type: "length", length: 60 }`. */
function wordOf(reason: unknown): string {
  const word = typeof reason === "object" && reason !== null ? (reason as { type?: unknown }).type : reason;
  return typeof word === "string" ? word.slice(0, WORD_LENGTH_MAX).trim() : "";
}

function lettersOf(word: string): string {
  return word.toLowerCase().replace(/^finish_?reason[_.]?(?=.)/, "").replace(/[^a-z]/g, "");
}
