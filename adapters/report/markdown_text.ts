/**
 * Writes text of unknown origin as Markdown. Programs that read Markdown (CommonMark, GitHub, GitLab, Pandoc,
 * Quarto) find only text in it: no markup, and no addresses, names or formulas.
 */
import { visibleCharacter, visibleLines, visibleText } from "../../analysis/report/mod.ts";

/**
 * Marks of addresses, mentions, formulas and emoji names. Programs look for these after they undo escapes, so the
 * marks are written as code. An `r` after a backtick would make R Markdown run the text after it.
 */
const SOUGHT = /(?<code>(?:[@$]|:(?=\/\/|[\w+-]+:)|(?<=www)\.)+)(?<r>r?)/u;

/** Marks that are always escaped, and marks that are escaped in `--`, `==`, `//`, `...`, `a:b`, `a.b`, `%1`, `!1`. */
const ESCAPED = /[\\*_{}[\]<>#~^|&]|[%!](?=\w)|:(?=\S)|\/(?=\/)|-(?=-)|=(?==)|\.(?=[.\p{L}])/u;

const MARKUP = new RegExp(`${SOUGHT.source}|(?<tick>\`)|${ESCAPED.source}`, "giu");

/** A beginning that makes a line a heading, an item, a caption, a definition or the underline of a heading. */
const LINE_START = /^(\(?(?:\d+|[a-z]|[ivxlcdm]+|table)(?=[.):](?:\s|$))|(?=[-+=:]))/i;

/** Marks of includes and of code that Quarto and R Markdown run even within a code block. */
const OBEYED_IN_CODE = /`(?=\{|r[ #])|\{(?=\{<)/g;

/**
 * Writes text within a line.
 *
 * @param text One line, as `visibleText()` gives it.
 *
 * @example
 * ```ts
 * import { markdownInline } from "./markdown_text.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(markdownInline("<b>1 | 2</b>"), "\\<b\\>1 \\| 2\\</b\\>");
 * assert.equal(markdownInline("me@example.org, $5"), "me`@`example\\.org, `$`5");
 * ```
 */
export function markdownInline(text: string): string {
  return text.replace(MARKUP, (found, ...rest) => {
    const { code, r, tick } = rest.at(-1);
    if (code !== undefined) return `\`${code}\`${r === "" ? "" : `&#${r.charCodeAt(0)};`}`;
    return tick === undefined ? `\\${found}` : "&#96;";
  });
}

/**
 * Writes text that may stand at the beginning of a line, such as a title.
 *
 * @param text Any text; line breaks are shown as `\n`.
 */
export function markdownLine(text: string): string {
  return markdownLineOf(visibleText(text));
}

/** {@linkcode markdownLine} for text without line breaks. */
function markdownLineOf(line: string): string {
  return markdownInline(line.trim()).replace(LINE_START, "$1\\");
}

/**
 * Writes text in bold, which must stand between spaces.
 *
 * @param text Any text; line breaks are shown as `\n`.
 */
export function markdownBold(text: string): string {
  const inline = markdownInline(visibleText(text).trim());
  return inline === "" ? "" : `**${inline}**`;
}

/**
 * Writes text as paragraphs, with a blank line between two of them.
 *
 * @param prefix Text before every line except the first, such as the mark of a quotation.
 */
export function markdownProse(text: string, prefix = ""): string {
  return visibleLines(text).trim().split(/\n(?:[^\S\n]*\n)+/)
    .map((paragraph) => paragraph.split("\n").map(markdownLineOf).join(`\\\n${prefix}`))
    .join(`\n${prefix.trimEnd()}\n${prefix}`);
}

export function markdownCell(text: string): string {
  return visibleLines(text).trim().split("\n").map((line) => markdownInline(line.trim()))
    .join(" <br>");
}

/**
 * Writes a text as a code block. Marks that Quarto or R Markdown would act on are shown by number, such as `\u{60}`
 * for a backtick.
 */
export function markdownFenced(text: string): string {
  const lines = visibleLines(text).replace(OBEYED_IN_CODE, visibleCharacter);
  const ticks = (lines.match(/`+/g) ?? []).reduce((most, { length }) => Math.max(most, length), 2);
  const fence = "`".repeat(ticks + 1);
  return `${fence}\n${lines.replace(/\n$/, "")}\n${fence}`;
}
