/** Draws the order in which a rater rates comments, and where the checks stand among them. */
import type { KnownItem } from "../experiment/mod.ts";
import { type Draw, openDraw } from "../random/mod.ts";

/** A finished discussion with the comments that a pass asks about. */
export type RatableDiscussion = Readonly<{
  id: string;
  condition: string;
  /** The ordinals of its comments to rate, in their order. */
  comments: readonly number[];
}>;

/** An item whose answers are known, with its 0-based number in the researcher's file. */
export type NumberedItem = KnownItem & Readonly<{ item: number }>;

/**
 * One thing to rate: a comment for the first time, the same comment a second time, an item with known answers, or an item
 * of the quiz.
 */
export type RatingItem =
  | Readonly<{ kind: "comment" | "repeat"; discussion: string; comment: number }>
  | (Readonly<{ kind: "known" | "quiz" }> & NumberedItem);

/** Which order to draw. Equal members give equal orders. */
export type RatingDraw = Readonly<{
  seed: string;
  pass: string;
  rater: string;
  /** The number of orders that were drawn for this rater before: a run that grows needs a further one. */
  batch: number;
}>;

/** The checks among the comments. */
export type RatingChecks = Readonly<{
  /** The share of comments that the rater rates twice, from 0 to 1. */
  repeat: number;
  /** The items with known answers that this rater has not seen. */
  known: readonly NumberedItem[];
}>;

/** One item with a known answer comes for this many comments. */
export const KNOWN_EVERY = 15;

/** A comment is repeated after at least this many other comments, so that the rater does not copy the first rating. */
export const REPEAT_GAP_MIN = 10;

/**
 * Draws an order. Each discussion is whole, with its comments in sequence. The conditions take turns, in proportion to
 * their sizes. Checks stand between discussions.
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

/** The n discussions of a condition stand in the n equal parts of the order, each at a random point of its part. */
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

/** How many comments stand before each gap between discussions, the first gap being before all of them. */
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
