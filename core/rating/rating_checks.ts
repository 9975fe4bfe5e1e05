/**
 * The results of the checks among a rater's items: self-agreement, known answers, and the quiz. They exclude
 * no rater.
 */
import { isFreeText, type Scale } from "../annotation/scales/mod.ts";
import { isRight, isSameAnswer, valueOf } from "./known_answers.ts";
import type { RatingState } from "./rating_log.ts";

/** The checks of one rater on one scale. */
export type ScaleChecks = Readonly<{
  scale: string;
  /** How many comments the rater rated twice, with a value each time. */
  repeated: number;
  /** How many of these comments got two equal values. */
  repeatedEqual: number;
  /**
   * The mean difference between the two values; `null` if there are no such comments, or the values are no
   * numbers.
   */
  distance: number | null;
  /** How many rated items have a known answer on this scale. */
  known: number;
  /** How many of these items got the known answer. "Cannot tell" counts as a different answer. */
  knownRight: number;
}>;

/** The checks of one rater. */
export type CheckResults = Readonly<{
  /** For each attempt at the quiz: how many of its items got all known answers. */
  quiz: readonly Readonly<{ right: number; of: number }>[];
  /** The checks of each scale, except scales of free text. */
  scales: readonly ScaleChecks[];
}>;

/** The results of a rater's checks so far. Answers that the rater can still correct count, too. */
export function checkResults(state: RatingState, scales: readonly Scale[]): CheckResults {
  return {
    quiz: quizAttempts(state, scales),
    scales: scales.filter((scale) => !isFreeText(scale)).map((scale) => ({
      scale: scale.name,
      ...repeatedOn(state, scale),
      ...knownOn(state, scale),
    })),
  };
}

function quizAttempts({ items, attempts, answers, confirmed }: RatingState, scales: readonly Scale[]) {
  const results: { right: number; of: number }[] = [];
  for (const [place, item] of items.slice(0, confirmed).entries()) {
    if (item.kind !== "quiz") continue;
    const result = results[attempts[place]! - 1] ??= { right: 0, of: 0 };
    result.of++;
    if (isRight(item, answers.get(place)!, scales)) result.right++;
  }
  return results;
}

function repeatedOn(
  { items, answers }: RatingState,
  scale: Scale,
): Pick<ScaleChecks, "repeated" | "repeatedEqual" | "distance"> {
  const first = new Map<string, string | null>();
  const distances: number[] = [];
  let [repeated, repeatedEqual] = [0, 0];
  for (const [place, item] of items.entries()) {
    const answer = answers.get(place)?.[scale.name] ?? null;
    if (!("discussion" in item) || answer === null) continue;
    const key = JSON.stringify([item.discussion, item.comment]);
    if (item.kind === "comment") {
      first.set(key, answer);
      continue;
    }
    const before = first.get(key);
    if (before == null) continue;
    repeated++;
    if (isSameAnswer(scale, before, answer)) repeatedEqual++;
    distances.push(Math.abs(numberOf(scale, before) - numberOf(scale, answer)));
  }
  const sum = distances.reduce((total, distance) => total + distance, 0);
  return { repeated, repeatedEqual, distance: Number.isFinite(sum) && repeated > 0 ? sum / repeated : null };
}

function numberOf(scale: Scale, answer: string): number {
  const value = valueOf(scale, answer);
  return typeof value === "number" ? value : NaN;
}

function knownOn({ items, answers }: RatingState, scale: Scale): Pick<ScaleChecks, "known" | "knownRight"> {
  let [known, knownRight] = [0, 0];
  for (const [place, item] of items.entries()) {
    const given = answers.get(place);
    if (item.kind !== "known" || given === undefined) continue;
    const expected = item.answers[scale.name];
    if (expected === undefined) continue;
    known++;
    if (isSameAnswer(scale, expected, given[scale.name] ?? null)) knownRight++;
  }
  return { known, knownRight };
}
