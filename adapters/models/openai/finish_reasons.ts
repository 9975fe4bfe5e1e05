/** Why replies end, in the words of many servers. */
import type { FinishReason } from "../../../core/events/models.ts";

/** Why a reply ended; `failed` if the server failed or aborted the request, so that there is no reply. */
type ReadEnd = FinishReason | "failed";

/**
 * The words by their meaning. Only their letters count, without the beginning `FINISH_REASON_`: `MAX_TOKENS`, `max_tokens`
 * and `maxTokens` are the same. They come from OpenAI, Azure, vLLM, SGLang, TGI, llama.cpp, Ollama, LM Studio, DeepSeek, Mistral,
 * Gemini, Groq, OpenRouter, Together, watsonx, Anthropic, xAI, Bedrock, Cohere, Titan, Baidu, Aleph Alpha, AI21 and GLM.
 */
const WORDS: Readonly<Record<ReadEnd, string>> = {
  stop:
    "stop eos eos_token eosFound end_turn stop_sequence stopStringFound stop_token stop_str matched_stop " +
    "word end_of_text endoftext complete completed finished finish done normal success",
  length:
    "length max_tokens model_length max_output_tokens max_completion_tokens max_new_tokens max_length " +
    "max_token maximum_tokens token_limit limit error_limit context_length context_length_exceeded " +
    "context_window_exceeded contextLengthReached maxPredictedTokensReached model_context_window_exceeded " +
    "truncated incomplete",
  refused: "content_filter content_filtered content_blocked refusal refused safety recitation blocklist " +
    "prohibited_content spii image_safety model_armor language error_toxic sensitive guardrail_intervened " +
    "guardrails moderation flagged blocked",
  failed:
    "error errored abort aborted insufficient_system_resource network_error cancel cancelled canceled " +
    "user_cancel userStopped modelUnloaded unload load failed failure fail timeout timed_out time_limit " +
    "not_finished interrupted preempted disconnected overloaded unavailable rate_limit " +
    "rate_limit_exceeded resource_exhausted internal_error internal_server_error server_error " +
    "engine_error upstream_error provider_error exception malformed_function_call malformed_response " +
    "unexpected_tool_call too_many_tool_calls",
  // The reply is complete when a model calls a tool. Unknown words belong here, too.
  other: "tool_calls tool_call tool_use function_call pause_turn other",
};

const MEANING: ReadonlyMap<string, ReadEnd> = new Map(
  Object.entries(WORDS).flatMap(([end, words]) =>
    words.split(" ").map((word) => [lettersOf(word), end as ReadEnd])
  ),
);

/** How much of a server's word is kept, in characters. */
const WORD_LENGTH_MAX = 100;
/** Stands for a missing word. */
export const NO_WORD = "none";

type End = Readonly<{ end: ReadEnd; word: string }>;

/**
 * Reads why a reply ended.
 *
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
