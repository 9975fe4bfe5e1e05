/** Reads replies: removes thoughts, labels and marks, and separates comments from silence. */
import type { ModelReply } from "../ports/model.ts";
import { dividedByChannels } from "./channels.ts";
import type { FinishReason, ThoughtsOption } from "../events/models.ts";
import { withoutFirstMarks, withoutLastMarks } from "./end_marks.ts";
import { type OwnLabel, ownLabelOf } from "./own_label.ts";
import { type Divided, divided } from "./thoughts.ts";
import type { SilenceReason } from "../events/mod.ts";

/**
 * The version of the rules for reading replies. A design keeps its version. A design without a version has version 1,
 * which removes only a plain `Name:` and no thoughts.
 */
export const READING_VERSION = 2;

/** The members of a reply that `cleanReply` reads. */
export type RawReply = Pick<ModelReply, "text" | "finishReason" | "reasoning">;

/** How a reply is read. */
export type CleaningOptions = Readonly<{
  /** The speaker whose name is removed as a label; without it, no label is removed. */
  speaker?: string;
  /** `strip` by default. */
  thoughts?: ThoughtsOption | undefined;
  /** The design's version of the rules; 1 if the design has none. */
  reading: number | undefined;
}>;

/** A reply without thoughts, labels and marks. */
export type CleanReply = Readonly<{
  /** The comment. Its characters occur in the reply in this order. */
  text: string;
  /** The model's thoughts: first those that its server sent beside the text, then those from the text. */
  thoughts: string | null;
  /** Other removed texts: labels with the speaker's name, marks of chat templates, and text after these marks. */
  removed: readonly string[];
  /** Whether the limit of tokens cut the reply, or the reply ends within a thought. */
  isCut: boolean;
}>;

/** Tags that some models put around their answer. */
const WRAPPER = /^<(?:answer|response|output|final_answer|final)>/iu;
const WRAPPER_END = /<\/(?:answer|response|output|final_answer|final)>$/iu;
const WRAPPER_LENGTH_MAX = 30;

/**
 * The beginnings of all marks, and of texts whose marks a server dropped. Most replies contain none of them.
 * For these replies, the slow search for all marks is left out: it would take longer than the rest of a turn.
 */
const MAY_HOLD_MARKS = /[<[◁`]|&lt;|^(?:analysis|here|assistant)/iu;

/** Thoughts and labels can follow each other in any order, so they are removed in at most this number of rounds. */
const ROUNDS_MAX = 4;

/**
 * Removes thoughts, labels and marks from a reply. The rules are in `thoughts.ts`, `own_label.ts` and `end_marks.ts`.
 *
 * @example
 * ```ts
 * import { cleanReply, READING_VERSION } from "./reading.ts";
 * import assert from "node:assert/strict";
 *
 * const reply = { text: "<think>I could agree.</think>\n\n**Cleo:** I agree.<|im_end|>", finishReason: "stop" } as const;
 * assert.deepEqual(cleanReply(reply, { speaker: "Cleo", reading: READING_VERSION }), {
 *   text: "I agree.",
 *   thoughts: "I could agree.",
 *   removed: ["**Cleo:**", "<|im_end|>"],
 *   isCut: false,
 * });
 * ```
 */
export function cleanReply(
  { text, finishReason, reasoning }: RawReply,
  { speaker, thoughts = "strip", reading = 1 }: CleaningOptions,
): CleanReply {
  // The reply of a person is not cleaned: the person wrote every thought or label in it on purpose.
  if (finishReason === "sent") return { text: text.trim(), thoughts: null, removed: [], isCut: false };
  const isCut = finishReason === "length";
  if (reading < 2) {
    const said = speaker === undefined ? text : withoutPlainLabel(text, speaker);
    return { text: said, thoughts: null, removed: [], isCut };
  }
  const cleaner = new Cleaner(speaker, isCut);
  const said = thoughts === "keep" ? cleaner.withoutLabel(text) : cleaner.clean(text);
  const all = [...(isWords(reasoning) ? [reasoning.trim()] : []), ...cleaner.thoughts];
  return {
    text: said,
    thoughts: all.length === 0 ? null : all.join("\n\n"),
    removed: cleaner.removed,
    isCut: isCut || cleaner.isOpen,
  };
}

class Cleaner {
  readonly #label: OwnLabel | null;
  readonly #isCut: boolean;
  readonly thoughts: string[] = [];
  readonly removed: string[] = [];
  isOpen = false;

  constructor(speaker: string | undefined, isCut: boolean) {
    this.#label = speaker === undefined ? null : ownLabelOf(speaker);
    this.#isCut = isCut;
  }

  clean(text: string): string {
    let said = text.trim();
    if (!MAY_HOLD_MARKS.test(said)) return this.withoutLabel(said);
    for (let round = 0; round < ROUNDS_MAX; round++) {
      const before = said;
      // Thoughts come first: the tokens that mark them look like tokens of chat templates.
      said = this.#divide(said, dividedByChannels(said, this.#isCut));
      said = this.#divide(said, divided(said));
      said = this.#without(withoutFirstMarks(said));
      said = this.withoutLabel(said);
      said = this.#without(withoutLastMarks(said));
      said = this.#unwrap(said);
      if (said === before) break;
    }
    return said;
  }

  withoutLabel(text: string): string {
    return this.#label === null ? text.trim() : this.#without(this.#label.takeOff(text));
  }

  #divide(text: string, parts: Divided | null): string {
    if (parts === null) return text;
    for (const thought of parts.thoughts) this.thoughts.push(thought);
    this.isOpen ||= parts.isOpen;
    return parts.said.trim();
  }

  #without({ text, removed }: Readonly<{ text: string; removed: readonly string[] }>): string {
    this.removed.push(...removed);
    return text;
  }

  #unwrap(text: string): string {
    const begin = WRAPPER.exec(text)?.[0];
    const end = WRAPPER_END.exec(text.slice(-WRAPPER_LENGTH_MAX))?.[0];
    // The tags are removed only if the closing tag ends the text. A cut reply needs no closing tag.
    if (begin === undefined || (end === undefined && !this.#isCut)) return text;
    this.removed.push(begin, ...(end === undefined ? [] : [end]));
    return text.slice(begin.length, end === undefined ? undefined : -end.length).trim();
  }
}

function withoutPlainLabel(text: string, speaker: string): string {
  const trimmed = text.trim();
  const label = `${speaker}:`;
  const isLabelled = trimmed.slice(0, label.length).toLowerCase() === label.toLowerCase();
  return isLabelled ? trimmed.slice(label.length).trimStart() : trimmed;
}

function isWords(text: string | undefined): text is string {
  return text !== undefined && text.trim() !== "";
}

/** The result of reading a reply: a comment or the reason for silence, and the removed texts. */
export type Utterance =
  & Pick<CleanReply, "thoughts" | "removed">
  & (Readonly<{ text: string }> | Readonly<{ silent: SilenceReason }>);

/**
 * Only spaces, invisible characters, and quotation marks of any script. Some models write quotation marks
 * instead of a reply.
 */
const NOTHING = /^[\s\p{Quotation_Mark}`´\p{Default_Ignorable_Code_Point}\p{Cc}]*$/u;

/** Signs that can surround a pass word: quotes, brackets, emphasis, a full stop. */
const SIGNS = /^[\s\p{P}\p{S}\p{Default_Ignorable_Code_Point}]*$/u;
const WORD_BETWEEN_SIGNS = /[\p{L}\p{N}].*[\p{L}\p{M}\p{N}]|[\p{L}\p{N}]/su;

/**
 * Reads a reply as a comment or as silence.
 *
 * A reply is silence if the server withheld it, or if it is empty or has only quotation marks and spaces. It
 * is also silence if it is the pass word. The pass word can be in any case, and can have any punctuation
 * around it. A reply that was cut before any text is silence, too, but the speaker did not choose it.
 *
 * @param passWord The word that means silence; empty for none.
 * @returns The comment's text, or the reason for silence.
 */
export function readUtterance(
  reply: RawReply,
  passWord: string,
  options: CleaningOptions & Readonly<{ speaker: string }>,
): Utterance {
  // Only the text without thoughts decides about silence, even if comments keep their thoughts.
  const said = cleanReply(reply, { ...options, thoughts: "strip" });
  const silent = silenceOf(said, reply, { passWord, reading: options.reading ?? 1 });
  if (silent !== null) return { silent, thoughts: said.thoughts, removed: said.removed };
  const { text, thoughts, removed } = options.thoughts === "keep" ? cleanReply(reply, options) : said;
  return { text, thoughts, removed };
}

/**
 * Replies with these finish reasons are silence, even if they have a text. The reason for silence has the
 * same name.
 */
const NEVER_SAID: ReadonlySet<FinishReason> = new Set(["refused", "timed-out", "declined"] as const);

function silenceOf(
  { text, isCut }: CleanReply,
  { finishReason }: RawReply,
  { passWord, reading }: Readonly<{ passWord: string; reading: number }>,
): SilenceReason | null {
  if (NEVER_SAID.has(finishReason)) return finishReason as SilenceReason;
  if (NOTHING.test(text)) return isCut && reading >= 2 ? "cut-before-text" : "empty";
  return finishReason !== "sent" && isPassWord(text, passWord) ? "pass-word" : null;
}

/** A pass word with letters can have any signs around it. A pass word of signs alone must match exactly. */
function isPassWord(text: string, passWord: string): boolean {
  const word = WORD_BETWEEN_SIGNS.exec(passWord.toLowerCase())?.[0];
  if (word === undefined) return text === passWord.trim();
  const said = text.toLowerCase();
  const at = said.indexOf(word);
  return at !== -1 && SIGNS.test(said.slice(0, at)) && SIGNS.test(said.slice(at + word.length));
}
