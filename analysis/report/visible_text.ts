/** Makes hidden characters in texts of unknown origin visible. */

/**
 * Characters that can control a display, disguise a text, or damage a file: control characters (C0, DEL, C1), line and
 * paragraph separators, characters that change the direction of writing, interlinear annotation marks,
 * noncharacters, and lone halves of surrogate pairs.
 */
export const UNSEEN =
  /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Noncharacter_Code_Point}\u{fff9}-\u{fffb}]/gu;

const FAMILIAR: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/**
 * Shows every character of {@linkcode UNSEEN} as an escape such as `\u{1b}`.
 *
 * @returns One line.
 *
 * @example
 * ```ts
 * import { visibleText } from "./visible_text.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(visibleText("red: \x1b[31m!\n"), "red: \\u{1b}[31m!\\n");
 * ```
 */
export function visibleText(text: string): string {
  return text.replace(UNSEEN, visibleCharacter);
}

/**
 * Like {@linkcode visibleText}, but keeps newlines and tabs.
 *
 * @returns Lines that end in `\n` only.
 */
export function visibleLines(text: string): string {
  return text.replaceAll("\r\n", "\n")
    .replace(UNSEEN, (char) => char === "\n" || char === "\t" ? char : visibleCharacter(char));
}

/** Writes a character as an escape, such as `\n` or `\u{1b}`. */
export function visibleCharacter(char: string): string {
  return FAMILIAR[char] ?? `\\u{${char.codePointAt(0)!.toString(16)}}`;
}

/** Writes the characters of {@linkcode UNSEEN} in JSON text as escapes of JSON. Newlines between values stay. */
export function visibleJson(json: string): string {
  return json.replace(UNSEEN, (char) =>
    // Newlines between values are the only plain control characters in JSON text.
    char === "\n" ? char : char.split("").map(unitEscaped).join(""));
}

function unitEscaped(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
