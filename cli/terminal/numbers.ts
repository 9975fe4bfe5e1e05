/** Formats numbers for the terminal. */
import { formatCount } from "../../analysis/report/numbers.ts";

export { formatCost, formatCount, formatDuration, plural } from "../../analysis/report/numbers.ts";

const LARGE = [[1e12, "T"], [1e9, "G"], [1e6, "M"], [1e3, "k"]] as const;

/** A number with at most three digits and a unit: `950`, `12.3 k`, `4.56 M`. */
export function formatShort(count: number): string {
  for (const [unit, symbol] of LARGE) {
    // 999,950 would round to "1000 k".
    if (count >= unit * 0.9995) return `${(count / unit).toPrecision(3)} ${symbol}`;
  }
  return String(Math.round(count));
}

/** A share in whole per cent: `24 %`. Rounded down, so that `100 %` always means all. */
export function formatShare(part: number, whole: number): string {
  return whole <= 0 ? "–" : `${Math.floor((100 * Math.min(part, whole)) / whole)} %`;
}

/** A rate per second, such as `312/s` or `4.2/s`; below one a second, per minute, such as `12/min` or `0.5/min`. */
export function formatRate(perSecond: number): string {
  if (perSecond >= 10) return `${formatCount(perSecond)}/s`;
  if (perSecond >= 1) return `${perSecond.toFixed(1)}/s`;
  const perMinute = perSecond * 60;
  return `${perMinute >= 10 ? Math.round(perMinute) : perMinute.toFixed(1)}/min`;
}
