/** What counts as a comment, and what is silence. */
import type { SilenceReason } from "../events/mod.ts";
import { type CleaningOptions, type CleanReply, cleanReply, type RawReply } from "./clean_reply.ts";

/** A reply, read: either something was said, or nothing was, for a reason; and what was taken out of it. */
export type Utterance =
  & Pick<CleanReply, "thoughts" | "removed">
  & (Readonly<{ text: string }> | Readonly<{ silent: SilenceReason }>);

/**
 * Quotation marks of the world's scripts, which models like to put around a reply, or instead of one, and characters
 * that nobody sees.
 */
const NOTHING = /^[\s\p{Quotation_Mark}`´\p{Default_Ignorable_Code_Point}\p{Cc}]*$/u;

/** What may stand around a pass word: quotes, brackets, emphasis, a full stop. */
const SIGNS = /^[\s\p{P}\p{S}\p{Default_Ignorable_Code_Point}]*$/u;
const WORD_BETWEEN_SIGNS = /[\p{L}\p{N}].*[\p{L}\p{M}\p{N}]|[\p{L}\p{N}]/su;

/**
 * Reads a reply: takes out what is no part of it, and tells silence from speech.
 *
 * Silence is a reply that the server withheld, that is empty, holds only quotation marks and spaces, or is the pass
 * word in any case, with or without punctuation around it. A reply that was cut before any text is silence that nobody
 * chose.
 *
 * @param reply The model's answer.
 * @param passWord The word that means silence; empty for none.
 * @param options Who was asked, and how replies are read.
 * @returns The comment's text, or why there is none.
 */
export function readUtterance(
  reply: RawReply,
  passWord: string,
  options: CleaningOptions & Readonly<{ speaker: string }>,
): Utterance {
  // Whether anything was said is told without the thoughts, also where comments keep theirs.
  const said = cleanReply(reply, { ...options, thoughts: "strip" });
  const silent = silenceOf(said, reply, { passWord, reading: options.reading ?? 1 });
  if (silent !== null) return { silent, thoughts: said.thoughts, removed: said.removed };
  const { text, thoughts, removed } = options.thoughts === "keep" ? cleanReply(reply, options) : said;
  return { text, thoughts, removed };
}

function silenceOf(
  { text, isCut }: CleanReply,
  { finishReason }: RawReply,
  { passWord, reading }: Readonly<{ passWord: string; reading: number }>,
): SilenceReason | null {
  if (finishReason === "refused") return "refused";
  if (NOTHING.test(text)) return isCut && reading >= 2 ? "cut-before-text" : "empty";
  return isPassWord(text, passWord) ? "pass-word" : null;
}

/** A pass word is told by its letters, whatever signs are around it; one of signs alone is taken as it is. */
function isPassWord(text: string, passWord: string): boolean {
  const word = WORD_BETWEEN_SIGNS.exec(passWord.toLowerCase())?.[0];
  if (word === undefined) return text === passWord.trim();
  const said = text.toLowerCase();
  const at = said.indexOf(word);
  return at !== -1 && SIGNS.test(said.slice(0, at)) && SIGNS.test(said.slice(at + word.length));
}
