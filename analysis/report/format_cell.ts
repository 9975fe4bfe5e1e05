/** Cells as text: the same words and digits in every form of a report. */
import type { Interval } from "../statistics/distributions.ts";
import { isUnavailable } from "../statistics/unavailable.ts";
import { decimalsFor } from "./decimals.ts";
import type { Cell, CellFormat } from "./document.ts";

/** The smallest p that is written as a number. */
const P_SHOWN_MIN = 0.001;

/** The greatest p below 1 that is: only what is certain is written as 1. */
const P_SHOWN_MAX = 0.999;

/** What is written for a figure that cannot be computed; the reason stands below the table. */
export const UNAVAILABLE_MARK = "–";

/**
 * Writes a cell.
 *
 * @param cell The cell.
 * @param format How its column is written.
 * @returns Plain text: a minus sign is U+2212, commas part thousands, an empty cell is empty, an unavailable figure is
 * {@linkcode UNAVAILABLE_MARK}.
 *
 * @example
 * ```ts
 * import { formatCell } from "./format_cell.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(formatCell(-0.5, { kind: "number", decimals: 2 }), "−0.50");
 * assert.equal(formatCell({ level: 0.95, lower: 0.1, upper: 0.25 }, { kind: "share" }), "10.0 % to 25.0 %");
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
  return `${formatNumber(cell.lower, exact)} to ${formatNumber(cell.upper, exact)}`;
}

/** Whether a cell holds an interval. */
export function isInterval(cell: Cell): cell is Interval {
  return typeof cell === "object" && cell !== null && "lower" in cell;
}

/** Whether a column's cells are set flush right, so that digits stand below each other. */
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

/** What rounds to nothing has no sign. */
function signed(value: number, decimals: number): string {
  // What is 2.075 but for the last of its bits is rounded as 2.075 is.
  const scaled = Number((Math.abs(value) * 10 ** decimals).toPrecision(12));
  const text = (Math.round(scaled) / 10 ** decimals).toFixed(decimals);
  const grouped = text.replace(/\B(?=(\d{3})+(?!\d))(?<!\.\d*)/g, ",");
  return value < 0 && Number(text) !== 0 ? `−${grouped}` : grouped;
}
