/** The answers to a question, and their keys. */
import type { BlindQuestion } from "../../../core/rating/mod.ts";

/** `undefined` before the rater answered; `null` is "cannot tell". */
export type Answer = string | null | undefined;

/** The key of each answer: the digit itself, if all answers are digits; otherwise the number in the list. */
export function keysOf({ choices }: BlindQuestion): readonly (string | null)[] {
  const areDigits = choices.every(({ answer }) => /^[1-9]$/.test(answer));
  return choices.map(({ answer }, index) => areDigits ? answer : index < 9 ? String(index + 1) : null);
}
