/** An error that a server sent, in any shape and with any status. */
import { type ErrorText, plainName, statusOfName } from "./error_words.ts";
import { type Fields, isFields } from "./reply.ts";

const STATUS_DEFAULT = 500;

const STATUS_OK = 200;
const STATUS_REDIRECT_MIN = 300;

/** A server answered with an error. Code outside this folder must not see it: the server's words can repeat the key. */
export class ServerError extends Error {
  readonly status: number;
  /** The response's headers, and the headers that a gateway repeats in the body. */
  readonly headers: Headers;
  readonly content: ErrorContent;

  /** `error` is the body, or the part of it that describes the error: parsed JSON, or a text. */
  constructor(status: number, headers: Headers, error: unknown) {
    super("The server answered with an error");
    this.status = status;
    this.content = readErrorContent(error);
    this.headers = new Headers([...headers, ...this.content.headers]);
  }

  /**
   * The status that decides how to react. For a response of status 200, it comes from the error's content, or is
   * 500.
   */
  get effectiveStatus(): number {
    return this.status >= STATUS_REDIRECT_MIN ? this.status : this.content.status ?? STATUS_DEFAULT;
  }
}

/**
 * Throws a `ServerError` if a response of status 200 contains an error: instead of a completion, beside a
 * completion, or in its choice.
 */
export function refuseErrorWithin(completion: unknown, headers: Headers): void {
  const error = errorWithin(completion);
  if (error !== null) throw new ServerError(STATUS_OK, headers, error);
}

/** How many levels and members are searched at most. Gateways wrap other servers' errors, so errors can be nested. */
const DEPTH_MAX = 8;
const MEMBERS_MAX = 400;

/** How many characters of a body are searched at most. */
const TEXT_LENGTH_MAX = 50_000;

export type ErrorContent =
  & ErrorText
  & Readonly<{
    /** The HTTP status that the error's code, name or words stand for, if known. */
    status?: number;
    /** The members at all searched levels: the name, as `plainName` writes it, and the value. */
    members: readonly Member[];
    /** The headers of another server's response that a gateway repeats in its body. */
    headers: Headers;
  }>;

type Member = readonly [name: string, value: unknown];

const CODE_NAMES = ["code", "status", "statuscode", "httpstatus", "httpcode", "errorcode"];
const CODE_MEMBERS: ReadonlySet<string> = new Set(CODE_NAMES);
const NAME_MEMBERS: ReadonlySet<string> = new Set(
  [...CODE_NAMES, "type", "errortype", "reason", "kind", "title"],
);
const WORD_MEMBERS = "message msg error_message errorMessage error_msg error_description detail".split(" ");
const INNER_MEMBERS = "error errors detail message metadata raw innererror inner_error".split(" ");

/** The codes that MiniMax uses instead of statuses, in its member `base_resp`. */
const STATUS_OF_BASE_RESP: Readonly<Record<number, number>> = {
  1001: 504,
  1002: 429,
  1004: 401,
  1008: 402,
  1039: 429,
  2013: 400,
  2049: 401,
};

/** The part of a body of status 200 that describes an error; `null` if there is none. */
function errorWithin(body: unknown): unknown | null {
  if (Array.isArray(body)) {
    return body.filter(isFields).map(errorWithin).find((part) => part !== null) ?? null;
  }
  if (typeof body === "string" && says(body)) return body;
  if (!isFields(body)) return null;
  const { choices, ...others } = body;
  const choice: unknown = Array.isArray(choices) ? choices[0] : undefined;
  if (choice === undefined) return isError(body) ? body : null;
  // Beside a choice, only these members count as errors: some servers use the other members to report a success.
  if (body.object === "error" || isFailure(body.error) || says(body.errors)) return others;
  if (!isFields(choice)) return null;
  const inner = isFields(choice.message) ? choice.message.error : undefined;
  return [choice.error, inner].find(isFailure) ?? null;
}

function isError(body: Fields): boolean {
  const { object, type, base_resp: base } = body;
  return object === "error" || type === "error" || isFields(base) && isFailure(base) ||
    ["error", "errors", "error_code", "detail"].some((name) => says(body[name])) ||
    WORD_MEMBERS.some((name) => !isFields(body[name]) && says(body[name]));
}

function isFailure(value: unknown): boolean {
  const { code, status_code: status }: Fields = isFields(value) ? value : {};
  return says(value) && ![0, "0", 200, "200"].includes((status ?? code) as number | string);
}

/** Whether a member has any content. Some servers send `"error": null`, or empty members, with a good reply. */
function says(value: unknown, depth = DEPTH_MAX): boolean {
  if (typeof value === "string") return value.trim() !== "";
  if (typeof value !== "object" || value === null || depth === 0) return Boolean(value);
  return Object.values(value).some((member) => says(member, depth - 1));
}

function readErrorContent(error: unknown): ErrorContent {
  const text = textOf(error);
  const members = [...membersOf(error)];
  const names = new Set(
    members.filter(([name, value]) => NAME_MEMBERS.has(name) && typeof value === "string")
      .map(([, value]) => plainName(value as string)),
  );
  const words = wordsIn(error, DEPTH_MAX) || wordless(error);
  const status = statusIn(members) ??
    [...names].map(statusOfName).find((known) => known !== undefined) ?? statusInWords(words);
  return {
    names,
    words,
    text,
    members,
    headers: headersIn(members),
    ...(status === undefined ? {} : { status }),
  };
}

/** The JSON of an error that has no known member with words. */
function wordless(error: unknown): string {
  const shown = isFields(error) ? error.error ?? error : error;
  return says(shown) ? textOf(shown) : "";
}

function textOf(error: unknown): string {
  if (typeof error === "string") return error.slice(0, TEXT_LENGTH_MAX);
  try {
    return (JSON.stringify(error) ?? "").slice(0, TEXT_LENGTH_MAX);
  } catch {
    // JSON.parse accepts deeper nesting than JSON.stringify.
    return "";
  }
}

/**
 * Yields outer members before inner ones, so that a gateway's own code comes before the code of the server behind
 * it.
 */
function* membersOf(root: unknown): Generator<Member> {
  let level = [root];
  let count = 0;
  for (let depth = 0; depth < DEPTH_MAX && level.length > 0; depth++) {
    const next: unknown[] = [];
    for (const value of level.map(unpacked)) {
      const entries = Array.isArray(value) ? [] : isFields(value) ? Object.entries(value) : [];
      if (Array.isArray(value)) next.push(...value.slice(0, MEMBERS_MAX));
      for (const [name, member] of entries) {
        if (++count > MEMBERS_MAX) return;
        yield [plainName(name), member];
        next.push(member);
      }
    }
    level = next;
  }
}

/** Parses a string that holds a JSON object or list, because gateways put another server's error into a string. */
function unpacked(value: unknown): unknown {
  if (typeof value !== "string" || !/^\s*[[{]/.test(value) || value.length > TEXT_LENGTH_MAX) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

function statusIn(members: readonly Member[]): number | undefined {
  for (const [name, value] of members) {
    if (!CODE_MEMBERS.has(name) || (typeof value !== "number" && typeof value !== "string")) continue;
    const code = Number(value);
    if (Number.isInteger(code) && code >= 400 && code < 600) return code;
    if (name === "statuscode" && STATUS_OF_BASE_RESP[code] !== undefined) return STATUS_OF_BASE_RESP[code];
  }
  return undefined;
}

/** Reads texts such as `429 Too Many Requests` and `Error code: 429 - {…}`. */
function statusInWords(words: string): number | undefined {
  const code = /^(?:(?:http|error|status)(?: error| status)?(?: code)?:? ?)?([45]\d\d)\b/i.exec(words.trim())
    ?.[1];
  return code === undefined ? undefined : Number(code);
}

/** The words of an error, followed by the words of inner errors. */
function wordsIn(value: unknown, depth: number): string {
  const content = unpacked(value);
  if (typeof content === "string") return content.trim();
  if (depth === 0) return "";
  if (Array.isArray(content)) return joined(content.map((item) => wordsIn(item, depth - 1)), "; ");
  if (!isFields(content)) return "";
  const own = ["title", ...WORD_MEMBERS].map((name) => content[name])
    .filter((text) => typeof text === "string" && typeof unpacked(text) === "string") as string[];
  const place = Array.isArray(content.loc) ? [content.loc.join(".")] : [];
  const inner = INNER_MEMBERS.filter((name) => !own.includes(content[name] as string))
    .map((name) => wordsIn(content[name], depth - 1));
  return joined([...place, ...own.map((text) => text.trim()), ...inner, statusMessage(content)], ": ");
}

function statusMessage({ base_resp: base }: Fields): string {
  return isFields(base) && typeof base.status_msg === "string" ? base.status_msg : "";
}

/** Joins parts, but leaves out empty parts, and parts that an earlier part contains. */
function joined(parts: readonly string[], separator: string): string {
  const kept: string[] = [];
  for (const part of parts) {
    if (part !== "" && !kept.some((other) => other.includes(part))) kept.push(part);
  }
  return kept.join(separator);
}

function headersIn(members: readonly Member[]): Headers {
  const headers = new Headers();
  for (const [name, value] of members) {
    if (name !== "headers" || !isFields(value)) continue;
    for (const [header, text] of Object.entries(value)) {
      try {
        headers.set(header, String(text));
      } catch {
        // The name or value is not valid in a header.
      }
    }
  }
  return headers;
}
