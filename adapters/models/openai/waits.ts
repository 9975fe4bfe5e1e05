/** How long a server asks to wait: in its headers, in the body of its error, or in its words. */

/** The longest accepted wait, in milliseconds: thirty days. Longer waits are mistakes, or come from a wrong clock. */
const WAIT_MS_MAX = 2_592_000_000;

/** A number of at least this is a time, in seconds since 1970. A smaller number is a wait, in seconds. */
const EPOCH_SECONDS_MIN = 1e9;

/** A number of at least this is a time, in milliseconds since 1970. */
const EPOCH_MS_MIN = 1e11;

/** The words for each unit, and the unit's length in milliseconds. */
const UNITS = [
  ["milliseconds?|millis|msecs?|ms", 1],
  ["microseconds?|us|µs|μs", 1e-3],
  ["nanoseconds?|ns", 1e-6],
  ["seconds?|secs?|s", 1000],
  ["minutes?|mins?|m", 60_000],
  ["hours?|hrs?|h", 3_600_000],
  ["days?|d", 86_400_000],
] as const;

const UNIT = UNITS.map(([words]) => words).join("|");
const NUMBER = "\\d+(?:\\.\\d+)?|\\ban?(?= )|\\bone(?= )";
const AMOUNT = `(?:${NUMBER})\\s*(?:${UNIT})(?![a-zµμ])`;

/** Matches `36.4s`, `1m30s`, `2 minutes and 10 seconds`. It captures nothing, so that other patterns can include it. */
const DURATION_PATTERN = `${AMOUNT}(?:(?:,|\\s|and\\b)*${AMOUNT})*`;

const DURATION = new RegExp(`^${DURATION_PATTERN}$`, "i");
const EACH_AMOUNT = new RegExp(`(${NUMBER})\\s*(${UNIT})(?![a-zµμ])`, "gi");
const ISO_DURATION = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/;
const CLOCK_DURATION = /^(\d+):([0-5]\d):([0-5]\d(?:\.\d+)?)$/;
const PLAIN_NUMBER = /^\d+(?:\.\d+)?$/;

/** Headers that state a wait, for a rate limit or for any other reason. */
const RETRY_AFTER = /^(?:x-)?(?:rate-?limit-)?retry-after(?:-ms)?$/;

/** Headers that state when a limit is reset: `x-ratelimit-reset-tokens`, `anthropic-ratelimit-requests-reset`. */
const RESET = /(?:rate-?limit|token-?limit)(?:bysize)?(?=-).*-reset(?=-|$)/;

/** The header that the IETF's drafts define. One value can hold several limits. */
const LIMITS = /^(?:x-)?rate-?limit$/;

/** Members of an error's body that state a wait → the unit if the value is a plain number. */
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

type ErrorResponse = Readonly<{
  headers: Headers;
  /** The members of the error's body at all levels: the name in lower-case letters only, and the value. */
  members: Iterable<readonly [name: string, value: unknown]>;
  words: string;
}>;

/** Whether a header is needed to find the wait. */
export function isWaitHeader(header: string): boolean {
  return header === "date" || RETRY_AFTER.test(header) || LIMITS.test(header) ||
    RESET.test(header.replace("remaining", "reset"));
}

/**
 * How long a server asks to wait. The first of these sources that states a wait counts:
 *
 * 1. `retry-after-ms`, then `Retry-After`, then members of the body such as `retryDelay`.
 * 2. The resets of the limits that are used up; the longest of several.
 * 3. The words of the error, such as "try again in 36.4s".
 * 4. The longest of the other resets.
 *
 * Times are compared with the server's own clock (`Date`) if the response states it, because clocks differ.
 *
 * @param isRateLimit Whether the response reports a rate limit. If not, only the first source counts, because
 *   servers send resets with every response.
 * @returns Milliseconds from now, above 0 and up to thirty days; `undefined` if the server states no wait.
 */
export function statedWaitMs(
  response: ErrorResponse,
  nowMs: number,
  isRateLimit: boolean,
): number | undefined {
  const { headers, members, words } = response;
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
  const { ms, s } = Object.groupBy(
    [...headers].filter(([name]) => RETRY_AFTER.test(name)),
    ([name]) => name.endsWith("-ms") ? "ms" : "s",
  );
  return longest(ms?.map(([, value]) => waitMsIn(`${value.trim()}ms`, clocks)) ?? []) ??
    longest(s?.map(([, value]) => waitMsIn(value, clocks)) ?? []);
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
  // The JSON form of a duration in Protocol Buffers.
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

/** Reads `"default";r=0;t=36, "burst";r=5;t=10` or, as in an older draft, `limit=10, remaining=0, reset=36`. */
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

/** Reads a duration such as `36.4s`, `120ms`, `1h2m`, `2 minutes and 10 seconds`, `PT36S` or `00:01:30`. */
export function durationMs(text: string): number | undefined {
  const trimmed = text.trim();
  const clock = CLOCK_DURATION.exec(trimmed);
  if (clock !== null) return (Number(clock[1]) * 3600 + Number(clock[2]) * 60 + Number(clock[3])) * 1000;
  const iso = trimmed.length > 2 ? ISO_DURATION.exec(trimmed) : null;
  if (iso !== null) {
    const [days, hours, minutes, seconds] = iso.slice(1).map((part) => Number(part ?? 0));
    return (((days! * 24 + hours!) * 60 + minutes!) * 60 + seconds!) * 1000;
  }
  if (!DURATION.test(trimmed)) return undefined;
  let ms = 0;
  for (const [, amount, unit] of trimmed.matchAll(EACH_AMOUNT)) {
    ms += (/^\d/.test(amount!) ? Number(amount) : 1) * msOf(unit!);
  }
  return ms;
}

function msOf(word: string): number {
  return UNITS.find(([words]) => new RegExp(`^(?:${words})$`, "i").test(word))![1];
}

/**
 * Reads a wait: a number of seconds, a duration, or the time at which it ends (an HTTP date, an ISO 8601 time,
 * seconds or milliseconds since 1970). If commas separate several waits, the longest one counts.
 */
function waitMsIn(text: string, clocks: readonly number[]): number | undefined {
  const parts = text.split(",").map((part) => waitMsOfOne(part.trim(), clocks));
  return longest(parts) ?? waitMsOfOne(text.trim(), clocks);
}

function longest(waits: readonly (number | undefined)[]): number | undefined {
  const stated = waits.filter((ms) => ms !== undefined);
  return stated.length === 0 ? undefined : Math.max(...stated);
}

function waitMsOfOne(text: string, clocks: readonly number[]): number | undefined {
  if (PLAIN_NUMBER.test(text)) {
    const number = Number(text);
    if (number < EPOCH_SECONDS_MIN) return believed(number * 1000);
    return until(number < EPOCH_MS_MIN ? number * 1000 : number, clocks);
  }
  const duration = durationMs(text);
  if (duration !== undefined) return believed(duration);
  const timeMs = timeMsOf(text);
  return timeMs === undefined ? undefined : until(timeMs, clocks);
}

function believed(ms: number): number | undefined {
  return ms > 0 && ms <= WAIT_MS_MAX ? ms : undefined;
}

/**
 * The wait until a time, by the first clock with which the wait is possible. A server with a wrong clock writes its
 * times by its own clock.
 */
function until(timeMs: number, clocks: readonly number[]): number | undefined {
  for (const nowMs of clocks) {
    const ms = believed(timeMs - nowMs);
    if (ms !== undefined) return ms;
  }
  return undefined;
}

/** The forms in which servers write times. `Date.parse` alone would accept far more. */
const TIME_FORMS: readonly (readonly [pattern: RegExp, zone: string])[] = [
  [/^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)? ?(?:Z|UTC|[+-]\d\d:?\d\d)$/i, ""],
  [/^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?$/, "Z"],
  // The forms of IMF-fixdate, RFC 850 and JavaScript, which all name the zone.
  [/^[A-Z][a-z]{2,8},? .*\d\d:\d\d:\d\d.*(?:GMT|UTC|[+-]\d{4})/, ""],
  // The form of C's asctime(). In HTTP, its time zone is GMT.
  [/^[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4}$/, " GMT"],
];

function timeMsOf(text: string): number | undefined {
  const trimmed = text.trim();
  const form = TIME_FORMS.find(([pattern]) => pattern.test(trimmed));
  if (form === undefined) return undefined;
  const ms = Date.parse(trimmed.replace(/ ?UTC$/i, "Z") + form[1]);
  return Number.isNaN(ms) ? undefined : ms;
}
