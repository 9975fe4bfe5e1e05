/** Keeps spreadsheets from running what models wrote. */

/** How text begins that a spreadsheet takes for a formula, or that is guarded already. */
const FORMULA = String.raw`^'*[-=+@\t\r\n]`;

/** Such text that is none: a number as a whole. */
const NUMBER = "[-+]?[0-9]+([.][0-9]+)?([eE][-+]?[0-9]+)?";

const FORMULA_PATTERN = new RegExp(FORMULA);
const NUMBER_PATTERN = new RegExp(`^${NUMBER}$`);

/**
 * Makes a text one that no spreadsheet takes for a formula: where it begins with one of `=`, `+`, `-`, `@`, a tab or a
 * line break it gets an apostrophe before it, unless it is a number. Text that begins with apostrophes and then one of
 * these gets one more, so that whoever takes one off has the text back.
 *
 * @param text The text of a cell.
 *
 * @example
 * ```ts
 * import { guardedText } from "./spreadsheet_guard.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(guardedText("=1+1"), "'=1+1");
 * assert.equal(guardedText("-1.5"), "-1.5");
 * ```
 */
export function guardedText(text: string): string {
  return FORMULA_PATTERN.test(text) && !NUMBER_PATTERN.test(text) ? `'${text}` : text;
}

/**
 * The SQL that does as {@linkcode guardedText} does.
 *
 * @param column The SQL of the cell.
 */
export function guardedCell(column: string): string {
  const text = `${column}::VARCHAR`;
  return `CASE WHEN regexp_matches(${text}, '${FORMULA.replaceAll("'", "''")}')
    AND NOT regexp_full_match(${text}, '${NUMBER}')
    THEN '''' || ${text} ELSE ${text} END`;
}
