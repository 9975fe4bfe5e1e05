/** What a threshold can be set on: figures that are computed from the last comments alone. */
import type { RuleOptions } from "../events/mod.ts";
import type { ModerationView } from "./schedule.ts";

/** A signal: a pure function of what was said. */
export type Signal = (view: ModerationView, options: RuleOptions) => number;

const lastText = (view: ModerationView): string => view.lastComment?.text ?? "";

/** Letters with their marks: the scripts of India and decomposed accents would fall apart without them. */
const WORD = /[\p{L}\p{M}\p{N}]+(?:['’-][\p{L}\p{M}\p{N}]+)*/gu;

/** The words of a text, in lower case; in scripts without spaces, a run of letters is one word. */
export function wordsOf(text: string): string[] {
  return (text.match(WORD) ?? []).map((word) => word.normalize("NFC").toLowerCase());
}

function share(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}

/**
 * The signals by name.
 *
 * - `length`: words of the last comment.
 * - `capitals`: share of its cased letters that are capitals, 0 to 1.
 * - `exclamations`: its exclamation marks.
 * - `words`: how many of its words are in the list `words`.
 * - `repetition`: share of its words that stood in the comment before it in the window, 0 to 1.
 */
export const SIGNALS: ReadonlyMap<string, Signal> = new Map<string, Signal>([
  ["length", (view) => wordsOf(lastText(view)).length],
  ["capitals", (view) => {
    const upper = lastText(view).match(/\p{Lu}/gu)?.length ?? 0;
    const lower = lastText(view).match(/\p{Ll}/gu)?.length ?? 0;
    return share(upper, upper + lower);
  }],
  ["exclamations", (view) => lastText(view).match(/[!！]/g)?.length ?? 0],
  ["words", (view, options) => {
    const listed = new Set((options.words as readonly string[]).flatMap(wordsOf));
    return wordsOf(lastText(view)).filter((word) => listed.has(word)).length;
  }],
  ["repetition", (view) => {
    const before = new Set(wordsOf(view.window.at(-2)?.text ?? ""));
    const words = wordsOf(lastText(view));
    return share(words.filter((word) => before.has(word)).length, words.length);
  }],
]);
