/**
 * Compares answers with each other and with known answers. Two answers are equal if they mean the same value.
 */
import { readReply } from "../annotation/mod.ts";
import type { Scale, ScaleValue } from "../annotation/scales/mod.ts";
import type { KnownItem } from "../experiment/mod.ts";
import type { RatingAnswers } from "./rating_log.ts";

/** Whether the answers to an item are right on all scales with a known answer. */
export function isRight(known: KnownItem, answers: RatingAnswers, scales: readonly Scale[]): boolean {
  return scales.every((scale) => {
    const expected = known.answers[scale.name];
    return expected === undefined || isSameAnswer(scale, expected, answers[scale.name] ?? null);
  });
}

/** Whether two answers mean the same value of a scale. */
export function isSameAnswer(scale: Scale, one: string | null, other: string | null): boolean {
  return one === null || other === null ? one === other : valueOf(scale, one) === valueOf(scale, other);
}

/** The value that an answer means; `undefined` if the scale has no such answer. */
export function valueOf(scale: Scale, answer: string): ScaleValue | undefined {
  const read = readReply([scale], { text: answer, finishReason: "stop" });
  return "values" in read ? read.values[scale.name] : undefined;
}
