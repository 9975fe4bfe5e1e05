/** What the page of a rater learns while it is open. */
import type { Standing } from "../../core/people/mod.ts";
import type { BlindItem } from "../../core/rating/mod.ts";

/** Whether a rater takes part. `waiting` means that the rater takes part, but the annotation has not begun. */
export type RaterStanding = Standing | "waiting";

/** The news for a rater's page. */
export type RatingNews = Readonly<{
  /** Changes whenever the standing changes. */
  version: string;
  standing: RaterStanding;
  /** The place of the item that the page shows. */
  place: number | null;
  /** How many comments of the item at this place cannot be read, because their authors withdrew. */
  withdrawn: number;
}>;

/** How many comments of an item cannot be read. */
export function withdrawnIn({ before, comment }: BlindItem): number {
  return [...before, comment].filter(({ text }) => text === null).length;
}
