/**
 * Texts in cells: stand-ins for characters that tables cannot hold, and a guard against formulas in spreadsheets.
 *
 * Parquet, CSV and R cannot hold U+0000, and UTF-8 cannot hold half of a surrogate pair. A model's reply can have both.
 * The private-use character U+100000 + X stands for such a character X. If a text already contains one of these
 * private-use characters, the text gets two stand-ins for it, one for each half of its surrogate pair. So every text
 * can be restored.
 */

/** The stand-in for U+0000. */
const FIRST = 0x100000;

/** U+0000, half a surrogate pair, or a private-use character that could be taken for a stand-in. */
const UNHOLDABLE = /[\0\ud800-\udfff\u{100000}\u{10d800}-\u{10dfff}]/gu;

const STAND_INS = /[\u{100000}\u{10d800}-\u{10dfff}]/gu;

/** In JSON text: numbered escapes, another escape, or a private-use character that could be taken for a stand-in. */
const IN_JSON = /(?:\\u[0-9a-fA-F]{4})+|\\.|[\u{100000}\u{10d800}-\u{10dfff}]/gu;

/**
 * Replaces characters that tables cannot hold by stand-ins.
 *
 * @example
 * ```ts
 * import { originalText, tableText } from "./cell_texts.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(tableText("a\0b\ud83d"), "a\u{100000}b\u{10d83d}");
 * assert.equal(originalText("a\u{100000}b\u{10d83d}"), "a\0b\ud83d");
 * ```
 */
export function tableText(text: string): string {
  return text.replace(UNHOLDABLE, (character) => character.split("").map(standIn).join(""));
}

/** The inverse of `tableText()`. */
export function originalText(text: string): string {
  return text.replace(STAND_INS, (character) => String.fromCharCode(character.codePointAt(0)! - FIRST));
}

/** `tableText()` for all texts in a JSON text. */
export function tableJson(json: string): string {
  return json.replace(IN_JSON, (found) => {
    if (!found.startsWith("\\")) return tableText(found);
    if (!found.startsWith("\\u")) return found;
    const text: string = JSON.parse(`"${found}"`);
    const held = tableText(text);
    return held === text ? found : JSON.stringify(held).slice(1, -1);
  });
}

function standIn(codeUnit: string): string {
  return String.fromCodePoint(FIRST + codeUnit.charCodeAt(0));
}

/** The beginning of a text that a spreadsheet runs as a formula, or that is guarded already. */
const FORMULA = String.raw`^'*[-=+@\t\r\n]`;

/** A number. It can begin like a formula: `-1`. */
const NUMBER = "[-+]?[0-9]+([.][0-9]+)?([eE][-+]?[0-9]+)?";

const FORMULA_PATTERN = new RegExp(FORMULA);
const NUMBER_PATTERN = new RegExp(`^${NUMBER}$`);

/**
 * Guards a text against spreadsheets, which run formulas. A text that begins with `=`, `+`, `-`, `@`, a tab or a line
 * break gets an apostrophe before it, unless it is a number. A text with apostrophes before such a character gets one
 * more, so removing one apostrophe always restores the text.
 *
 * @example
 * ```ts
 * import { guardedText } from "./cell_texts.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(guardedText("=1+1"), "'=1+1");
 * assert.equal(guardedText("-1.5"), "-1.5");
 * ```
 */
export function guardedText(text: string): string {
  return FORMULA_PATTERN.test(text) && !NUMBER_PATTERN.test(text) ? `'${text}` : text;
}

/** {@linkcode guardedText} in SQL. */
export function guardedCell(column: string): string {
  const text = `${column}::VARCHAR`;
  return `CASE WHEN regexp_matches(${text}, '${FORMULA.replaceAll("'", "''")}')
    AND NOT regexp_full_match(${text}, '${NUMBER}')
    THEN '''' || ${text} ELSE ${text} END`;
}
