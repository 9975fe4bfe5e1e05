/** How long a server asks to be left alone: in its headers, in the body of its error, or in its words. */
import { DURATION_PATTERN, durationMs, longest, timeMsOf, waitMsIn } from "./wait_text.ts";

/** Headers that say how long to wait, whatever the reason. */
const RETRY_AFTER = /^(?:x-)?(?:rate-?limit-)?retry-after(?:-ms)?$/;

/** Headers that say when one limit is reset: `x-ratelimit-reset-tokens`, `anthropic-ratelimit-requests-reset`. */
const RESET = /(?:rate-?limit|token-?limit)(?:bysize)?(?=-).*-reset(?=-|$)/;

/** The header of the IETF's drafts, with several limits in one value. */
const LIMITS = /^(?:x-)?rate-?limit$/;

/** Members of an error's body that say how long to wait, in lower-case letters alone, and the unit of a plain number. */
const WAIT_MEMBERS: ReadonlyMap<string, "s" | "ms"> = new Map([
  ["retrydelay", "s"],
  ["retryafter", "s"],
  ["retryafterseconds", "s"],
  ["retryafterms", "ms"],
  ["resetsat", "s"],
  ["resetat", "s"],
  ["resetsinseconds", "s"],
]);

const WAIT_WORDS = new RegExp(
  `\\b(?:again|retry|retrying|retried|wait|resets?|available|unblocked)\\b[^\\d.\\n]{0,30}?(${DURATION_PATTERN})`,
  "i",
);
const SECONDS_WORDS = /\bretry[- ]?after["']?:? *(\d+(?:\.\d+)?)(?![\w.:-])/i;
const TIME_WORDS =
  /\b(?:again|retry|wait|resets?|access|available)\b[^\d\n]{0,30}?(\d{4}-\d\d-\d\d(?: at |[T ])\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?: ?UTC| ?Z|[+-]\d\d:?\d\d)?)/i;

/** What a server answered with. */
export type Telling = Readonly<{
  headers: Headers;
  /** Members of the error's body, at any depth: the name in lower-case letters, and the value. */
  members: Iterable<readonly [name: string, value: unknown]>;
  /** The error in the server's words. */
  words: string;
}>;

/** Whether callers need a header of a response to tell how long to wait. */
export function tellsWait(header: string): boolean {
  return header === "date" || RETRY_AFTER.test(header) || LIMITS.test(header) || isLimitHeader(header);
}

function isLimitHeader(name: string): boolean {
  return RESET.test(name) || RESET.test(name.replace("remaining", "reset"));
}

/**
 * How long a server asks to be left alone. The first of these that says a wait counts:
 *
 * 1. `retry-after-ms`, then `Retry-After`, then members of the body such as `retryDelay`.
 * 2. The resets of the limits of which nothing remains; the longest of several.
 * 3. The words of the error, such as "try again in 36.4s".
 * 4. The longest of the other resets.
 *
 * Times are compared with the server's own clock where it tells it (`Date`), since clocks differ.
 *
 * @param telling What the server answered with.
 * @param nowMs Now by our clock, in milliseconds since 1970-01-01 UTC.
 * @param isRateLimit Whether the server says that a limit is reached. Resets count only then: servers send them with
 * every response.
 * @returns Milliseconds from now, above 0 and up to thirty days; `undefined` where the server does not say.
 */
export function toldWaitMs(telling: Telling, nowMs: number, isRateLimit: boolean): number | undefined {
  const { headers, members, words } = telling;
  const serverMs = timeMsOf(headers.get("date") ?? "");
  const clocks = serverMs === undefined ? [nowMs] : [serverMs, nowMs];
  const explicit = retryAfterMs(headers, clocks) ?? longest(
    [...members].map(([name, value]) => waitMsOfMember(WAIT_MEMBERS.get(name), value, clocks)),
  );
  if (explicit !== undefined || !isRateLimit) return explicit;
  const resets = resetsIn(headers, clocks);
  return longest(resets.filter(({ isUsedUp }) => isUsedUp).map(({ ms }) => ms)) ??
    waitMsInWords(words, clocks) ?? longest(resets.map(({ ms }) => ms));
}

function retryAfterMs(headers: Headers, clocks: readonly number[]): number | undefined {
  const names = [...headers.keys()].filter((name) => RETRY_AFTER.test(name));
  const [inMs, others] = [
    names.filter((name) => name.endsWith("-ms")),
    names.filter((n) => !n.endsWith("-ms")),
  ];
  return longest(inMs.map((name) => waitMsIn(`${headers.get(name)!.trim()}ms`, clocks))) ??
    longest(others.map((name) => waitMsIn(headers.get(name)!, clocks)));
}

function waitMsOfMember(
  unit: "s" | "ms" | undefined,
  value: unknown,
  clocks: readonly number[],
): number | undefined {
  if (unit === undefined) return undefined;
  if (typeof value === "number" || typeof value === "string") {
    return waitMsIn(unit === "ms" ? `${value}ms` : `${value}`, clocks);
  }
  // A duration as Protocol Buffers have it.
  const { seconds, nanos = 0 } = (value ?? {}) as Readonly<Record<string, unknown>>;
  return seconds === undefined ? undefined : waitMsIn(`${Number(seconds) + Number(nanos) / 1e9}`, clocks);
}

type Reset = Readonly<{ ms: number | undefined; isUsedUp: boolean }>;

function resetsIn(headers: Headers, clocks: readonly number[]): Reset[] {
  return [...headers].flatMap(([name, value]): Reset[] => {
    if (LIMITS.test(name)) return limitsIn(value, clocks);
    if (!RESET.test(name)) return [];
    const remaining = headers.get(name.replace("-reset", "-remaining"));
    return [{ ms: waitMsIn(value, clocks), isUsedUp: remaining !== null && isNothing(remaining) }];
  });
}

/** `"default";r=0;t=36, "burst";r=5;t=10` or, as an older draft has it, `limit=10, remaining=0, reset=36`. */
function limitsIn(value: string, clocks: readonly number[]): Reset[] {
  const items = /\breset=/.test(value) ? [value] : value.split(/,(?=\s*(?:"|\w+\s*;))/);
  return items.map((item) => {
    const reset = /(?:^|[;,]\s*)(?:t|reset)=([\d.]+)/.exec(item)?.[1];
    const remaining = /(?:^|[;,]\s*)(?:r|remaining)=([\d.]+)/.exec(item)?.[1];
    return {
      ms: reset === undefined ? undefined : waitMsIn(reset, clocks),
      isUsedUp: remaining !== undefined && isNothing(remaining),
    };
  });
}

function isNothing(remaining: string): boolean {
  return /^-?\d/.test(remaining.trim()) && Number.parseFloat(remaining) <= 0;
}

function waitMsInWords(words: string, clocks: readonly number[]): number | undefined {
  const time = TIME_WORDS.exec(words)?.[1];
  if (time !== undefined) return waitMsIn(time.replace(" at ", " "), clocks);
  const duration = WAIT_WORDS.exec(words)?.[1];
  if (duration !== undefined) return waitMsIn(`${durationMs(duration)}ms`, clocks);
  const seconds = SECONDS_WORDS.exec(words)?.[1];
  return seconds === undefined ? undefined : waitMsIn(seconds, clocks);
}
