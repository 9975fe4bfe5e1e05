/** Turns errors of the client and the server into the errors that the engine acts on. */
import OpenAI from "npm:openai@7.57.0";
import type { Clock } from "../../../core/ports/clock.ts";
import { ModelError, type ModelReply } from "../../../core/ports/model.ts";
import type { ModelErrorKind } from "../../../core/events/models.ts";
import { isFiltered, isQuotaUsedUp, isRateNamed, refusesSystemRole } from "./error_words.ts";
import { serverName } from "./connection.ts";
import { type ErrorContent, ServerError } from "./server_error.ts";
import { statedWaitMs } from "./waits.ts";

/** The most characters of a server's words that a message quotes. */
const WORDS_LENGTH_MAX = 300;

type AskedWith = Readonly<{
  model: string;
  baseUrl: string;
  apiKey: string | null;
  timeoutSeconds: number;
  apiKeyEnv?: string | undefined;
  clock: Clock;
  /** Optional fields of the request, each with the option that it comes from. */
  optionalFields?: Readonly<Record<string, string>>;
  /** The proxy of the request, without user and password; `null` for none. */
  proxy: string | null;
}>;

/**
 * Turns an error of the official client into a `ModelError`. It does not keep the client's error as its
 * cause, because the server's headers and words in that error can repeat the key.
 *
 * @throws The error itself, if it does not come from the client.
 */
export function modelErrorOf(error: unknown, asked: AskedWith): ModelError {
  const inner = unwrapped(error);
  if (inner instanceof ModelError) return inner;
  if (inner instanceof ServerError) return statusError(inner, asked);
  if (error instanceof OpenAI.APIConnectionTimeoutError) {
    return new ModelError(
      "time-out",
      `${serverName(asked)} did not answer within ${asked.timeoutSeconds} s; is it overloaded, or ` +
        `is timeoutSeconds too short?`,
    );
  }
  if (error instanceof SyntaxError) {
    return new ModelError(
      "malformed-reply",
      `Cannot read the reply of the model server at ${asked.baseUrl}: it is not JSON; is baseUrl right?`,
    );
  }
  throw error;
}

/** The error from `fetch` that the client has wrapped; otherwise the error itself. */
function unwrapped(error: unknown): unknown {
  return error instanceof OpenAI.APIConnectionError && error.cause !== undefined ? error.cause : error;
}

/**
 * Turns the error of a server's filter into a refusal. Some servers answer with such an error if their filter withholds
 * a prompt or a reply. A retry would not help, and the discussion can continue. Returns `null` for any other error, and
 * for statuses from 500 on.
 */
export function withheldReply(error: unknown, asked: AskedWith): ModelReply | null {
  const inner = unwrapped(error);
  if (!(inner instanceof ServerError) || inner.status >= 500 || !isFiltered(inner.content)) return null;
  return { text: shown(inner.content.words, asked.apiKey), finishReason: "refused" };
}

function statusError(error: ServerError, asked: AskedWith): ModelError {
  const { content, headers, effectiveStatus: status } = error;
  const nowMs = asked.clock.now();
  const isRate = status === 429 || isRateNamed(content);
  const wait = statedWaitMs({ headers, members: content.members, words: content.words }, nowMs, isRate);
  const isQuota = status !== 413 && (status === 402 || isQuotaUsedUp(content, wait !== undefined));
  const isRole = !isQuota && !isRate && refusesSystemRole(content.words, status);
  const kind = isQuota ? "unauthorised" : isRole ? "bad-request" : kindOf(status, content);
  const code = error.status === status
    ? `${status}`
    : `${status}, within a response of status ${error.status}`;
  const explanation = isQuota
    ? usedUp(code, asked)
    : isRole
    ? refusedRole(code, asked)
    : refusedField(code, kind, { content, asked }) ?? explained(kind, code, asked);
  const words = shown(content.words, asked.apiKey);
  const message = `${explanation}${words === "" ? "" : `; it says: ${words}`}`;
  return new ModelError(kind, message, {
    status,
    ...(wait === undefined || isQuota ? {} : { retryAfterMs: Math.ceil(wait) }),
  });
}

function usedUp(code: string, asked: AskedWith): string {
  const account = asked.apiKeyEnv === undefined
    ? "the account"
    : `the account of the key in ${asked.apiKeyEnv}`;
  return `${serverName(asked)} takes no more requests from ${account} (${code}): ` +
    `its quota or credit is used up; check its plan and billing, then start again`;
}

function refusedRole(code: string, asked: AskedWith): string {
  return `${serverName(asked)} refuses the roles of the messages (${code}); ` +
    `set the model's option systemRole to merge, which puts the system message into the first user message`;
}

/** What to change if the server refuses a field that an option added; `null` otherwise. */
function refusedField(
  code: string,
  kind: ModelErrorKind,
  { content, asked }: Readonly<{ content: ErrorContent; asked: AskedWith }>,
): string | null {
  if (kind !== "bad-request") return null;
  const field = Object.entries(asked.optionalFields ?? {}).find(([name]) => content.text.includes(name));
  if (field === undefined) return null;
  const [name, option] = field;
  return `${serverName(asked)} refuses the field ${name} (${code}), which the option ${option} adds; ` +
    `set ${option} to a value that the server supports, or leave it out`;
}

function kindOf(status: number, content: ErrorContent): ModelErrorKind {
  // Some servers report a rate limit with one of these statuses. 413 is not among them: waiting does not help there.
  if (isRateNamed(content) && (status === 400 || status === 403 || status >= 500)) return "rate-limited";
  switch (status) {
    case 401:
    case 402:
    case 403:
    case 407:
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
    case 500:
      return REFUSED_BY_VALIDATION.test(content.words) ? "bad-request" : "server-error";
    default:
      return status >= 500 ? "server-error" : status >= 400 ? "bad-request" : "broken-model";
  }
}

/** The beginning of the message with which servers in Python, such as llama-cpp-python, report an invalid field. */
const REFUSED_BY_VALIDATION = /^\s*\d+ validation errors?\b/;

function explained(kind: ModelErrorKind, code: string, asked: AskedWith): string {
  const { model, apiKeyEnv } = asked;
  const server = serverName(asked);
  switch (kind) {
    case "unauthorised":
      if (code === "407") {
        return `${server} cannot be reached (407): the proxy asks for a user name and a password`;
      }
      return `${server} refuses access (${code}); ` +
        (apiKeyEnv === undefined ? "if it needs a key, give apiKeyEnv" : `check the key in ${apiKeyEnv}`);
    case "unknown-model":
      return `${server} does not know the model "${model}" (${code}); check model and baseUrl`;
    case "bad-request":
      return `${server} refuses the request (${code})`;
    case "rate-limited":
      return `${server} takes no more requests for now (${code})`;
    case "time-out":
      return `${server} ran out of time (${code})`;
    case "broken-model":
      return `${server} redirects elsewhere (${code}); set baseUrl to the server's real address`;
    default:
      return `${server} failed (${code})`;
  }
}

/** The server's words on one line, shortened, without the key. */
function shown(words: string, apiKey: string | null): string {
  if (/^\s*</.test(words)) return "";
  const redacted = apiKey === null ? words : words.replaceAll(apiKey, "[key]");
  const line = redacted.replace(/[\p{C}\s]+/gu, " ").trim();
  const points = [...line.slice(0, WORDS_LENGTH_MAX * 2)];
  return points.length > WORDS_LENGTH_MAX ? `${points.slice(0, WORDS_LENGTH_MAX).join("")}…` : line;
}
