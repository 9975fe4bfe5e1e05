/** Dates: read only when they are unambiguous, and alike on every machine. */
// @ts-types="@types/luxon"
import { DateTime } from "luxon";
import { type DateFormat, readDateFormat } from "./date_format.ts";
import { FormatError } from "./format_error.ts";

/** How dates are read. */
export type DateReading = Readonly<{
  /** The format of all dates. Default: the forms of ISO 8601 and RFC 2822. */
  format?: DateFormat;
  /** The zone of times without one: an IANA name, or an offset. */
  zone: string;
}>;

/** The form of a date. A column has dates of one form only. */
export type DateForm = "day" | "local" | "zoned" | "rfc2822" | "format";

/** A date. `problem` says why a time is ambiguous. */
type ReadDate =
  | Readonly<{ form: DateForm; nanoseconds: bigint }>
  | Readonly<{ form: DateForm; problem: string }>;

const UTC = "UTC";

const DAY = /^\d{4}-\d\d-\d\d$/;

/** ISO 8601 with hyphens and colons, or without both. A space for the T, and `UTC` for the Z, are as clear. */
const TIME =
  /^(\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::[0-5]\d(?:[.,]\d{1,9})?)?|\d{8}T\d{4}(?:[0-5]\d(?:[.,]\d{1,9})?)?)(?: ?(Z|UTC|GMT|[+-]\d\d(?::?\d\d)?))?$/i;

/** Years of two digits, from before RFC 2822, are not read. */
const MAIL = /^(?:[a-z]{3},\s*)?\d{1,2}\s+[a-z]{3}\s+\d{4}\s/i;

/**
 * Checks how dates are to be read.
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
 * Reads a date.
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

/** The moment of a time in a zone, given as if it were in UTC. */
function inZone(asUtc: bigint, zone: string, form: DateForm): ReadDate {
  if (zone === UTC) return { form, nanoseconds: asUtc };
  const local = new Temporal.ZonedDateTime(asUtc, UTC).toPlainDateTime();
  const earlier = local.toZonedDateTime(zone, { disambiguation: "earlier" });
  const later = local.toZonedDateTime(zone, { disambiguation: "later" });
  if (earlier.equals(later)) return { form, nanoseconds: earlier.epochNanoseconds };
  const happens = earlier.toPlainDateTime().equals(local) ? "comes twice" : "never comes";
  return { form, problem: `is a time that ${happens} in ${zone}, where clocks change then` };
}

/** Names of columns that are about time. */
export const TIME_NAME = /dat|time|creat|post|day|sent|publish|utc|^ts$/i;

/** The smallest likely value of each unit since 1970, from the year 1973. */
const EPOCHS: readonly (readonly [unit: string, from: number])[] = [
  ["seconds", 1e8],
  ["milliseconds", 1e11],
  ["microseconds", 1e14],
  ["nanoseconds", 1e17],
];

/** The largest likely value of a unit is from the year 2286. */
const EPOCH_RANGE = 100;

/** The unit of a time since 1970; empty when the number is not likely to be one. */
export function epochOf(number: string): string {
  const size = Number(number);
  return EPOCHS.find(([, from]) => size >= from && size < from * EPOCH_RANGE)?.[0] ?? "";
}
