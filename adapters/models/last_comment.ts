/** What a prompt shows last, for models that answer it without understanding it. */
import type { Message } from "../../core/ports/model.ts";

/** A paragraph that begins a comment: a name of one line, a colon, a text. */
const LABELLED = /^([^\n:]{1,200}): (\S[^]*)$/;

/**
 * The last comment that a prompt of the library's own shows: the last paragraph that begins with a name and a colon,
 * before the paragraph that asks for the reply. A comment of several paragraphs is taken from where it
 * begins; a paragraph within it that looks like a beginning is taken for one.
 *
 * @param messages The prompt.
 * @returns Its author and text; `null` where the last message shows no comment of somebody else.
 */
export function lastComment(messages: readonly Message[]): Readonly<{ author: string; text: string }> | null {
  const content = messages.at(-1)?.content ?? "";
  let end = content.lastIndexOf("\n\n");
  const commentEnd = end;
  while (end > 0) {
    const previous = content.lastIndexOf("\n\n", end - 1);
    const start = previous === -1 ? 0 : previous + 2;
    const found = LABELLED.exec(content.slice(start, commentEnd));
    if (found !== null) return { author: found[1]!, text: found[2]! };
    end = previous;
  }
  return null;
}
