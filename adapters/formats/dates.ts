/** Reads dates that are unambiguous or have a given format, in the same way on every machine. */
// @ts-types="npm:@types/luxon@3.7.6"
import { DateTime } from "npm:luxon@3.7.2";
import { FormatError } from "./format_error.ts";
import { withLongYear } from "./short_year.ts";

/** A format for `--date-format`: directives of `strptime`, or tokens of Unicode's date patterns. */
export type DateFormat = Readonly<{
  text: string;
  /** Whether it has an offset from UTC. */
  hasOffset: boolean;
  /**
   * Parses a text of this format to nanoseconds since 1970. A time without an offset counts as UTC. Returns `null` for
   * other texts.
   */
  parse(text: string): bigint | null;
}>;

const FORMAT_EXAMPLES = '"%d/%m/%Y %H:%M" (day first), "%m/%d/%Y %I:%M %p" (month first)';

/** Names of months and weekdays are English on every machine. */
const LOCALE = "en-US";

/** Directives of `strptime` → Unicode's tokens. */
const DIRECTIVES: Readonly<Record<string, string>> = {
  a: "EEE",
  A: "EEEE",
  b: "MMM",
  B: "MMMM",
  d: "d",
  D: "M/d/yy",
  e: "d",
  f: "u",
  F: "yyyy-MM-dd",
  h: "MMM",
  H: "H",
  I: "h",
  j: "ooo",
  m: "M",
  M: "m",
  p: "a",
  R: "H:m",
  S: "s",
  T: "H:m:s",
  y: "yy",
  Y: "yyyy",
  z: "ZZZ",
};

/** Tokens that can be used. Others depend on the locale, or name a time zone: one abbreviation can mean two offsets. */
const TOKENS: ReadonlySet<string> = new Set(
  "yyyy yy MMMM MMM MM M dd d ooo o HH H hh h mm m ss s SSS u a EEEE EEE ZZZ ZZ Z kkkk WW W c E".split(" "),
);

const QUOTED = /'[^']*'/g;
const OFFSETS: readonly string[] = ["ZZZ", "ZZ"];

/**
 * Reads a format.
 *
 * @example
 * ```ts
 * import { readDateFormat } from "./dates.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(readDateFormat("%d/%m/%Y %H:%M %z").hasOffset, true);
 * assert.equal(readDateFormat("dd/MM/yyyy").parse("2024-01-04"), null);
 * assert.throws(() => readDateFormat("%H:%M"), /does not say day, month and year/);
 * ```
 */
export function readDateFormat(text: string): DateFormat {
  const pattern = text.includes("%") ? patternOf(text) : text;
  const tokens = pattern.replaceAll(QUOTED, " ").match(/([A-Za-z])\1*/g) ?? [];
  const unknown = tokens.find((token) => !TOKENS.has(token));
  if (unknown !== undefined) {
    throw unusable(text, `"${unknown}" is not a known part of a date`);
  }
  const has = (...names: readonly string[]) => tokens.some((token) => names.includes(token));
  const isDay = has("yyyy", "yy") && (has("o", "ooo") || has("d", "dd") && has("M", "MM", "MMM", "MMMM")) ||
    has("kkkk") && has("W", "WW") && has("c", "E", "EEE", "EEEE");
  if (!isDay) throw unusable(text, "it does not say day, month and year");
  if (has("h", "hh") && !has("a")) {
    throw unusable(text, "it has the hours of a 12-hour clock, but no AM or PM");
  }
  const hasOffset = has("Z", ...OFFSETS);
  // An offset can be written with and without a colon, and `%z` stands for both.
  const patterns = text.includes("%z") ? OFFSETS.map((offset) => patternOf(text, offset)) : [pattern];
  const parsers = patterns.map(withLongYear).map(({ pattern, rewrite }) => ({
    parser: DateTime.buildFormatParser(pattern, { locale: LOCALE }),
    rewrite,
  }));
  const parse = (value: string) => {
    for (const { parser, rewrite } of parsers) {
      const text = rewrite(value);
      if (text === null) continue;
      const parsed = DateTime.fromFormatParser(text, parser, { zone: "utc", locale: LOCALE });
      if (parsed.isValid) return nanoseconds(parsed, has("u") ? value : "");
    }
    return null;
  };
  return { text, hasOffset, parse };
}

/**
 * Nanoseconds since 1970. The parser keeps only milliseconds, so further digits come from `text`: two comments can be
 * less than a millisecond apart.
 */
function nanoseconds(parsed: DateTime, text: string): bigint {
  const second = BigInt(Math.floor(parsed.toSeconds())) * 1_000_000_000n;
  const milliseconds = String(parsed.millisecond).padStart(3, "0");
  const digits = [...text.matchAll(/(?<=\d[.,])\d{1,9}/g)].map(([found]) => found.padEnd(9, "0"));
  const fraction = digits.findLast((found) => found.startsWith(milliseconds));
  return second + BigInt(fraction ?? milliseconds.padEnd(9, "0"));
}

function patternOf(text: string, offset = OFFSETS[0]!): string {
  return text.replaceAll(/%(.?)|[A-Za-z]+|'/g, (part, directive?: string) => {
    if (directive === undefined) return part === "'" ? "''" : `'${part}'`;
    if (directive === "%") return "%";
    const tokens = DIRECTIVES[directive];
    if (tokens === undefined) throw unusable(text, `"${part}" is not a known directive`);
    return directive === "z" ? offset : tokens;
  });
}

function unusable(text: string, reason: string): FormatError {
  return new FormatError(
    `Cannot use the date format "${text}": ${reason}. Write it as in ${FORMAT_EXAMPLES}, or with Unicode's tokens, ` +
      `as in "dd/MM/yyyy HH:mm"`,
  );
}

const DAYS = [
  ...["/", ".", "-", " "].flatMap((by) =>
    [["%d", "%m", "%Y"], ["%m", "%d", "%Y"], ["%Y", "%m", "%d"]].map((parts) => parts.join(by))
  ),
  ...["/", ".", "-"].flatMap((by) => [["%d", "%m", "%y"], ["%m", "%d", "%y"]].map((parts) => parts.join(by))),
  "%d %b %Y",
  "%d %B %Y",
  "%d-%b-%Y",
  "%b %d, %Y",
  "%B %d, %Y",
  "%b %d %Y",
  "%a %b %d %Y",
];

const CLOCKS = ["%H:%M", "%H:%M:%S", "%H:%M:%S.%f", "%I:%M %p", "%I:%M:%S %p", "%H:%M:%S %z"];

/** Other formats, such as Twitter's, which ends with the year. */
const OTHERS = ["%a %b %d %H:%M:%S %z %Y", "%a %b %d %H:%M:%S %Y", "%a, %d %b %Y %H:%M:%S"];

const NAMED_MAX = 2;

/** Advice for a text that is not read as a date: the formats that it could have. */
export function formatAdvice(text: string): string {
  const formats = [
    ...DAYS.flatMap((day) => [day, ...CLOCKS.flatMap((clock) => [`${day} ${clock}`, `${day}, ${clock}`])]),
    ...OTHERS,
  ];
  const found = formats.flatMap((format) => {
    const at = readDateFormat(format).parse(text);
    return at === null ? [] : [`'${format}' reads it as ${dayOf(at)}`];
  }).slice(0, NAMED_MAX);
  return found.length === 0
    ? "If it is a date, give its format, as in --date-format '%d/%m/%Y %H:%M'"
    : `If it is a date, give its format: --date-format ${found.join(", ")}`;
}

function dayOf(nanoseconds: bigint): string {
  return new Temporal.ZonedDateTime(nanoseconds, "UTC").toPlainDate().toString();
}

/** How dates are read. */
export type DateReading = Readonly<{
  /** The format of all dates. Default: the forms of ISO 8601 and RFC 2822. */
  format?: DateFormat;
  /** The time zone of times without an offset: an IANA name, or an offset. */
  zone: string;
}>;

/** The form of a date. A column has dates of one form only. */
export type DateForm = "day" | "local" | "zoned" | "rfc2822" | "format";

/** A date. `problem` says why a time is ambiguous, or does not exist. */
type ReadDate =
  | Readonly<{ form: DateForm; nanoseconds: bigint }>
  | Readonly<{ form: DateForm; problem: string }>;

const UTC = "UTC";

const DAY = /^\d{4}-\d\d-\d\d$/;

/**
 * A time of ISO 8601, with hyphens and colons, or without any. A space can replace the T if there are hyphens and
 * colons. `UTC` or `GMT` can replace the Z.
 */
const TIME =
  /^(\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::[0-5]\d(?:[.,]\d{1,9})?)?|\d{8}T\d{4}(?:[0-5]\d(?:[.,]\d{1,9})?)?)(?: ?(Z|UTC|GMT|[+-]\d\d(?::?\d\d)?))?$/i;

/** The form of RFC 2822. Years of two digits, as in RFC 822, are refused. */
const MAIL = /^(?:[a-z]{3},\s*)?\d{1,2}\s+[a-z]{3}\s+\d{4}\s/i;

/**
 * Checks the options for reading dates.
 *
 * @throws {FormatError} When the format cannot be used, or the zone does not exist.
 */
export function readDateReading(format?: string, zone: string = UTC): DateReading {
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(zone);
  } catch {
    throw new FormatError(
      `Cannot use the time zone "${zone}": it does not exist. Give an IANA name, such as Europe/Athens, or ` +
        `an offset, such as +02:00`,
    );
  }
  return { ...(format === undefined ? {} : { format: readDateFormat(format) }), zone };
}

/**
 * Reads a date; `null` if the text has another form, or the date does not exist.
 *
 * @example
 * ```ts
 * import { dateOf } from "./dates.ts";
 * import assert from "node:assert/strict";
 *
 * const zone = "UTC";
 * assert.deepEqual(dateOf("1970-01-01T00:00:01Z", { zone }), { form: "zoned", nanoseconds: 1_000_000_000n });
 * assert.equal(dateOf("04/01/2024", { zone }), null);
 * ```
 */
export function dateOf(text: string, { format, zone }: DateReading): ReadDate | null {
  if (format !== undefined) {
    const parsed = format.parse(text);
    if (parsed === null) return null;
    return format.hasOffset ? { form: "format", nanoseconds: parsed } : inZone(parsed, zone, "format");
  }
  if (DAY.test(text)) return isoDate(text, UTC, "day");
  const [, time, offset] = TIME.exec(text) ?? [];
  if (time !== undefined) {
    return offset === undefined
      ? isoDate(time, zone, "local")
      : isoInstant(`${time}${/^(?:UTC|GMT)$/i.test(offset) ? "Z" : offset}`);
  }
  if (!MAIL.test(text)) return null;
  const mail = DateTime.fromRFC2822(text);
  return mail.isValid ? { form: "rfc2822", nanoseconds: BigInt(mail.toMillis()) * 1_000_000n } : null;
}

function isoDate(text: string, zone: string, form: DateForm): ReadDate | null {
  try {
    const { epochNanoseconds } = Temporal.PlainDateTime.from(text).toZonedDateTime(UTC);
    return inZone(epochNanoseconds, zone, form);
  } catch {
    return null;
  }
}

function isoInstant(text: string): ReadDate | null {
  try {
    return { form: "zoned", nanoseconds: Temporal.Instant.from(text).epochNanoseconds };
  } catch {
    return null;
  }
}

/** Converts a local time of a zone. `asUtc` is the local time, read as if it were in UTC. */
function inZone(asUtc: bigint, zone: string, form: DateForm): ReadDate {
  if (zone === UTC) return { form, nanoseconds: asUtc };
  const local = new Temporal.ZonedDateTime(asUtc, UTC).toPlainDateTime();
  const earlier = local.toZonedDateTime(zone, { disambiguation: "earlier" });
  const later = local.toZonedDateTime(zone, { disambiguation: "later" });
  if (earlier.equals(later)) return { form, nanoseconds: earlier.epochNanoseconds };
  const happens = earlier.toPlainDateTime().equals(local) ? "happens twice" : "never happens";
  return { form, problem: `${happens} in ${zone}, because the clocks change then` };
}

/** Names of columns that probably hold times. */
export const TIME_NAME = /dat|time|creat|post|day|sent|publish|utc|^ts$/i;

/** The smallest number that counts as a time since 1970, in each unit. It is a time in the year 1973. */
const EPOCHS: readonly (readonly [unit: string, from: number])[] = [
  ["seconds", 1e8],
  ["milliseconds", 1e11],
  ["microseconds", 1e14],
  ["nanoseconds", 1e17],
];

/**
 * A number that is this many times the smallest time of its unit, or larger, is no time: it would be after
 * the year 2286.
 */
const EPOCH_RANGE = 100;

/** The unit of a number that is probably a time since 1970; the empty text for other numbers. */
export function epochOf(number: string): string {
  const size = Number(number);
  return EPOCHS.find(([, from]) => size >= from && size < from * EPOCH_RANGE)?.[0] ?? "";
}
