/** Draws the order in which a rater rates comments, and the places of the checks among the comments. */
import type { KnownItem } from "../experiment/mod.ts";
import { type Draw, openDraw } from "../random/mod.ts";

/** A finished discussion with the comments that a pass asks about. */
export type RatableDiscussion = Readonly<{
  id: string;
  condition: string;
  /** The ordinals of the comments to rate, in the order of the discussion. */
  comments: readonly number[];
}>;

/** An item with known answers. `item` is its 0-based number in the researcher's file. */
export type NumberedItem = KnownItem & Readonly<{ item: number }>;

/**
 * One thing to rate: a comment for the first time, the same comment a second time, an item with known answers, or an item
 * of the quiz.
 */
export type RatingItem =
  | Readonly<{ kind: "comment" | "repeat"; discussion: string; comment: number }>
  | (Readonly<{ kind: "known" | "quiz" }> & NumberedItem);

/** The name of the order to draw. Equal names give equal orders. */
export type RatingDraw = Readonly<{
  seed: string;
  pass: string;
  rater: string;
  /**
   * How many orders were drawn for this rater before. If the run grows, the new discussions get another
   * order.
   */
  batch: number;
}>;

/** The checks among the comments. */
export type RatingChecks = Readonly<{
  /** The share of comments that the rater rates twice, from 0 to 1. */
  repeat: number;
  /** The items with known answers that this rater has not seen. */
  known: readonly NumberedItem[];
}>;

/** For this number of comments, a rater gets one item with known answers. */
export const KNOWN_EVERY = 15;

/** A comment is repeated after at least this many other comments, so that the rater does not copy the first rating. */
export const REPEAT_GAP_MIN = 10;

/**
 * Draws an order. The comments of a discussion stay together and in sequence. The discussions of each
 * condition are spread evenly over the order. Checks come only between discussions.
 */
export function drawRatingOrder(
  discussions: readonly RatableDiscussion[],
  named: RatingDraw,
  checks: RatingChecks,
): readonly RatingItem[] {
  const { seed, pass, rater, batch } = named;
  const draw = (purpose: string) => openDraw(seed, "rating", pass, rater, batch, purpose);
  const ordered = balanced(discussions, draw("order"));
  const blocks = ordered.map(({ id, comments }) =>
    comments.map((comment): RatingItem => ({ kind: "comment", discussion: id, comment }))
  );
  const between = [...Array(blocks.length + 1)].map((): RatingItem[] => []);
  const ends = endsOf(blocks);
  placeRepeats(ordered, { ends, between, share: checks.repeat }, draw("repeat"));
  placeKnown(checks.known, { ends, between }, draw("known"));
  return [...between[0]!, ...blocks.flatMap((block, index) => [...block, ...between[index + 1]!])];
}

/**
 * Orders the discussions. For a condition with n discussions, the order has n equal parts. Each part gets one
 * of them, at a random point.
 */
function balanced(discussions: readonly RatableDiscussion[], draw: Draw): readonly RatableDiscussion[] {
  const sorted = discussions.filter(({ comments }) => comments.length > 0)
    .toSorted((a, b) => compare(a.id, b.id));
  const groups = [...Map.groupBy(sorted, ({ condition }) => condition)]
    .toSorted(([a], [b]) => compare(a, b)).map(([, members]) => members);
  return groups.flatMap((members) =>
    draw.sample(members, members.length).map((discussion, index) => ({
      discussion,
      point: (index + draw.uniform()) / members.length,
    }))
  ).sort((a, b) => a.point - b.point).map(({ discussion }) => discussion);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** How many comments come before each gap between discussions. The first gap is before all discussions. */
function endsOf(blocks: readonly (readonly unknown[])[]): readonly number[] {
  const ends = [0];
  for (const { length } of blocks) ends.push(ends.at(-1)! + length);
  return ends;
}

type Places = Readonly<{ ends: readonly number[]; between: readonly RatingItem[][] }>;

function placeRepeats(
  ordered: readonly RatableDiscussion[],
  { ends, between, share }: Places & Readonly<{ share: number }>,
  draw: Draw,
): void {
  const total = ends.at(-1)!;
  const candidates = ordered.flatMap(({ id, comments }, block) =>
    comments.map((comment, within) => ({ discussion: id, comment, from: ends[block]! + within + 1 }))
  ).filter(({ from }) => from + REPEAT_GAP_MIN <= total);
  const count = Math.min(Math.round(total * share), candidates.length);
  for (const { from, ...repeated } of draw.sample(candidates, count)) {
    const first = ends.findIndex((end) => end >= from + REPEAT_GAP_MIN);
    between[first + draw.below(ends.length - first)]!.push({ kind: "repeat", ...repeated });
  }
}

function placeKnown(known: readonly NumberedItem[], { ends, between }: Places, draw: Draw): void {
  const total = ends.at(-1)!;
  const count = Math.min(known.length, Math.max(1, Math.round(total / KNOWN_EVERY)));
  if (total === 0) return;
  for (const [index, item] of draw.sample(known, count).entries()) {
    const wanted = (index + draw.uniform()) / count * total;
    between[ends.findIndex((end) => end >= wanted)]!.push({ kind: "known", ...item });
  }
}
