/** How far the raters of a pass are, for the researcher. */
import type { Consents, Standing } from "../../core/people/mod.ts";
import type { RatingDesk } from "../../core/rating/mod.ts";

/** How far one rater is. */
export type RaterProgress = Readonly<{
  rater: string;
  standing: Standing;
  /** How many items have a rating. The items of the quiz, which is for practice, are not counted. */
  rated: number;
  /** How many items there are, without the items of the quiz; 0 before the items are drawn. */
  of: number;
  /** Whether the rater has finished, so that all ratings are final. */
  isFinished: boolean;
}>;

/** How far all raters of a desk are now. */
export function raterProgress(
  desk: Pick<RatingDesk, "raters" | "ratings" | "progress">,
  { standing }: Pick<Consents, "standing">,
): readonly RaterProgress[] {
  return desk.raters.map((rater) => {
    const { rated, of } = desk.ratings(rater);
    const isFinished = of > 0 && desk.progress(rater).part === "finished";
    return { rater, standing: standing(rater), rated, of, isFinished };
  });
}
