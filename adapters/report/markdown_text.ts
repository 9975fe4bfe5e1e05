/**
 * Text of unknown origin in Markdown: it can say anything, but it is nothing other than text to whatever reads Markdown
 * (CommonMark, GitHub, GitLab, Pandoc, Quarto), and to what looks for addresses, names and formulas in what was read.
 */
import { visibleCharacter, visibleLines, visibleText } from "../../analysis/report/mod.ts";

/**
 * What is looked for after escapes were undone, so that these do not help: addresses, mentions, formulas, emoji names.
 * As code it is left alone. An `r` after a backtick would make R Markdown run what follows.
 */
const SOUGHT = /(?<code>(?:[@$]|:(?=\/\/|[\w+-]+:)|(?<=www)\.)+)(?<r>r?)/u;

/** Always part of markup, or so where it stands: in `--`, `==`, `//`, `...`, `a:b`, `a.b`, `%1`, `!1`. */
const ESCAPED = /[\\*_{}[\]<>#~^|&]|[%!](?=\w)|:(?=\S)|\/(?=\/)|-(?=-)|=(?==)|\.(?=[.\p{L}])/u;

const MARKUP = new RegExp(`${SOUGHT.source}|(?<tick>\`)|${ESCAPED.source}`, "giu");

/** What makes a line a heading, an item, a caption, a definition or the underline of a heading. */
const LINE_START = /^(\(?(?:\d+|[a-z]|[ivxlcdm]+|table)(?=[.):](?:\s|$))|(?=[-+=:]))/i;

/** What Quarto and R Markdown obey even within code: includes, and code to run. */
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
 * Writes text that a line may begin with: a title, for one.
 *
 * @param text Any text; line breaks are shown as `\n`.
 */
export function markdownLine(text: string): string {
  return markdownLineOf(visibleText(text));
}

/** The same for text without line breaks. */
function markdownLineOf(line: string): string {
  return markdownInline(line.trim()).replace(LINE_START, "$1\\");
}

/** Writes text in bold, between spaces. @param text Any text; line breaks are shown as `\n`. */
export function markdownBold(text: string): string {
  const inline = markdownInline(visibleText(text).trim());
  return inline === "" ? "" : `**${inline}**`;
}

/**
 * Writes text as paragraphs, which blank lines part.
 *
 * @param prefix What stands before every line but the first, such as a quotation's mark.
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
 * Writes a text as it stands in its file, apart from what Quarto and R Markdown would obey: that is shown by number,
 * such as `\u{60}` for a backtick.
 */
export function markdownFenced(text: string): string {
  const lines = visibleLines(text).replace(OBEYED_IN_CODE, visibleCharacter);
  const ticks = (lines.match(/`+/g) ?? []).reduce((most, { length }) => Math.max(most, length), 2);
  const fence = "`".repeat(ticks + 1);
  return `${fence}\n${lines.replace(/\n$/, "")}\n${fence}`;
}
