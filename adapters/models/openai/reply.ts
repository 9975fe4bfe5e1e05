/** Reads a chat completion: text, thoughts and refusals, in the forms of many servers. Nothing in it is trusted. */
import { ModelError, type ModelReply } from "../../../core/ports/model.ts";
import type { TokenUsage } from "../../../core/events/models.ts";
import { isToolCall, NO_WORD, readEnd } from "./finish_reasons.ts";

/** How much of a served model's name is kept, in characters. */
const SERVED_BY_LENGTH_MAX = 200;

/** The model and the server, for messages. */
type Asked = Readonly<{ model: string; baseUrl: string }>;

/** A parsed JSON object. */
export type Fields = Readonly<Record<string, unknown>>;

/**
 * Reads a chat completion.
 *
 * @throws {ModelError} `malformed-reply` if it contains no reply; `server-error` if it says that the server failed.
 */
export function readCompletion(completion: unknown, asked: Asked): ModelReply {
  if (!isFields(completion)) throw malformed(asked, "it is not a JSON object");
  const { choices } = completion;
  const choice: unknown = Array.isArray(choices) ? choices[0] : undefined;
  if (!isFields(choice)) throw malformed(asked, "it holds no choices");
  const { end, word } = readEnd(choice);
  // A text that the server did not finish is not a reply.
  if (end === "failed") throw failed(asked, word);
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
  // A model that only thinks, or calls a tool, says nothing. That is a valid reply.
  if (text === null && reasoning === null && end === "stop") {
    throw malformed(asked, "its message holds no text");
  }
  if (end === "other" && word !== NO_WORD && !isToolCall(word) && !isWords(text) && reasoning === null) {
    throw malformed(asked, `its message holds no text, and finish_reason is ${JSON.stringify(word)}`);
  }
  const given = end === "other" ? { finishReasonGiven: word } : {};
  return { text: text ?? "", finishReason: end, ...given, ...rest };
}

function failed({ baseUrl }: Asked, word: string): ModelError {
  return new ModelError(
    "server-error",
    `The model server at ${baseUrl} failed while it wrote the reply: finish_reason is ${
      JSON.stringify(word)
    }`,
  );
}

function malformed({ baseUrl }: Asked, why: string): ModelError {
  return new ModelError("malformed-reply", `Cannot read the reply of the model server at ${baseUrl}: ${why}`);
}

function usageOf(usage: unknown): { usage?: TokenUsage } {
  if (!isFields(usage)) return {};
  const { prompt_tokens: promptTokens, completion_tokens: completionTokens } = usage;
  return isCount(promptTokens) && isCount(completionTokens)
    ? { usage: { promptTokens, completionTokens } }
    : {};
}

function servedBy(served: unknown, model: string): { servedBy?: string } {
  if (typeof served !== "string" || served === "" || served === model) return {};
  return { servedBy: served.slice(0, SERVED_BY_LENGTH_MAX) };
}

function isWords(value: string | null): value is string {
  return value !== null && value !== "";
}

/** Whether a value is a parsed JSON object. */
export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

/** The parts of a message. */
type MessageText = Readonly<{
  /** `null` if there is no text, not even an empty one. */
  text: string | null;
  /** Thoughts outside of the text; `null` for none. */
  reasoning: string | null;
  refusal: string | null;
}>;

/** Where servers put thoughts. Some repeat them in several fields; the first that is not empty counts. */
const REASONING_FIELDS = [
  "reasoning_content", // DeepSeek, vLLM, SGLang, llama.cpp, Qwen, GLM, LM Studio
  "reasoning", // OpenRouter, Groq, Ollama, Together, newer vLLM, gpt-oss
  "thinking", // Ollama, Anthropic's forms
  "reasoning_details", // OpenRouter
  "thinking_blocks", // LiteLLM
  "reasoning_text",
  "thoughts",
  "thought",
];

/** Members that contain the words of a part, or further parts. */
const WORDS_FIELDS = ["text", "thinking", "reasoning", "content", "summary", "value", "refusal"];

const THOUGHT_TYPE = /think|thought|reason|summary|analysis/i;

/** How deep parts are searched. */
const DEPTH_MAX = 8;

/** Reads a message's content: a text, or a list of parts, some of which are thoughts. */
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

/** The kind of a part, by its type; `null` if the type does not say. */
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
