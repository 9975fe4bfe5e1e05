/** Counts the ratings in a stored log. Answers are encrypted, but counting them needs no key. */
import { type RatingState, readRatingLog } from "./rating_log.ts";
import { withoutAnswers } from "./sealed_log.ts";

/** How many items a rater has rated. */
export type StoredRatings = Readonly<{
  /** Rated items, including the items of the quiz. */
  all: number;
  /** Rated items after the quiz. */
  rated: number;
  /** All items after the quiz; 0 before they are drawn. */
  of: number;
}>;

/** Counts the ratings in a stored log; `null` if it is damaged. */
export function storedRatings(text: string): StoredRatings | null {
  try {
    return ratingsIn(readRatingLog(withoutAnswers(text)));
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** Counts the ratings of a rater. */
export function ratingsIn({ attempts, rated }: RatingState): StoredRatings {
  const quiz = attempts.filter((attempt) => attempt > 0).length;
  return { all: rated, rated: Math.max(0, rated - quiz), of: attempts.length - quiz };
}
