/** Text that a page can hold: whatever it says, it stays text. */
import { UNSEEN, visibleCharacter, visibleLines } from "../../analysis/report/mod.ts";

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** HTML that is well-formed, and commands nothing that this program did not write. */
export class Markup {
  /** @param text HTML; what is no literal of this program's has been escaped. */
  constructor(readonly text: string) {}
}

/**
 * Writes HTML. Strings among the values are escaped, for between tags as well as for quoted attributes; characters
 * that would not be seen are written as `\u{202e}`.
 *
 * @param literals What stands in the program.
 * @param values What is put between.
 *
 * @example
 * ```ts
 * import { markup } from "./html_markup.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(markup`<p>${"1 < 2"} ${markup`<b>${3}</b>`}</p>`.text, "<p>1 &lt; 2 <b>3</b></p>");
 * ```
 */
export function markup(
  literals: TemplateStringsArray,
  ...values: readonly (string | number | Markup | readonly Markup[])[]
): Markup {
  return new Markup(
    literals.map((literal, index) => {
      const value = values[index] ?? "";
      if (value instanceof Markup) return literal + value.text;
      if (typeof value === "object") return literal + value.map(({ text }) => text).join("\n");
      return literal + escaped(visibleLines(String(value)));
    }).join(""),
  );
}

/** Nothing. */
export const NOTHING: Markup = markup``;

/**
 * Text of unknown origin, between tags: unseen characters are shown set off, so that nobody takes them for written
 * ones.
 *
 * @param text The text; newlines and tabs stay.
 */
export function shown(text: string): Markup {
  return new Markup(
    escaped(text.replaceAll("\r\n", "\n")).replace(
      UNSEEN,
      (char) => isLayout(char) ? char : `<span class="unseen">${visibleCharacter(char)}</span>`,
    ),
  );
}

/**
 * The same within a line: it cannot turn the direction of what stands around it.
 *
 * @param text The text.
 */
export function shownInline(text: string): Markup {
  return markup`<bdi>${shown(text)}</bdi>`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (char) => ENTITIES[char]!);
}

function isLayout(char: string): boolean {
  return char === "\n" || char === "\t";
}
