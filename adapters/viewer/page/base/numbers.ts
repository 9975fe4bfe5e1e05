/** Numbers, durations and times as the page shows them. */

const COUNT = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const RATE = new Intl.NumberFormat("en", { maximumSignificantDigits: 3 });
const COMPACT = new Intl.NumberFormat("en", { notation: "compact", maximumSignificantDigits: 3 });
const TIME = new Intl.DateTimeFormat("en-GB", {
  dateStyle: "medium",
  timeStyle: "short",
  timeZone: "UTC",
});

/** `12,345` */
export function count(value: number): string {
  return COUNT.format(value);
}

/** `1,240` or `0.25`: at most three significant digits. */
export function rate(value: number): string {
  return RATE.format(value);
}

/** `1.2M` */
export function compact(value: number): string {
  return COMPACT.format(value);
}

/** `41 %`; `0 %` and `100 %` only if the share is exactly that. */
export function share(part: number, of: number): string {
  if (of === 0) return "–";
  const percent = 100 * part / of;
  const rounded = Math.round(percent);
  if (rounded === 0 && part > 0) return "< 1 %";
  if (rounded === 100 && part < of) return "> 99 %";
  return `${rounded} %`;
}

/** `1 comment`, `2 comments` */
export function counted(value: number, singular: string, plural = `${singular}s`): string {
  return `${count(value)} ${value === 1 ? singular : plural}`;
}

const UNITS: readonly (readonly [number, string])[] = [[86_400, "d"], [3_600, "h"], [60, "min"], [1, "s"]];

/** `2 d 4 h`: the two largest units. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const first = UNITS.findIndex(([size]) => whole >= size);
  if (first === -1) return "0 s";
  const [size, unit] = UNITS[first]!;
  const head = `${Math.floor(whole / size)} ${unit}`;
  const next = UNITS[first + 1];
  const rest = next === undefined ? 0 : Math.floor(whole % size / next[0]);
  return rest === 0 ? head : `${head} ${rest} ${next![1]}`;
}

/** `30 Nov 2026, 09:20 UTC`; `–` without a time. */
export function time(at: string | null): string {
  const shown = timeInUtc(at);
  return shown === NO_TIME ? shown : `${shown} UTC`;
}

/** `30 Nov 2026, 09:20`, for places that name the zone elsewhere; `–` without a time. */
export function timeInUtc(at: string | null): string {
  return at === null || Number.isNaN(Date.parse(at)) ? NO_TIME : TIME.format(new Date(at));
}

/** `30 Nov 2026, 09:20 to 09:51 UTC`: a date or time that both ends share is written once. */
export function timeSpan(from: string | null, to: string | null): string {
  const [first, last] = [timeInUtc(from), timeInUtc(to)];
  if (first === last || last === NO_TIME) return time(from);
  const day = first.slice(0, first.lastIndexOf(",") + 1);
  return last.startsWith(day)
    ? `${first} to ${last.slice(day.length).trim()} UTC`
    : `${first} to ${last} UTC`;
}

const NO_TIME = "–";

/** `12.50 USD`; small amounts have more digits. */
export function money(value: number, currency: string | null): string {
  const digits = value !== 0 && Math.abs(value) < 0.01 ? 4 : 2;
  return `${value.toFixed(digits)}${currency === null ? "" : ` ${currency}`}`;
}
