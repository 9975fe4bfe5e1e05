/** What counts as a comment, and what is silence. */
import type { SilenceReason } from "../events/mod.ts";
import type { ModelReply } from "../ports/model.ts";

/** A reply, read: either something was said, or nothing was, for a reason. */
export type Utterance = Readonly<{ text: string }> | Readonly<{ silent: SilenceReason }>;

/**
 * Quotation marks of the world's scripts, which models like to put around a reply, or instead of one, and characters
 * that nobody sees.
 */
const NOTHING = /^[\s\p{Quotation_Mark}`´\p{Default_Ignorable_Code_Point}\p{Cc}]*$/u;

/** What may stand around a pass word: quotes, brackets, emphasis, a full stop. */
const SIGNS = /^[\s\p{P}\p{S}\p{Default_Ignorable_Code_Point}]*$/u;
const WORD_BETWEEN_SIGNS = /[\p{L}\p{N}].*[\p{L}\p{M}\p{N}]|[\p{L}\p{N}]/su;

/**
 * Reads a reply: takes a leading `Name:` away that repeats who is speaking, trims it, and tells silence from speech.
 *
 * Silence is a reply that the server withheld, that is empty, holds only quotation marks and spaces, or is the pass
 * word in any case, with or without punctuation around it.
 *
 * @param reply The model's answer.
 * @param speaker Who was asked.
 * @param passWord The word that means silence; empty for none.
 * @returns The comment's text, or why there is none.
 */
export function readUtterance(reply: ModelReply, speaker: string, passWord: string): Utterance {
  if (reply.finishReason === "refused") return { silent: "refused" };
  const text = withoutOwnName(reply.text, speaker);
  if (NOTHING.test(text)) return { silent: "empty" };
  if (isPassWord(text, passWord)) return { silent: "pass-word" };
  return { text };
}

function withoutOwnName(text: string, speaker: string): string {
  const trimmed = text.trim();
  const label = `${speaker}:`;
  const labelled = trimmed.slice(0, label.length).toLowerCase() === label.toLowerCase();
  return labelled ? trimmed.slice(label.length).trimStart() : trimmed;
}

/** A pass word is told by its letters, whatever signs are around it; one of signs alone is taken as it is. */
function isPassWord(text: string, passWord: string): boolean {
  const word = WORD_BETWEEN_SIGNS.exec(passWord.toLowerCase())?.[0];
  if (word === undefined) return text === passWord.trim();
  const said = text.toLowerCase();
  const at = said.indexOf(word);
  return at !== -1 && SIGNS.test(said.slice(0, at)) && SIGNS.test(said.slice(at + word.length));
}
