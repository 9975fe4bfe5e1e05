/** What is wrong with an answer, before it is sent. The server checks everything again. */
import type { BlindQuestion } from "../../../core/rating/mod.ts";
import type { Answer } from "./answers.ts";

/** An answer is missing, or it cannot be sent. The message is for the rater. */
export class AnswerRefused extends Error {
  /** Distinguishes this error from others. */
  override readonly name = "AnswerRefused";
  /** The index of the question with this problem, from 0. */
  readonly question: number;

  constructor(message: string, question: number) {
    super(message);
    this.question = question;
  }
}

/** What is wrong with an answer; `null` if it can be sent. */
export function answerProblem({ maxLength }: BlindQuestion, answer: Answer): string | null {
  if (answer === undefined) return "This question has no answer yet. Choose an answer, or “Cannot tell”.";
  const length = answer === null || maxLength === null ? 0 : charactersOf(answer);
  return length > (maxLength ?? 0)
    ? `Shorten this text: it has ${length} characters, and at most ${maxLength} are possible.`
    : null;
}

/** The number of characters in a text, without the white space around it. */
export function charactersOf(text: string): number {
  return [...text.trim()].length;
}
