/** The answers to a question, and their keys. */
import type { BlindQuestion } from "../../../core/rating/mod.ts";

/** `undefined` before the rater answered; `null` is "cannot tell". */
export type Answer = string | null | undefined;

type Choices = Pick<BlindQuestion, "choices">;

/**
 * The key of each answer; `null` if it has none. If any answer is a digit, each digit chooses only the answer that
 * is this digit. Otherwise the keys 1 to 9 choose the first nine answers in their order.
 */
export function keysOf({ choices }: Choices): readonly (string | null)[] {
  const isDigit = (answer: string) => /^[0-9]$/.test(answer);
  if (choices.some(({ answer }) => isDigit(answer))) {
    return choices.map(({ answer }) => isDigit(answer) ? answer : null);
  }
  return choices.map((_, index) => index < 9 ? String(index + 1) : null);
}

/** The key of "cannot tell", the same for all questions of a page: `0`, unless 0 is an answer. */
export function cannotTellKey(questions: readonly Choices[]): "0" | "x" {
  return questions.some((question) => keysOf(question).includes("0")) ? "x" : "0";
}
