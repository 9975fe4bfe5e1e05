/** What went wrong between the client and the server, in the terms that the engine acts on. */
import OpenAI from "openai";
import type { Clock } from "../../core/ports/clock.ts";
import { ModelError, type ModelErrorKind, type ModelReply } from "../../core/ports/model.ts";
import { retryAfterMs } from "./retry_after.ts";

/** Longest excerpt of a server's own words, in characters. */
const WORDS_LENGTH_MAX = 300;

/** What was asked, of whom, with which key. */
export type AskedWith = Readonly<{
  model: string;
  baseUrl: string;
  apiKey: string | null;
  timeoutSeconds: number;
  apiKeyEnv?: string | undefined;
  clock: Clock;
  /** Fields of the request that a server may lack, each with the option that it comes from. */
  optionalFields?: Readonly<Record<string, string>>;
}>;

/**
 * Turns an error of the official client into the port's. The client's error is not kept as the cause: it holds the
 * server's headers and words, which can repeat the key.
 *
 * @param error What the client threw, after the caller's own abort has been ruled out.
 * @param asked What was asked.
 * @throws Errors that are nobody's failure but the program's.
 */
export function modelErrorOf(error: unknown, asked: AskedWith): ModelError {
  if (error instanceof ModelError) return error;
  if (error instanceof OpenAI.APIConnectionError && error.cause instanceof ModelError) return error.cause;
  if (error instanceof OpenAI.APIConnectionTimeoutError) {
    return new ModelError(
      "time-out",
      `The model server at ${asked.baseUrl} did not answer within ${asked.timeoutSeconds} s; is it overloaded, or ` +
        `timeoutSeconds too short?`,
    );
  }
  if (error instanceof SyntaxError) {
    return new ModelError(
      "malformed-reply",
      `Cannot read the reply of the model server at ${asked.baseUrl}: it is not JSON; is baseUrl right?`,
    );
  }
  if (error instanceof OpenAI.APIError && typeof error.status === "number") return statusError(error, asked);
  throw error;
}

/**
 * Some servers answer a prompt that their filter holds back with an error. Asking again would not change it, and the
 * discussion can go on: it is a refusal.
 *
 * @param error What the client threw.
 * @param asked What was asked, and how.
 * @returns The refusal with the server's words; `null` for any other error.
 */
export function withheldReply(error: unknown, asked: AskedWith): ModelReply | null {
  const isWithheld = error instanceof OpenAI.BadRequestError && error.code === "content_filter";
  return isWithheld ? { text: serverWords(error, asked.apiKey), finishReason: "refused" } : null;
}

function statusError(error: InstanceType<typeof OpenAI.APIError>, asked: AskedWith): ModelError {
  const status = error.status as number;
  const kind = kindOf(status, error.code);
  const words = serverWords(error, asked.apiKey);
  const explanation = refusedField(error, kind, asked) ?? explained(kind, status, asked);
  const message = `${explanation}${words === "" ? "" : `; it says: ${words}`}`;
  const wait = retryAfterMs(error.headers, asked.clock.now());
  return new ModelError(kind, message, { status, ...(wait === undefined ? {} : { retryAfterMs: wait }) });
}

/** What to change where the server refuses a field that it was sent because an option says so; `null` otherwise. */
function refusedField(
  error: InstanceType<typeof OpenAI.APIError>,
  kind: ModelErrorKind,
  { baseUrl, optionalFields = {} }: AskedWith,
): string | null {
  if (kind !== "bad-request") return null;
  const words = `${error.param ?? ""} ${error.message} ${JSON.stringify(error.error)}`;
  const field = Object.entries(optionalFields).find(([name]) => words.includes(name));
  if (field === undefined) return null;
  const [name, option] = field;
  return `The model server at ${baseUrl} refuses the field ${name} (${error.status}), which the option ${option} has it ` +
    `sent; set ${option} to what the server has, or leave it out`;
}

function kindOf(status: number, code: unknown): ModelErrorKind {
  // A used-up quota comes back as 429 or 402, but waiting does not help: somebody has to pay.
  if (code === "insufficient_quota") return "unauthorised";
  switch (status) {
    case 401:
    case 402:
    case 403:
      return "unauthorised";
    case 404:
      return "unknown-model";
    case 408:
    case 504:
      return "time-out";
    case 409:
      return "server-error";
    case 429:
      return "rate-limited";
    default:
      return status >= 500 ? "server-error" : status >= 400 ? "bad-request" : "broken-model";
  }
}

function explained(kind: ModelErrorKind, status: number, { model, baseUrl, apiKeyEnv }: AskedWith): string {
  const server = `The model server at ${baseUrl}`;
  switch (kind) {
    case "unauthorised":
      return `${server} refuses access (${status}); ` +
        (apiKeyEnv === undefined ? "if it needs a key, give apiKeyEnv" : `check the key in ${apiKeyEnv}`);
    case "unknown-model":
      return `${server} does not know the model "${model}" (${status}); check model and baseUrl`;
    case "bad-request":
      return `${server} refuses the request (${status})`;
    case "rate-limited":
      return `${server} takes no more requests for now (${status})`;
    case "time-out":
      return `${server} ran out of time (${status})`;
    case "broken-model":
      return `${server} redirects elsewhere (${status}); set baseUrl to where it really is`;
    default:
      return `${server} failed (${status})`;
  }
}

/** The server's own words: one line, cut, without anything that looks like the key. */
function serverWords(error: InstanceType<typeof OpenAI.APIError>, apiKey: string | null): string {
  const raw = wordsIn(error.error) ?? error.message.replace(/^\d{3} (status code \(no body\))?/, "");
  if (/^\s*</.test(raw)) return "";
  const redacted = apiKey === null ? raw : raw.replaceAll(apiKey, "[key]");
  const line = redacted.replace(/[\p{C}\s]+/gu, " ").trim();
  const points = [...line.slice(0, WORDS_LENGTH_MAX * 2)];
  return points.length > WORDS_LENGTH_MAX ? `${points.slice(0, WORDS_LENGTH_MAX).join("")}…` : line;
}

/** Servers write errors as a text, or as an object with a text under one of several names. */
function wordsIn(error: unknown): string | undefined {
  if (typeof error === "string") return error;
  if (typeof error !== "object" || error === null) return undefined;
  const { message, detail, error: inner } = error as Record<string, unknown>;
  for (const words of [message, detail, inner]) if (typeof words === "string") return words;
  return JSON.stringify(error);
}
