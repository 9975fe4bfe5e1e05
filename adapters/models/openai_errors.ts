/** What went wrong between the client and the server, in the terms that the engine acts on. */
import OpenAI from "openai";
import type { Clock } from "../../core/ports/clock.ts";
import { type ModelErrorKind } from "../../core/events/models.ts";
import { ModelError, type ModelReply } from "../../core/ports/model.ts";
import { isFiltered, isQuotaUsedUp, isRateNamed } from "./error_names.ts";
import { serverName } from "./route.ts";
import { ServerError } from "./server_error.ts";
import { refusesSystemRole } from "./system_role.ts";
import type { ToldError } from "./told_error.ts";
import { toldWaitMs } from "./told_wait.ts";

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
  /** The proxy that the request goes through, without its user and password; `null` for none. */
  proxy: string | null;
}>;

/**
 * Turns an error of the official client into the port's. The client's error is not kept as the cause: it holds the
 * server's headers and words, which can repeat the key.
 *
 * @param error What the client threw, after the caller's own abort has been ruled out.
 * @param asked What was asked.
 * @throws Errors of the program itself.
 */
export function modelErrorOf(error: unknown, asked: AskedWith): ModelError {
  const inner = unwrapped(error);
  if (inner instanceof ModelError) return inner;
  if (inner instanceof ServerError) return statusError(inner, asked);
  if (error instanceof OpenAI.APIConnectionTimeoutError) {
    return new ModelError(
      "time-out",
      `${serverName(asked)} did not answer within ${asked.timeoutSeconds} s; is it overloaded, or ` +
        `timeoutSeconds too short?`,
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

/** The client wraps what its `fetch` throws. */
function unwrapped(error: unknown): unknown {
  return error instanceof OpenAI.APIConnectionError && error.cause !== undefined ? error.cause : error;
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
  const inner = unwrapped(error);
  if (!(inner instanceof ServerError) || inner.status >= 500 || !isFiltered(inner.told)) return null;
  return { text: shown(inner.told.words, asked.apiKey), finishReason: "refused" };
}

function statusError(error: ServerError, asked: AskedWith): ModelError {
  const { told, headers, effectiveStatus: status } = error;
  const nowMs = asked.clock.now();
  const isRate = status === 429 || isRateNamed(told);
  const wait = toldWaitMs({ headers, members: told.members, words: told.words }, nowMs, isRate);
  const isQuota = status !== 413 && (status === 402 || isQuotaUsedUp(told, wait !== undefined));
  const isRole = !isQuota && !isRate && refusesSystemRole(told.words, status);
  const kind = isQuota ? "unauthorised" : isRole ? "bad-request" : kindOf(status, told);
  const code = error.status === status
    ? `${status}`
    : `${status}, within a response of status ${error.status}`;
  const explanation = isQuota
    ? usedUp(code, asked)
    : isRole
    ? refusedRole(code, asked)
    : refusedField(code, kind, { told, asked }) ?? explained(kind, code, asked);
  const words = shown(told.words, asked.apiKey);
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
  return `${
    serverName(asked)
  } refuses the roles of the messages (${code}); set the model's option systemRole ` +
    `to merge, which puts the system message into the first user message`;
}

/** What to change where the server refuses a field that it was sent because an option says so; `null` otherwise. */
function refusedField(
  code: string,
  kind: ModelErrorKind,
  { told, asked }: Readonly<{ told: ToldError; asked: AskedWith }>,
): string | null {
  if (kind !== "bad-request") return null;
  const field = Object.entries(asked.optionalFields ?? {}).find(([name]) => told.text.includes(name));
  if (field === undefined) return null;
  const [name, option] = field;
  return `${serverName(asked)} refuses the field ${name} (${code}), which the option ${option} has it ` +
    `sent; set ${option} to what the server has, or leave it out`;
}

function kindOf(status: number, told: ToldError): ModelErrorKind {
  // Some servers send a limit by the minute with a status of another meaning. 413 is one that no wait helps against.
  if (isRateNamed(told) && (status === 400 || status === 403 || status >= 500)) return "rate-limited";
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
      return REFUSED_BY_VALIDATION.test(told.words) ? "bad-request" : "server-error";
    default:
      return status >= 500 ? "server-error" : status >= 400 ? "bad-request" : "broken-model";
  }
}

/** How servers in Python (llama-cpp-python among them) say with status 500 that a field has a wrong value. */
const REFUSED_BY_VALIDATION = /^\s*\d+ validation errors?\b/;

function explained(kind: ModelErrorKind, code: string, asked: AskedWith): string {
  const { model, apiKeyEnv } = asked;
  const server = serverName(asked);
  switch (kind) {
    case "unauthorised":
      if (code === "407") {
        return `${server} is not reached (407): the proxy asks for a user name and a password`;
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
      return `${server} redirects elsewhere (${code}); set baseUrl to where it really is`;
    default:
      return `${server} failed (${code})`;
  }
}

/** The server's own words: one line, cut, without anything that looks like the key. */
function shown(words: string, apiKey: string | null): string {
  if (/^\s*</.test(words)) return "";
  const redacted = apiKey === null ? words : words.replaceAll(apiKey, "[key]");
  const line = redacted.replace(/[\p{C}\s]+/gu, " ").trim();
  const points = [...line.slice(0, WORDS_LENGTH_MAX * 2)];
  return points.length > WORDS_LENGTH_MAX ? `${points.slice(0, WORDS_LENGTH_MAX).join("")}…` : line;
}
