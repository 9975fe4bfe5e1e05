/** Reading of replies: thoughts, labels and marks are taken out, and comments are told from silence. */
import type { ModelReply } from "../ports/model.ts";
import { dividedByChannels } from "./channels.ts";
import type { ThoughtsOption } from "../events/models.ts";
import { withoutFirstMarks, withoutLastMarks } from "./end_marks.ts";
import { type OwnLabel, ownLabelOf } from "./own_label.ts";
import { type Divided, divided } from "./thoughts.ts";
import type { SilenceReason } from "../events/mod.ts";

/**
 * The version of the rules by which replies are read. A design keeps the version that its replies were read by; where
 * it names none, that is 1, which knows of no thoughts and takes only a plain `Name:` off.
 */
export const READING_VERSION = 2;

/** What of a reply is read. */
export type RawReply = Pick<ModelReply, "text" | "finishReason" | "reasoning">;

/** How a reply is read. */
export type CleaningOptions = Readonly<{
  /** Whose name is taken off as a label; none if it is left out. */
  speaker?: string;
  /** `strip` where it is left out. */
  thoughts?: ThoughtsOption | undefined;
  /** The version of the rules, as the design has it: 1 if it is left out. */
  reading: number | undefined;
}>;

/** A reply without what does not belong to it. */
export type CleanReply = Readonly<{
  /** What was said. Its characters stand in the reply in this order. */
  text: string;
  /** What the model thought: what its server sent beside the text, then what stood in the text. */
  thoughts: string | null;
  /** What else was taken off: labels with the speaker's name, marks of chat templates, and what came after those. */
  removed: readonly string[];
  /** Whether the limit of tokens cut the reply, or it ends within a thought. */
  isCut: boolean;
}>;

/** What some models put around their answer. */
const WRAPPER = /^<(?:answer|response|output|final_answer|final)>/iu;
const WRAPPER_END = /<\/(?:answer|response|output|final_answer|final)>$/iu;
const WRAPPER_LENGTH_MAX = 30;

/**
 * What every mark begins with, and what begins a text whose marks a server dropped. Most replies hold none of these, and
 * looking for each mark costs more than a turn does otherwise.
 */
const MAY_HOLD_MARKS = /[<[◁`]|&lt;|^(?:analysis|here|assistant)/iu;

/** A thought can be followed by a label and the other way round; what is left after these rounds stays. */
const ROUNDS_MAX = 4;

/**
 * Takes thoughts, labels and marks out of a reply. The rules stand with the functions that it uses.
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
    // An answer that was cut has no end; one whose end is elsewhere is no wrapper.
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

/** A reply, read: either something was said, or nothing was, for a reason; and what was taken out of it. */
export type Utterance =
  & Pick<CleanReply, "thoughts" | "removed">
  & (Readonly<{ text: string }> | Readonly<{ silent: SilenceReason }>);

/**
 * Quotation marks of the world's scripts, which models like to put around a reply, or instead of one, and invisible
 * characters.
 */
const NOTHING = /^[\s\p{Quotation_Mark}`´\p{Default_Ignorable_Code_Point}\p{Cc}]*$/u;

/** What may stand around a pass word: quotes, brackets, emphasis, a full stop. */
const SIGNS = /^[\s\p{P}\p{S}\p{Default_Ignorable_Code_Point}]*$/u;
const WORD_BETWEEN_SIGNS = /[\p{L}\p{N}].*[\p{L}\p{M}\p{N}]|[\p{L}\p{N}]/su;

/**
 * Reads a reply: takes out what is no part of it, and tells silence from speech.
 *
 * Silence is a reply that the server withheld, that is empty, holds only quotation marks and spaces, or is the pass
 * word in any case, with or without punctuation around it. A reply that was cut before any text is silence that was not
 * chosen.
 *
 * @param passWord The word that means silence; empty for none.
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
