/** Numbers and cells as text. */
import { isUnavailable } from "../statistics/unavailable.ts";
import type { Cell, CellFormat, Estimate } from "./document.ts";
import type { Interval } from "../statistics/distributions.ts";

/** A whole number with commas between thousands: `12,345`. */
export function formatCount(count: number): string {
  return Math.round(count).toString().replace(/\B(?=(\d{3})+$)/g, ",");
}

/** A sum of money, rounded to the cent (`12.34 USD`). Below 1, it has three significant digits (`0.00123`). */
export function formatCost(cost: number, currency = ""): string {
  const sum = cost === 0 ? "0" : cost >= 1 ? cost.toFixed(2) : Number(cost.toPrecision(3)).toString();
  return currency === "" ? sum : `${sum} ${currency}`;
}

/** A duration, in at most two units: `0.4 s`, `12 s`, `2 min 49 s`, `3 h 12 min`, `4 d 3 h`. */
export function formatDuration(ms: number): string {
  if (ms < 9_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 1440) return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
  const hours = Math.round(minutes / 60);
  return `${formatCount(Math.floor(hours / 24))} d ${hours % 24} h`;
}

/** A count with its noun: `1 discussion`, `12 discussions`. */
export function plural(count: number, noun: string, nouns = `${noun}s`): string {
  return `${formatCount(count)} ${count === 1 ? noun : nouns}`;
}

/** How many significant digits the largest figure of a column shows. */
const DIGITS = 3;

/** A figure has at most this many decimals. */
const DECIMALS_MAX = 6;

/**
 * The number of decimals with which the largest figure of the cells has three significant digits.
 *
 * @returns From 0 to 6.
 */
export function decimalsFor(cells: readonly Cell[]): number {
  let largest = 0;
  for (const cell of cells) {
    if (typeof cell === "number") largest = Math.max(largest, Math.abs(cell));
    else if (typeof cell === "object" && cell !== null && !isUnavailable(cell)) {
      largest = Math.max(largest, Math.abs(cell.lower), Math.abs(cell.upper));
    }
  }
  // Rounding errors near 0 are shown as 0.
  if (largest < 0.5 * 10 ** -DECIMALS_MAX) return 0;
  return Math.min(Math.max(DIGITS - 1 - Math.floor(Math.log10(largest)), 0), DECIMALS_MAX);
}

/** The smallest p that is written as a number. */
export const P_SHOWN_MIN = 0.001;

/** Larger p values are written as `> 0.999`. Only an exact 1 is written as 1. */
const P_SHOWN_MAX = 0.999;

/** The text of a cell whose figure cannot be computed. The reason is below the table. */
export const UNAVAILABLE_MARK = "–";

/**
 * Writes a cell.
 *
 * @returns Plain text. A minus sign is U+2212, commas separate thousands, and an unavailable figure is
 *   {@linkcode UNAVAILABLE_MARK}. For an empty cell, the text is empty.
 *
 * @example
 * ```ts
 * import { formatCell } from "./numbers.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(formatCell(-0.5, { kind: "number", decimals: 2 }), "−0.50");
 * assert.equal(formatCell({ level: 0.95, lower: 0.1, upper: 0.25 }, { kind: "share" }), "10.0 % to 25.0 %");
 * const estimate = { level: 0.95, estimate: 2, lower: -1, upper: 5 };
 * assert.equal(formatCell(estimate, { kind: "number", decimals: 1 }), "2.0 (−1.0 to 5.0)");
 * assert.equal(formatCell(0.0004, { kind: "p" }), "< 0.001");
 * ```
 */
export function formatCell(cell: Cell, format: CellFormat): string {
  if (cell === null) return "";
  if (typeof cell === "string") return cell;
  if (isUnavailable(cell)) return UNAVAILABLE_MARK;
  const exact = format.kind === "figure"
    ? { kind: "number", decimals: decimalsFor([cell]) } as const
    : format;
  if (typeof cell === "number") return formatNumber(cell, exact);
  const range = `${formatNumber(cell.lower, exact)} to ${formatNumber(cell.upper, exact)}`;
  return isEstimate(cell) ? `${formatNumber(cell.estimate, exact)} (${range})` : range;
}

/** Whether a cell holds an interval, with or without an estimate. */
export function isInterval(cell: Cell): cell is Interval {
  return typeof cell === "object" && cell !== null && "lower" in cell;
}

/** Whether a cell holds an estimate with its interval. */
export function isEstimate(cell: Cell): cell is Estimate {
  return isInterval(cell) && "estimate" in cell;
}

/** Whether a column's cells are aligned right, so that their digits line up. */
export function isNumeric({ kind }: CellFormat): boolean {
  return kind !== "text";
}

function formatNumber(value: number, format: Exclude<CellFormat, { kind: "figure" }>): string {
  switch (format.kind) {
    case "text":
      return String(value);
    case "count":
      return signed(value, 0);
    case "number":
      return signed(value, format.decimals);
    case "share":
      return `${signed(100 * value, 1)} %`;
    case "p":
      if (value < P_SHOWN_MIN) return `< ${P_SHOWN_MIN}`;
      return value > P_SHOWN_MAX && value < 1 ? `> ${P_SHOWN_MAX}` : value.toFixed(3);
    default:
      format satisfies never;
      throw new TypeError(`Cannot write a cell as "${JSON.stringify(format)}"`);
  }
}

/** Rounds a number. If the result is 0, it has no sign. */
function signed(value: number, decimals: number): string {
  // Twelve digits remove rounding errors first: 2.0749999999999997 stands for 2.075, which is rounded up.
  const scaled = Number((Math.abs(value) * 10 ** decimals).toPrecision(12));
  const text = (Math.round(scaled) / 10 ** decimals).toFixed(decimals);
  const grouped = text.replace(/\B(?=(\d{3})+(?!\d))(?<!\.\d*)/g, ",");
  return value < 0 && Number(text) !== 0 ? `−${grouped}` : grouped;
}
