/** The page's questions to its server. */
import { WITHDRAWN_STATUS } from "../withdrawn_status.ts";
import type { BlindItem, RatingGuide, RatingProgress } from "../../../core/rating/mod.ts";

/** What the page loads first, once the rater takes part. */
export type RatingStart = Readonly<{
  standing: "agreed";
  guide: RatingGuide;
  progress: RatingProgress;
  /** What the rater reads at the end; `null` before it, or if there is nothing to read. */
  debriefing: string | null;
}>;

/** What the page loads first if the rater does not take part, or not yet. */
export type RatingGate = Readonly<{
  /** `waiting`: the annotation has not begun. */
  standing: "not-asked" | "declined" | "withdrew" | "waiting";
  /** The text to agree to; `null` if there is nothing to agree to now. */
  consent: Readonly<{ text: string; sha256: string }> | null;
}>;

/** The answers to an item: one for each question. */
export type Answers = readonly (string | null)[];

/** The server of the page. Each question can fail with an `Error` for the rater. */
export type RatingSource = Readonly<{
  start: () => Promise<RatingStart | RatingGate>;
  consent: (agrees: boolean, sha256: string) => Promise<unknown>;
  item: (place: number) => Promise<BlindItem>;
  rate: (place: number, answers: Answers) => Promise<RatingProgress>;
  /** Confirms all ratings so far, and begins what comes next. */
  confirm: () => Promise<RatingStart | RatingGate>;
}>;

const LOST =
  "The server does not answer. Your last ratings are saved. Ask the researchers whether it runs, then try again.";

/** Why something cannot be done. The message is for the rater. */
export class RatingProblem extends Error {
  /** Tells this error from others. */
  override readonly name = "RatingProblem";
  /** The question that it is about, from 0; `null` if it is about no single question. */
  readonly question: number | null;
  /** The rater has withdrawn. */
  readonly hasWithdrawn: boolean;

  constructor(message: string, { question, status }: Readonly<{ question: number | null; status?: number }>) {
    super(message);
    this.question = question;
    this.hasWithdrawn = status === WITHDRAWN_STATUS;
  }
}

/** Asks the server of the page over HTTP. */
export function httpRatingSource(token: string | null): RatingSource {
  const ask = async <Value>(path: string, body?: unknown): Promise<Value> => {
    const response = await fetch(`/api/rating${path}`, {
      method: body === undefined ? "GET" : "POST",
      headers: { "Authorization": `Bearer ${token ?? ""}`, "Content-Type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }).catch((cause) => {
      throw new Error(LOST, { cause });
    });
    const answer: unknown = await response.json().catch(() => ({}));
    if (response.ok) return answer as Value;
    const { status } = response;
    const { error, question = null } = answer as Readonly<{ error?: string; question?: number | null }>;
    const reason = error ?? `The server answered with the status ${status}. Reload the page.`;
    throw new RatingProblem(reason, { question, status });
  };
  return {
    start: () => ask(""),
    consent: (agrees, sha256) => ask("/consent", { agrees, sha256 }),
    item: (place) => ask(`/items/${place}`),
    rate: (place, answers) => ask(`/items/${place}`, { answers }),
    confirm: () => ask("/confirm", {}),
  };
}
