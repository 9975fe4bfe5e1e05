/** Numbers for people, on a terminal. */
import { formatCount } from "../../analysis/report/numbers.ts";

export { formatCost, formatCount, formatDuration, plural } from "../../analysis/report/numbers.ts";

const LARGE = [[1e12, "T"], [1e9, "G"], [1e6, "M"], [1e3, "k"]] as const;

/** A number in at most five characters besides its space: `950`, `12.3 k`, `4.56 M`. */
export function formatShort(count: number): string {
  for (const [unit, symbol] of LARGE) {
    // 999,950 would round to "1000 k".
    if (count >= unit * 0.9995) return `${(count / unit).toPrecision(3)} ${symbol}`;
  }
  return String(Math.round(count));
}

/** A share in whole per cent, rounded down, so that `100 %` means all: `24 %`. */
export function formatShare(part: number, whole: number): string {
  return whole <= 0 ? "–" : `${Math.floor((100 * Math.min(part, whole)) / whole)} %`;
}

/** How many times a second: `312/s`, `4.2/s`; below one a second, a minute: `12/min`, `0.5/min`. */
export function formatRate(perSecond: number): string {
  if (perSecond >= 10) return `${formatCount(perSecond)}/s`;
  if (perSecond >= 1) return `${perSecond.toFixed(1)}/s`;
  const perMinute = perSecond * 60;
  return `${perMinute >= 10 ? Math.round(perMinute) : perMinute.toFixed(1)}/min`;
}
