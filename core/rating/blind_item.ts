/**
 * What a rater is allowed to see: letters in place of names, and questions without the names of their scales.
 */
import { type Scale, scaleTypeOf } from "../annotation/scales/mod.ts";

/** A comment without its author's name and role. */
export type BlindComment = Readonly<{
  /**
   * A letter in place of the author's name: A for the first author in the discussion, B for the second
   * author, and so on.
   */
  speaker: string;
  /** `null` if the text cannot be read, because its author withdrew. */
  text: string | null;
}>;

/** A question about a comment, and the forms of its answers. */
export type BlindQuestion = Readonly<{
  question: string;
  /** What the rater does: chooses an answer, writes a number, or writes a text. */
  kind: "choose" | "number" | "text";
  /** The answers to choose from, in the researcher's order. */
  choices: readonly Readonly<{ answer: string; label: string | null }>[];
  /** The limits of a number. */
  min: number | null;
  max: number | null;
  /** The most characters of a text. */
  maxLength: number | null;
}>;

/** The alphabet of speakers. */
const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/**
 * Replaces the names of comments' authors by letters.
 *
 * @param comments All comments from the first one on, even those that the rater does not see. So an author
 *   has the same letter in all items.
 */
export function blindComments(
  comments: readonly Readonly<{ author: string; text: string; withheld?: boolean }>[],
): readonly BlindComment[] {
  const letters = new Map<string, string>();
  return comments.map(({ author, text, withheld }) => {
    const speaker = letters.get(author) ?? letterOf(letters.size);
    letters.set(author, speaker);
    return { speaker, text: withheld ? null : text };
  });
}

/** The letter of the author with this 0-based index: A to Z, then AA, AB and so on. */
function letterOf(index: number): string {
  const rest = Math.floor(index / LETTERS.length);
  return (rest === 0 ? "" : letterOf(rest - 1)) + LETTERS[index % LETTERS.length];
}

/** The question of a scale in the researcher's words. */
export function blindQuestion(scale: Scale): BlindQuestion {
  const type = scaleTypeOf(scale);
  const { min = null, max = null } = scale as Readonly<{ min?: number; max?: number }>;
  const labels = scale.type === "ordinal" ? scale.labels ?? {} : {};
  const answers = scale.type === "nominal" ? scale.labels : type.answers?.(scale) ?? null;
  return {
    question: scale.question,
    kind: answers !== null ? "choose" : type.maxLength === undefined ? "number" : "text",
    choices: (answers ?? []).map((answer) => ({ answer, label: labels[answer] ?? null })),
    min,
    max,
    maxLength: type.maxLength?.(scale) ?? null,
  };
}
