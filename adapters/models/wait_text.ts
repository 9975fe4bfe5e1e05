/** How long a wait is, in the forms in which servers write it. */

/** The longest wait that is believed, in milliseconds: thirty days. What is longer is a mistake, or a wrong clock. */
export const WAIT_MS_MAX = 2_592_000_000;

/** From here on a number stands for a time since 1970 in seconds, below it for seconds from now. */
const EPOCH_SECONDS_MIN = 1e9;

/** From here on a number stands for a time since 1970 in milliseconds. */
const EPOCH_MS_MIN = 1e11;

const MS_OF_UNIT: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** Words that people use, and the unit that each stands for. */
const UNIT_WORDS = [
  ["ms", "milliseconds?|millis|msecs?|ms"],
  ["us", "microseconds?|us|µs|μs"],
  ["ns", "nanoseconds?|ns"],
  ["s", "seconds?|secs?|s"],
  ["m", "minutes?|mins?|m"],
  ["h", "hours?|hrs?|h"],
  ["d", "days?|d"],
] as const;

const UNIT = UNIT_WORDS.map(([, words]) => words).join("|");
const NUMBER = "\\d+(?:\\.\\d+)?|\\ban?(?= )|\\bone(?= )";
const AMOUNT = `(?:${NUMBER})\\s*(?:${UNIT})(?![a-zµμ])`;

/** A pattern for `36.4s`, `1m30s`, `2 minutes and 10 seconds`; it has no groups. */
export const DURATION_PATTERN: string = `${AMOUNT}(?:(?:,|\\s|and\\b)*${AMOUNT})*`;

const DURATION = new RegExp(`^${DURATION_PATTERN}$`, "i");
const EACH_AMOUNT = new RegExp(`(${NUMBER})\\s*(${UNIT})(?![a-zµμ])`, "gi");
const ISO_DURATION = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/;
const CLOCK_DURATION = /^(\d+):([0-5]\d):([0-5]\d(?:\.\d+)?)$/;
const PLAIN_NUMBER = /^\d+(?:\.\d+)?$/;

/**
 * Reads a duration such as `36.4s`, `120ms`, `1h2m`, `2 minutes and 10 seconds`, `PT36S` or `00:01:30`.
 *
 * @returns Milliseconds; `undefined` for anything else.
 */
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
  const [unit] = UNIT_WORDS.find(([, words]) => new RegExp(`^(?:${words})$`, "i").test(word))!;
  return MS_OF_UNIT[unit]!;
}

/**
 * Reads a wait: a number of seconds, a duration, or the time at which it ends (an HTTP date, an ISO 8601 time, seconds or
 * milliseconds since 1970). Of several with commas in between, the longest counts.
 *
 * @param text What the server wrote.
 * @param clocks What the time is, in milliseconds since 1970 UTC: by the server's clock, if it says so, then by ours.
 * @returns Milliseconds above 0 and up to {@linkcode WAIT_MS_MAX}; `undefined` where it says no such wait.
 */
export function waitMsIn(text: string, clocks: readonly number[]): number | undefined {
  const parts = text.split(",").map((part) => waitMsOfOne(part.trim(), clocks));
  return longest(parts) ?? waitMsOfOne(text.trim(), clocks);
}

/** The longest of several waits; `undefined` where there is none. */
export function longest(waits: readonly (number | undefined)[]): number | undefined {
  const told = waits.filter((ms) => ms !== undefined);
  return told.length === 0 ? undefined : Math.max(...told);
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

/** By the first clock that makes sense of it: a server with a wrong clock writes its times by that clock. */
function until(timeMs: number, clocks: readonly number[]): number | undefined {
  for (const nowMs of clocks) {
    const ms = believed(timeMs - nowMs);
    if (ms !== undefined) return ms;
  }
  return undefined;
}

/** `Date.parse` takes far more for a date than the forms that servers have. */
const TIME_FORMS: readonly (readonly [pattern: RegExp, zone: string])[] = [
  [/^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)? ?(?:Z|UTC|[+-]\d\d:?\d\d)$/i, ""],
  [/^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?$/, "Z"],
  // IMF-fixdate, RFC 850, and what JavaScript prints: all of them name the zone.
  [/^[A-Z][a-z]{2,8},? .*\d\d:\d\d:\d\d.*(?:GMT|UTC|[+-]\d{4})/, ""],
  // The form of C's asctime(), which HTTP reads as GMT.
  [/^[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4}$/, " GMT"],
];

/**
 * Reads a time, as HTTP headers and the bodies of model servers have it.
 *
 * @returns Milliseconds since 1970 UTC; `undefined` for anything else.
 */
export function timeMsOf(text: string): number | undefined {
  const trimmed = text.trim();
  const form = TIME_FORMS.find(([pattern]) => pattern.test(trimmed));
  if (form === undefined) return undefined;
  const ms = Date.parse(trimmed.replace(/ ?UTC$/i, "Z") + form[1]);
  return Number.isNaN(ms) ? undefined : ms;
}
