/** What the page of a seat sends, and what it gets back besides a `SeatView`. */
import type { AnswerFate } from "./question.ts";

/** An answer to a question. */
export type SeatAnswer = Readonly<{
  /** The question's id. */
  question: string;
  /** Empty to say nothing. */
  text: string;
  /** Whether something was pasted into the text. */
  pasted: boolean;
}>;

/** The fate of an answer. It comes when the fate is certain. */
export type AnswerReceipt = Readonly<{ fate: AnswerFate }>;

/** A person's answer to the text of consent. */
export type SeatConsent = Readonly<{ agrees: boolean; /** SHA-256 (hex) of the text. */ sha256: string }>;
