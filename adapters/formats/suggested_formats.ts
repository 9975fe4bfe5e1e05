/** Formats that a text could have, for messages: the user chooses, never the program. */
import { readDateFormat } from "./date_format.ts";

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

/** As X writes its times: the year stands last. */
const OTHERS = ["%a %b %d %H:%M:%S %z %Y", "%a %b %d %H:%M:%S %Y", "%a, %d %b %Y %H:%M:%S"];

/** Formats that a message names. */
const NAMED_MAX = 2;

/**
 * What to do about a text that is no date so far.
 *
 * @param text The text.
 */
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
