/** Text of unknown origin in a page: the components escape it, and these show what would not be seen. */
// deno-lint-ignore-file jsx-key -- the page is rendered once
import type { VNode } from "preact";
import { UNSEEN, visibleCharacter } from "../../analysis/report/mod.ts";

const PARTS = new RegExp(`(${UNSEEN.source})`, "u");

/** A text; newlines and tabs stay, other characters that would not be seen are set off as `\u{202e}`. */
export function Shown({ text }: Readonly<{ text: string }>): VNode {
  const parts = text.replaceAll("\r\n", "\n").split(PARTS);
  return (
    <>
      {parts.map((part, index) =>
        index % 2 === 0 || part === "\n" || part === "\t"
          ? part
          : <span class="unseen">{visibleCharacter(part)}</span>
      )}
    </>
  );
}

/** A text within a line: it cannot change the writing direction of the text around it. */
export function Inline({ text }: Readonly<{ text: string }>): VNode {
  return (
    <bdi>
      <Shown text={text} />
    </bdi>
  );
}
