/** @jsxRuntime automatic */
/** @jsxImportSource npm:preact@11.2.0 */
/**
 * Texts of unknown origin. The page shows them as text nodes only. Marks can show characters that are hidden
 * or that disguise a text.
 */
import type { VNode } from "npm:preact@11.2.0";
import { UNSEEN, visibleCharacter } from "../../../../analysis/report/visible_text.ts";
import type { SnippetPart } from "../../api.ts";
import { useSettings } from "./settings.ts";

/** A text of a log: a name, a comment, a prompt. */
export function Words({ text }: Readonly<{ text: string }>): VNode {
  return <bdi dir="auto" class="words">{useMarked(text)}</bdi>;
}

/** A text of several lines. */
export function Lines({ text }: Readonly<{ text: string }>): VNode {
  return <div dir="auto" class="words lines">{useMarked(text)}</div>;
}

/** A part of a comment, with the matches of a search. */
export function Snippet({ parts }: Readonly<{ parts: readonly SnippetPart[] }>): VNode {
  const { marks } = useSettings();
  return (
    <span dir="auto" class="words snippet">
      {parts.map(({ text, hit }, index) =>
        hit ? <mark key={index}>{marked(text, marks)}</mark> : <span key={index}>{marked(text, marks)}</span>
      )}
    </span>
  );
}

/** The text as nodes, with marks if the reader wants them. */
function useMarked(text: string): (string | VNode)[] {
  return marked(text, useSettings().marks);
}

/**
 * Replaces hidden characters by marks, except newlines and tabs.
 *
 * @param isOn If `false`, the text stays whole.
 */
export function marked(text: string, isOn: boolean): (string | VNode)[] {
  if (!isOn) return [text];
  const parts: (string | VNode)[] = [];
  let end = 0;
  for (const { 0: char, index } of text.matchAll(UNSEEN)) {
    if (char === "\n" || char === "\t") continue;
    if (index > end) parts.push(text.slice(end, index));
    parts.push(<span key={index} class="unseen">{visibleCharacter(char)}</span>);
    end = index + char.length;
  }
  if (end < text.length) parts.push(text.slice(end));
  return parts;
}

/** How many hidden characters a text has. Newlines and tabs do not count. */
export function hiddenCharacters(text: string): number {
  let count = 0;
  for (const [char] of text.matchAll(UNSEEN)) if (char !== "\n" && char !== "\t") count++;
  return count;
}
