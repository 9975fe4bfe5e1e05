/** The page's questions to its server. */
import type { BlindItem, RatingGuide, RatingProgress } from "../../../core/rating/mod.ts";
import { serverAt } from "../page_parts/server.ts";
import type { RaterStanding, RatingNews } from "../rating_news.ts";

/** What the page loads first if the rater takes part. */
export type RatingStart = Readonly<{
  standing: "agreed";
  guide: RatingGuide;
  progress: RatingProgress;
  /** What the rater reads at the end; `null` before it, or if there is nothing to read. */
  debriefing: string | null;
}>;

/** What the page loads first if the rater does not take part, or not yet. */
export type RatingGate = Readonly<{
  standing: Exclude<RaterStanding, "agreed">;
  /** The text to agree to; `null` if there is nothing to agree to now. */
  consent: Readonly<{ text: string; sha256: string }> | null;
  /** What a rater reads after withdrawing; `null` before it, or if there is nothing to read. */
  debriefing: string | null;
}>;

/** The answers to an item: one for each question. */
export type Answers = readonly (string | null)[];

/** What the page has seen of the news, and the place that it shows. */
export type Seen = Readonly<{ seen: string | null; place: number | null }>;

/** The server of the page. Each question can fail with `RefusedByServer` or `ConnectionLost`. */
export type RatingSource = Readonly<{
  /** Waits until something differs from the news that the page has seen, but at most some seconds. */
  news: (seen: Seen, signal: AbortSignal) => Promise<RatingNews>;
  start: () => Promise<RatingStart | RatingGate>;
  consent: (agrees: boolean, sha256: string) => Promise<unknown>;
  item: (place: number) => Promise<BlindItem>;
  rate: (place: number, answers: Answers) => Promise<RatingProgress>;
  /** Confirms all ratings so far, and begins what comes next. */
  confirm: () => Promise<RatingStart | RatingGate>;
}>;

/** Asks the server of the page over HTTP. */
export function httpRatingSource(token: string | null): RatingSource {
  const ask = serverAt("api/rating", token);
  return {
    news: (seen, signal) => ask("/news", seen, signal),
    start: () => ask(""),
    consent: (agrees, sha256) => ask("/consent", { agrees, sha256 }),
    item: (place) => ask(`/items/${place}`),
    rate: (place, answers) => ask(`/items/${place}`, { answers }),
    confirm: () => ask("/confirm", {}),
  };
}
