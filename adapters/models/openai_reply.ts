/** What a server answered, read without trusting it. */
import { type FinishReason, ModelError, type ModelReply, type TokenUsage } from "../../core/ports/model.ts";

/** Longest name of a served model that is kept, in characters. */
const SERVED_BY_LENGTH_MAX = 200;

/** What was asked of whom. */
export type Asked = Readonly<{ model: string; baseUrl: string }>;

type Fields = Readonly<Record<string, unknown>>;

/**
 * Reads a chat completion. Reasoning that a server sends beside the reply is left out.
 *
 * @param completion The parsed body of the answer; anything at all.
 * @param asked The model and the server, for messages.
 * @throws {ModelError} `malformed-reply` when it holds no reply.
 */
export function readCompletion(completion: unknown, asked: Asked): ModelReply {
  if (!isFields(completion)) throw malformed(asked, "it is not a JSON object");
  const { choices } = completion;
  const choice: unknown = Array.isArray(choices) ? choices[0] : undefined;
  if (!isFields(choice) || !isFields(choice.message)) throw malformed(asked, "it holds no choices");
  const rest = { ...usageOf(completion.usage), ...servedBy(completion.model, asked.model) };
  const { content, refusal } = choice.message;
  const finishReason = finishReasonOf(choice.finish_reason);
  if (finishReason === "refused" || isWords(refusal)) {
    const text = [content, refusal].find(isWords) ?? "";
    return { text, finishReason: "refused", ...rest };
  }
  if (typeof content === "string") return { text: content, finishReason, ...rest };
  // A model that spent all its tokens on thinking, or calls a tool, has said nothing: that is an answer.
  if ((content === null || content === undefined) && finishReason !== "stop") {
    return { text: "", finishReason, ...rest };
  }
  throw malformed(asked, "its message holds no text");
}

function malformed({ baseUrl }: Asked, why: string): ModelError {
  return new ModelError("malformed-reply", `Cannot read the reply of the model server at ${baseUrl}: ${why}`);
}

function finishReasonOf(reason: unknown): FinishReason {
  switch (reason) {
    case "stop":
    case "length":
      return reason;
    case "content_filter":
      return "refused";
    default:
      return "other";
  }
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

function isWords(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
