/**
 * Stand-ins for the characters that tables cannot hold. Parquet, CSV and R have no place for U+0000, and UTF-8 none for
 * half of a surrogate pair; a model's reply can hold both. The character U+100000 + X, of a private-use plane, stands
 * for such an X. Whoever used that plane already loses nothing: its characters of these numbers are written as the
 * stand-ins of their two halves, so that every text can be had back.
 */

/** The first stand-in: that of U+0000. */
const FIRST = 0x100000;

/** U+0000, half a surrogate pair, or a character that would be taken for a stand-in. */
const UNHOLDABLE = /[\0\ud800-\udfff\u{100000}\u{10d800}-\u{10dfff}]/gu;

const STAND_INS = /[\u{100000}\u{10d800}-\u{10dfff}]/gu;

/** In JSON text: a run of numbered escapes, another escape, or a character that would be taken for a stand-in. */
const IN_JSON = /(?:\\u[0-9a-fA-F]{4})+|\\.|[\u{100000}\u{10d800}-\u{10dfff}]/gu;

/**
 * Replaces what tables cannot hold by stand-ins.
 *
 * @param text Any text.
 * @returns The same text where there is nothing to replace, which is nearly always.
 *
 * @example
 * ```ts
 * import { originalText, tableText } from "./stand_ins.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(tableText("a\0b\ud83d"), "a\u{100000}b\u{10d83d}");
 * assert.equal(originalText("a\u{100000}b\u{10d83d}"), "a\0b\ud83d");
 * ```
 */
export function tableText(text: string): string {
  return text.replace(UNHOLDABLE, (character) => character.split("").map(standIn).join(""));
}

/** Puts back what stand-ins stand for: the inverse of `tableText()`. @param text A text of a table. */
export function originalText(text: string): string {
  return text.replace(STAND_INS, (character) => String.fromCharCode(character.codePointAt(0)! - FIRST));
}

/** Does as `tableText()` does, to every text in a JSON text. @param json Valid JSON. */
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
