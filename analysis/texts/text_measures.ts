/** What the texts of a discussion come to: the figures that read every word of every comment. */
import { distinctN, type Diversity, measureDiversity } from "./diversity.ts";
import type { Unavailable } from "../statistics/unavailable.ts";

/** Figures of a discussion's texts. */
export type TextMeasures =
  & Diversity
  & Readonly<{
    /** The share of different pairs of words in a row among all of them. */
    distinct2: number | Unavailable;
  }>;

/**
 * Measures the texts of one discussion, in this thread or elsewhere: {@linkcode measureTexts} and what gives the same.
 *
 * @param comments The texts of the generated comments: openings and silent turns are not among them.
 */
export type MeasureTexts = (comments: readonly string[]) => Promise<TextMeasures>;

/**
 * Measures the texts of one discussion. Time grows with the square of their length, up to some seconds: callers with
 * many discussions can spread them over cores.
 *
 * @param comments The texts of the generated comments: openings and silent turns are not among them.
 *
 * @example
 * ```ts
 * import { measureTexts } from "./text_measures.ts";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(measureTexts(["Buses are late", "buses are late"]), {
 *   diversity: 0,
 *   wordsCompared: null,
 *   distinct2: 1 / 2,
 * });
 * ```
 */
export function measureTexts(comments: readonly string[]): TextMeasures {
  return { ...measureDiversity(comments), distinct2: distinctN(comments, 2) };
}
