/**
 * One rater in one pass: the rater's items in their order, and the answers. An answer is durable before the
 * next item.
 */
import { readReply } from "../annotation/mod.ts";
import { type Scale, scaleTypeOf } from "../annotation/scales/mod.ts";
import type { RatingSettings } from "../experiment/mod.ts";
import { isRight } from "./known_answers.ts";
import { drawRatingOrder, type RatableDiscussion, type RatingDraw, type RatingItem } from "./rating_order.ts";
import {
  evolveRating,
  finalRatings,
  type RatingAnswers,
  type RatingEntry,
  type RatingState,
  readRatingLog,
} from "./rating_log.ts";
import { ratingsIn, type StoredRatings } from "./stored_ratings.ts";

/** How many attempts at the quiz a rater has. A bad result does not exclude the rater. */
export const QUIZ_ATTEMPTS_MAX = 2;

/** The answers of a rater are refused. The page shows the message to the rater. */
export class RatingRefused extends Error {
  /** Identifies errors of this class. */
  override readonly name = "RatingRefused";
  /** 0-based index of the question whose answer is refused; `null` if the reason is not one answer. */
  readonly question: number | null;

  /** Makes a refusal. */
  constructor(message: string, question: number | null = null) {
    super(message);
    this.question = question;
  }
}

/** What a rater needs. */
export type RaterOptions = Readonly<{
  draw: Omit<RatingDraw, "batch">;
  scales: readonly Scale[];
  settings: RatingSettings;
  /** The text of the rater's log so far. */
  log: string;
  /** Adds an entry to the log. It is durable when the promise resolves. */
  append: (entry: RatingEntry) => Promise<void>;
  /** Now, in milliseconds since 1970. */
  now: () => number;
}>;

/** A question of the pass: a comment, and one scale. */
export type AskedScale = Readonly<{ discussion: string; comment: number; scale: string }>;

/** How far a rater is. */
export type RatingProgress = Readonly<{
  /** What the rater does now. `finished`: there is nothing to rate. */
  part: "quiz" | "rating" | "finished";
  /** The part has the places from `from` to `to` - 1. */
  from: number;
  to: number;
  /**
   * The first place without an answer. It is equal to `to` if all items have answers that are not confirmed
   * yet.
   */
  next: number;
  /** Answers before this place are final. */
  final: number;
  /**
   * The number of the present attempt at the quiz, from 1, and the most attempts; `null` outside of a quiz.
   */
  quiz: Readonly<{ attempt: number; of: number }> | null;
  /** How many items of the last confirmed attempt at the quiz were right; `null` before the first one. */
  lastQuiz: Readonly<{ right: number; of: number }> | null;
}>;

/** A rater. All changes wait in one queue, so that the log has them in the order in which they came. */
export class Rater {
  readonly #options: RaterOptions;
  #state: RatingState;
  /** The discussions that this process can ask about. */
  #discussions: readonly RatableDiscussion[] = [];
  /** Discussion and ordinal of a comment → its place. */
  readonly #places = new Map<string, number>();
  #queue: Promise<unknown> = Promise.resolve();
  #changed = Promise.withResolvers<void>();
  #hasWithdrawn = false;

  /** @throws {RangeError} If the log is damaged. */
  constructor(options: RaterOptions) {
    this.#options = options;
    this.#state = readRatingLog(options.log);
    this.#learnPlaces(0);
  }

  /** The item at a place; `undefined` after the last item. */
  itemAt(place: number): RatingItem | undefined {
    return this.#state.items[place];
  }

  /** The newest answers at a place, in the order of the scales; `null` before they were given. */
  answersAt(place: number): readonly (string | null)[] | null {
    const answers = this.#state.answers.get(place);
    return answers === undefined ? null : this.#options.scales.map(({ name }) => answers[name] ?? null);
  }

  get progress(): RatingProgress {
    const { items, attempts, rated, confirmed } = this.#state;
    const attempt = attempts[Math.min(confirmed, items.length - 1)] ?? 0;
    const isFinished = confirmed >= items.length;
    const from = attempts.indexOf(attempt);
    const to = attempts.lastIndexOf(attempt) + 1;
    const part = isFinished ? "finished" : attempt > 0 ? "quiz" : "rating";
    return {
      part,
      from: Math.max(from, 0),
      to,
      next: rated,
      final: finalRatings(this.#state),
      quiz: part === "quiz" ? { attempt, of: QUIZ_ATTEMPTS_MAX } : null,
      lastQuiz: this.#lastQuiz(),
    };
  }

  /** How many items the rater has rated. */
  get ratings(): StoredRatings {
    return ratingsIn(this.#state);
  }

  /**
   * Adds the discussions that the rater does not have yet, after all others. If there is a quiz, the rater
   * must confirm it first.
   */
  async include(discussions: readonly RatableDiscussion[]): Promise<void> {
    this.#discussions = discussions;
    await this.#inTurn(() => this.#extend());
  }

  /**
   * Takes the answers to the item at a place. They are durable when the promise resolves.
   *
   * @param answers One for each scale, in their order; `null` for "cannot tell".
   * @throws {RatingRefused} If the rater has not come to this place yet, the answers at it are final, or an
   *   answer is not allowed on its scale.
   */
  async rate(place: number, answers: readonly (string | null)[]): Promise<void> {
    const given = this.#checked(answers);
    await this.#inTurn(async () => {
      const { rated } = this.#state;
      const { to } = this.progress;
      if (!Number.isSafeInteger(place) || place < 0 || place > rated || place >= to) {
        throw new RatingRefused("This item does not come next. Reload the page.");
      }
      if (place < finalRatings(this.#state)) {
        throw new RatingRefused("This rating is final. It can no longer be changed.");
      }
      await this.#record({ kind: "rated", at: this.#now(), place, answers: given });
    });
  }

  /**
   * Confirms all answers so far.
   *
   * @throws {RatingRefused} If an item of the part has no answer.
   */
  async confirm(): Promise<void> {
    await this.#inTurn(async () => {
      const { part, to, next } = this.progress;
      if (part === "finished") return;
      if (next < to) throw new RatingRefused("Some items have no answer yet.");
      await this.#record({ kind: "confirmed", at: this.#now(), places: to });
      await this.#extend();
    });
  }

  /**
   * Waits until the rater's answer to a scale is final.
   *
   * @returns The answer; `null` for "cannot tell"; `undefined` if the rater withdrew.
   */
  async answerTo(asked: AskedScale, signal: AbortSignal): Promise<string | null | undefined> {
    for (;;) {
      signal.throwIfAborted();
      const place = this.#places.get(keyOf(asked));
      const answers = place === undefined || place >= finalRatings(this.#state)
        ? undefined
        : this.#state.answers.get(place);
      if (answers !== undefined) return answers[asked.scale] ?? null;
      if (this.#hasWithdrawn) return undefined;
      await aborting(this.#changed.promise, signal);
    }
  }

  /** Notes that the rater withdrew. Calls of `answerTo()` then no longer wait. */
  withdraw(): void {
    this.#hasWithdrawn = true;
    this.#wake();
  }

  #checked(answers: readonly (string | null)[]): RatingAnswers {
    const { scales } = this.#options;
    if (answers.length !== scales.length) {
      throw new RatingRefused(`Expected ${scales.length} answers, found ${answers.length}.`);
    }
    return Object.fromEntries(scales.map((scale, index) => {
      const answer = answers[index]!;
      if (answer === null) return [scale.name, null];
      const read = readReply([scale], { text: answer, finishReason: "stop" });
      if ("problem" in read) {
        throw new RatingRefused(`This answer must be ${scaleTypeOf(scale).form(scale)}.`, index);
      }
      return [scale.name, answer];
    }));
  }

  /** Draws the next items: another attempt at the quiz, if there is one, otherwise comments and checks. */
  async #extend(): Promise<void> {
    const { settings, draw } = this.#options;
    const { batches, confirmed, items } = this.#state;
    if (batches === 0 && settings.quiz.length > 0) {
      if (confirmed < items.length) return;
      const attempt = (this.#state.attempts.at(-1) ?? 0) + 1;
      const last = this.#lastQuiz();
      if (attempt <= QUIZ_ATTEMPTS_MAX && last?.right !== settings.quiz.length) {
        const quiz = settings.quiz.map((known, item): RatingItem => ({ kind: "quiz", item, ...known }));
        return await this.#record({ kind: "drawn", at: this.#now(), items: quiz, attempt });
      }
    }
    const isKnown = new Set(items.flatMap((item) => "discussion" in item ? [item.discussion] : []));
    const added = this.#discussions.filter(({ id }) => !isKnown.has(id));
    const seen = new Set(items.flatMap((item) => item.kind === "known" ? [item.item] : []));
    const known = settings.known.map((known, item) => ({ item, ...known })).filter(({ item }) =>
      !seen.has(item)
    );
    const drawn = drawRatingOrder(added, { ...draw, batch: batches }, { repeat: settings.repeat, known });
    if (drawn.length > 0) await this.#record({ kind: "drawn", at: this.#now(), items: drawn });
  }

  #lastQuiz(): RatingProgress["lastQuiz"] {
    const { items, attempts, answers, confirmed } = this.#state;
    const last = Math.max(0, ...attempts.slice(0, confirmed));
    if (last === 0) return null;
    const places = [...items.keys()].filter((place) => attempts[place] === last);
    const right = places.filter((place) => {
      const item = items[place]!;
      return "item" in item && isRight(item, answers.get(place)!, this.#options.scales);
    });
    return { right: right.length, of: places.length };
  }

  async #record(entry: RatingEntry): Promise<void> {
    await this.#options.append(entry);
    const before = this.#state.items.length;
    this.#state = evolveRating(this.#state, entry);
    this.#learnPlaces(before);
    this.#wake();
  }

  #wake(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }

  #learnPlaces(from: number): void {
    for (const [index, item] of this.#state.items.slice(from).entries()) {
      if (item.kind === "comment") this.#places.set(keyOf(item), from + index);
    }
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    const turn = this.#queue.then(work);
    this.#queue = turn.catch(() => {});
    return turn;
  }

  #now(): string {
    return new Date(this.#options.now()).toISOString();
  }
}

function keyOf({ discussion, comment }: Readonly<{ discussion: string; comment: number }>): string {
  return JSON.stringify([discussion, comment]);
}

/** Waits for a promise. If the signal is aborted before, throws the signal's reason. */
async function aborting(promise: Promise<void>, signal: AbortSignal): Promise<void> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = () => reject(signal.reason);
  signal.addEventListener("abort", abort);
  try {
    await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}
