/**
 * Reads a chat completion: text, thoughts, refusals and the reason why the reply ended. Servers differ, so any
 * member can be missing or wrong.
 */
import { ModelError, type ModelReply } from "../../../core/ports/model.ts";
import type { FinishReason, TokenUsage } from "../../../core/events/models.ts";

const SERVED_BY_LENGTH_MAX = 200;

export type Asked = Readonly<{ model: string; baseUrl: string }>;

export type Fields = Readonly<Record<string, unknown>>;

/** Reads a chat completion. Throws if it contains no reply, or says that the server failed. */
export function readCompletion(completion: unknown, asked: Asked): ModelReply {
  if (!isFields(completion)) throw malformed(asked, "it is not a JSON object");
  const { choices } = completion;
  const choice: unknown = Array.isArray(choices) ? choices[0] : undefined;
  if (!isFields(choice)) throw malformed(asked, "it holds no choices");
  const { end, word, member } = readEnd(choice);
  // If the server failed, the text that it wrote before is not a reply.
  if (end === "failed") {
    const because = `${member} is ${JSON.stringify(word)}`;
    const failure = `The model server at ${asked.baseUrl} failed while it wrote the reply: ${because}`;
    throw new ModelError("server-error", failure);
  }
  if (!isFields(choice.message)) throw malformed(asked, "its choice holds no message");
  const { text, reasoning, refusal } = readMessage(choice.message);
  const rest = {
    ...(reasoning === null ? {} : { reasoning }),
    ...usageOf(completion.usage),
    ...servedBy(completion.model, asked.model),
  };
  if (end === "refused" || refusal !== null) {
    return { text: [text, refusal].find(isWords) ?? "", finishReason: "refused", ...rest };
  }
  // A reply that has only thoughts or a tool call is valid, although it has no text.
  if (text === null && reasoning === null && end === "stop") {
    throw malformed(asked, "its message holds no text");
  }
  if (end === "other" && word !== NO_WORD && !isToolCall(word) && !isWords(text) && reasoning === null) {
    throw malformed(asked, `its message holds no text, and ${member} is ${JSON.stringify(word)}`);
  }
  const given = end === "other" ? { finishReasonGiven: word } : {};
  return { text: text ?? "", finishReason: end, ...given, ...rest };
}

export function malformed({ baseUrl }: Asked, why: string): ModelError {
  return new ModelError("malformed-reply", `Cannot read the reply of the model server at ${baseUrl}: ${why}`);
}

function usageOf(usage: unknown): { usage?: TokenUsage } {
  if (!isFields(usage)) return {};
  const { prompt_tokens: promptTokens, completion_tokens: completionTokens } = usage;
  return isCount(promptTokens) && isCount(completionTokens)
    ? { usage: { promptTokens, completionTokens } }
    : {};
}

export function servedBy(served: unknown, model: string): { servedBy?: string } {
  if (typeof served !== "string" || served === "" || served === model) return {};
  return { servedBy: served.slice(0, SERVED_BY_LENGTH_MAX) };
}

function isWords(value: string | null): value is string {
  return value !== null && value !== "";
}

export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

type MessageText = Readonly<{
  /** `null` if there is no text, not even an empty one. */
  text: string | null;
  /** Thoughts that the server sends apart from the text; `null` for none. */
  reasoning: string | null;
  refusal: string | null;
}>;

/**
 * The fields in which servers send thoughts. Some servers repeat the thoughts in several fields. The first field that
 * is not empty counts.
 */
const REASONING_FIELDS = [
  "reasoning_content", // DeepSeek, vLLM, SGLang, llama.cpp, Qwen, GLM, LM Studio
  "reasoning", // OpenRouter, Groq, Ollama, Together, newer vLLM, gpt-oss
  "thinking", // Ollama, Anthropic's own format
  "reasoning_details", // OpenRouter
  "thinking_blocks", // LiteLLM
  "reasoning_text",
  "thoughts",
  "thought",
];

const WORDS_FIELDS = ["text", "thinking", "reasoning", "content", "summary", "value", "refusal"];

const THOUGHT_TYPE = /think|thought|reason|summary|analysis/i;

const DEPTH_MAX = 8;

/** Reads a message's content: a text, or a list of parts. A part can be text, a thought or a refusal. */
function readMessage(message: Fields): MessageText {
  const found: Found = { texts: [], thoughts: [], refusals: [] };
  collect(message.content, found, "texts");
  const { refusal } = message;
  if (typeof refusal === "string" && refusal !== "") found.refusals.push(refusal);
  const beside = REASONING_FIELDS.map((field) => wordsOf(message[field])).find((words) => words !== "");
  const thoughts = [...(beside === undefined ? [] : [beside]), ...found.thoughts];
  return {
    text: found.texts.length === 0 ? null : found.texts.join(""),
    reasoning: thoughts.length === 0 ? null : thoughts.join("\n\n"),
    refusal: found.refusals.length === 0 ? null : found.refusals.join("\n"),
  };
}

type Found = { texts: string[]; thoughts: string[]; refusals: string[] };

function collect(content: unknown, found: Found, kind: keyof Found, depth = 0): void {
  if (depth > DEPTH_MAX) return;
  if (typeof content === "string") {
    if (kind === "texts" || content.trim() !== "") found[kind].push(content);
  } else if (Array.isArray(content)) {
    for (const part of content) collect(part, found, kind, depth + 1);
  } else if (isFields(content)) {
    const kindOfPart = kindOf(content) ?? kind;
    const field = WORDS_FIELDS.find((name) => name in content && content[name] !== null);
    if (field !== undefined) collect(content[field], found, kindOfPart, depth + 1);
  }
}

/** The kind of a part, by its `thought` or `type`; `null` if they do not state a kind. */
function kindOf({ type, thought }: Fields): keyof Found | null {
  if (thought === true) return "thoughts";
  if (typeof type !== "string") return null;
  if (/refus/i.test(type)) return "refusals";
  return THOUGHT_TYPE.test(type) ? "thoughts" : null;
}

function wordsOf(value: unknown): string {
  const found: Found = { texts: [], thoughts: [], refusals: [] };
  collect(value, found, "thoughts");
  return found.thoughts.join("\n\n");
}

/** Why a reply ended; `failed` if the server failed or aborted the request, so that there is no reply. */
type ReadEnd = Exclude<FinishReason, "sent" | "timed-out" | "declined"> | "failed";

/**
 * Servers' words for the end of a reply, by meaning. Only their letters count, without case and without the
 * beginning `FINISH_REASON_`: `MAX_TOKENS`, `max_tokens` and `maxTokens` are the same. The words come from OpenAI,
 * Azure, vLLM, SGLang, TGI, llama.cpp, Ollama, LM Studio, DeepSeek, Mistral, Gemini, Groq, OpenRouter, Together,
 * watsonx, Anthropic, xAI, Bedrock, Cohere, Titan, Baidu, Aleph Alpha, AI21 and GLM.
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
  // A reply that ends with a tool call is complete. Words that are in none of these lists count as `other`, too.
  other: "tool_calls tool_call tool_use function_call pause_turn other",
};

const MEANING: ReadonlyMap<string, ReadEnd> = new Map(
  Object.entries(WORDS).flatMap(([end, words]) =>
    words.split(" ").map((word) => [lettersOf(word), end as ReadEnd])
  ),
);

const WORD_LENGTH_MAX = 100;
/** The word in messages if the server gave no finish reason. */
const NO_WORD = "none";

const END_MEMBERS = ["finish_reason", "native_finish_reason"] as const;

/** A word, its meaning, and the member that holds the word. */
type End = Readonly<{ end: ReadEnd; word: string; member: typeof END_MEMBERS[number] }>;

/** Reads why a reply ended. */
function readEnd(choice: Fields): End {
  const words = END_MEMBERS.map((member) => ({ member, word: wordOf(choice[member]) }))
    .filter(({ word }) => word !== "");
  const known = words.flatMap(({ member, word }): End[] => {
    const end = meaningOf(word);
    return end === undefined ? [] : [{ end, word, member }];
  });
  const unknown: End = { end: "other", ...(words[0] ?? { word: NO_WORD, member: "finish_reason" }) };
  const [first = unknown, own] = known;
  // A gateway can report "stop" although the server behind it reports a cut, a refusal or a failure.
  const isWorse = first.end === "stop" && own !== undefined && own.end !== "other";
  return isWorse ? own : first;
}

/** The meaning of a server's word. Some servers add details after a colon: `content_filter: PROHIBITED_CONTENT`. */
function meaningOf(word: string): ReadEnd | undefined {
  return MEANING.get(lettersOf(word)) ?? MEANING.get(lettersOf(word.split(":", 1)[0]!));
}

/** Whether a reply ended with a tool call. It is then complete, even without a text. */
function isToolCall(word: string): boolean {
  return /^(?:toolcalls?|tooluse|functioncall)$/.test(lettersOf(word));
}

/** The word in a finish reason. It is usually the reason itself, but SGLang sends `{ type: "length", length: 60 }`. */
function wordOf(reason: unknown): string {
  const word = typeof reason === "object" && reason !== null ? (reason as { type?: unknown }).type : reason;
  return typeof word === "string" ? word.slice(0, WORD_LENGTH_MAX).trim() : "";
}

function lettersOf(word: string): string {
  return word.toLowerCase().replace(/^finish_?reason[_.]?(?=.)/, "").replace(/[^a-z]/g, "");
}
