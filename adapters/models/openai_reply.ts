/** What a server answered, read without trusting it. */
import { type TokenUsage } from "../../core/events/models.ts";
import { ModelError, type ModelReply } from "../../core/ports/model.ts";
import { isToolCall, NO_WORD, readEnd } from "./finish_reasons.ts";
import { readMessage } from "./message_text.ts";

/** Longest name of a served model that is kept, in characters. */
const SERVED_BY_LENGTH_MAX = 200;

/** What was asked of whom. */
export type Asked = Readonly<{ model: string; baseUrl: string }>;

type Fields = Readonly<Record<string, unknown>>;

/**
 * Reads a chat completion.
 *
 * @param completion The parsed body of the answer; anything at all.
 * @param asked The model and the server, for messages.
 * @throws {ModelError} `malformed-reply` when it holds no reply; `server-error` when it says that the server failed.
 */
export function readCompletion(completion: unknown, asked: Asked): ModelReply {
  if (!isFields(completion)) throw malformed(asked, "it is not a JSON object");
  const { choices } = completion;
  const choice: unknown = Array.isArray(choices) ? choices[0] : undefined;
  if (!isFields(choice)) throw malformed(asked, "it holds no choices");
  const { end, word } = readEnd(choice);
  // What there is of a text is no reply: the rest of it can be anything.
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
  // A model that spent all its tokens on thinking, or calls a tool, has said nothing: that is an answer.
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

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
