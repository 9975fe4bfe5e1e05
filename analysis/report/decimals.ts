/** How many decimals a column needs. */
import { isUnavailable } from "../statistics/unavailable.ts";
import type { Cell } from "./document.ts";

/** The digits that the largest figure of a column shows. */
const DIGITS = 3;

/** However small the figures are. */
const DECIMALS_MAX = 6;

/**
 * The decimals with which the largest of some figures has three significant digits.
 *
 * @param cells Numbers and intervals; anything else is left aside.
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
  if (largest === 0) return 0;
  return Math.min(Math.max(DIGITS - 1 - Math.floor(Math.log10(largest)), 0), DECIMALS_MAX);
}
