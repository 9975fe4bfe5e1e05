/** What a prompt shows last, for models that answer it without understanding it. */
import type { Message } from "../../core/ports/model.ts";

/** A paragraph that is a comment: a name of one line, a colon, a text. */
const SIGNED = /^([^\n:]{1,200}): (\S[^]*)$/;

/**
 * The last comment that a prompt of the library's own shows: the paragraph before the one that asks for the reply, which
 * holds all of the comment, since prompts indent its further lines.
 *
 * @param messages The prompt.
 * @returns Its author and text; `null` where the last message shows no comment of somebody else.
 */
export function lastComment(messages: readonly Message[]): Readonly<{ author: string; text: string }> | null {
  const paragraph = messages.at(-1)?.content.split("\n\n").at(-2);
  const found = paragraph === undefined ? null : SIGNED.exec(paragraph);
  return found === null ? null : { author: found[1]!, text: found[2]!.replaceAll("\n  ", "\n") };
}
