/** Makes text of models, files and servers safe to show: escapes the characters that control a terminal. */
import { visibleJson, visibleLines, visibleText } from "../../analysis/report/visible_text.ts";

/**
 * Makes a text one line. Writes each character that could control a terminal as an escape such as `\u{1b}`.
 *
 * @example
 * ```ts
 * import { neutralise } from "./neutralise.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(neutralise("red: \x1b[31m!\n"), "red: \\u{1b}[31m!\\n");
 * ```
 */
export function neutralise(text: string): string {
  return visibleText(text);
}

/** Like `neutralise()`, but keeps newlines and tabs. `indent` begins every line except the first. */
export function neutraliseLines(text: string, indent = ""): string {
  return visibleLines(text).replaceAll("\n", `\n${indent}`);
}

/** The JSON of a value, with escapes for the characters that could control a terminal. */
export function safeJson(value: unknown, indent?: number): string {
  return safeJsonText(JSON.stringify(value, null, indent));
}

/** Like `safeJson()`, for JSON text or a part of it. */
export function safeJsonText(json: string): string {
  return visibleJson(json);
}
