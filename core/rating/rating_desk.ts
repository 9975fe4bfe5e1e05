/**
 * The rating desk. At it, people rate the comments of finished discussions. Each person has a separate order
 * of comments, and can take any time. The engine of the pass takes the answers from the desk when it asks for
 * them.
 */
import {
  annotationStart,
  type AnnotationState,
  evolveAnnotation,
  targetComments,
} from "../annotation/mod.ts";
import { DamagedStream, readStream } from "../engine/stream.ts";
import { type AnnotationDesign, eventOf } from "../events/mod.ts";
import type { RatingSettings } from "../experiment/mod.ts";
import { seatOf } from "../people/mod.ts";
import { RUN_TEXTS, type RunWriter } from "../ports/mod.ts";
import { RunError } from "../run_log/mod.ts";
import type { Sha256 } from "../sha256.ts";
import { type BlindComment, blindComments, type BlindQuestion, blindQuestion } from "./blind_item.ts";
import { type AskedScale, Rater, type RatingProgress } from "./rater.ts";
import type { RatableDiscussion } from "./rating_order.ts";
import type { StoredRatings } from "./stored_ratings.ts";
import { openedRatingLog, storedRatingLine } from "./sealed_log.ts";

/** What the desk needs. */
export type RatingDeskOptions = Readonly<{
  design: AnnotationDesign;
  /** The names of the annotators who are people. */
  raters: readonly string[];
  settings: RatingSettings;
  run: Pick<RunWriter, "place" | "store" | "readText" | "appendText">;
  /** The ids of the discussions to rate. The desk skips unfinished and damaged discussions. */
  streams: Iterable<string> | AsyncIterable<string>;
  sha256: Sha256;
  /** Now, in milliseconds since 1970. */
  now: () => number;
}>;

/** What a rater reads at the beginning: the instructions and the questions. */
export type RatingGuide = Readonly<{
  instructions: string | null;
  questions: readonly BlindQuestion[];
}>;

/** An item as the rater sees it. It does not show whether it is a check. */
export type BlindItem = Readonly<{
  place: number;
  before: readonly BlindComment[];
  comment: BlindComment;
  /** The answers so far, in the order of the questions; `null` before they were given. */
  answers: readonly (string | null)[] | null;
}>;

/** Gives people their items, and takes their answers. */
export class RatingDesk {
  readonly #options: RatingDeskOptions;
  readonly #raters = new Map<string, Rater>();
  #discussions: readonly RatableDiscussion[] = [];
  /** The comments of the discussions that were shown last. */
  readonly #shown = new Map<string, AnnotationState["comments"]>();

  private constructor(options: RatingDeskOptions) {
    this.#options = options;
  }

  /**
   * Reads the logs, and resumes each rater.
   *
   * @throws {RangeError} If the log of a rater is damaged.
   * @throws {RunError} If the run does not have the key that decrypts a rater's answers.
   * @throws {StoreError} If the logs cannot be read, or the log of a rater cannot be written.
   */
  static async open(options: RatingDeskOptions): Promise<RatingDesk> {
    const desk = new RatingDesk(options);
    const { design, raters, settings, run, now } = options;
    const { pass, seed, codebook: { scales } } = design;
    desk.#discussions = await desk.#ratable();
    for (const name of raters) {
      const number = design.annotators.findIndex((annotator) => annotator.name === name) + 1;
      const text = RUN_TEXTS.ratings(pass, number);
      const owner = { rater: name, keys: run.store.keys };
      const log = await openedRatingLog(await run.readText(text) ?? "", owner);
      if (log === null && !owner.keys?.hasWithdrawn(name)) throw withoutKey(run.place, name);
      const rater = new Rater({
        draw: { seed, pass, rater: name },
        scales,
        settings,
        log: log ?? "",
        append: async (entry) => await run.appendText(text, await storedRatingLine(entry, owner)),
        now,
      });
      // Without the log, the rater has withdrawn, and the answers cannot be read.
      if (log === null) rater.withdraw();
      desk.#raters.set(name, rater);
    }
    return desk;
  }

  /**
   * Draws items for a rater, if there are new ones. Before the first call, nothing about the rater is stored.
   */
  async begin(rater: string): Promise<void> {
    await this.#rater(rater).include(this.#discussions);
  }

  /** The names of the raters, for links. */
  get raters(): readonly string[] {
    return [...this.#raters.keys()];
  }

  /** The instructions and questions, which are the same for all raters. */
  guide(): RatingGuide {
    const { settings: { instructions }, design: { codebook } } = this.#options;
    return { instructions, questions: codebook.scales.map(blindQuestion) };
  }

  /**
   * How far a rater is.
   *
   * @throws {RangeError} If there is no such rater.
   */
  progress(rater: string): RatingProgress {
    return this.#rater(rater).progress;
  }

  /**
   * How many items a rater has rated.
   *
   * @throws {RangeError} If there is no such rater.
   */
  ratings(rater: string): StoredRatings {
    return this.#rater(rater).ratings;
  }

  /** The item at a place in a rater's order; `null` if there is none. */
  async item(rater: string, place: number): Promise<BlindItem | null> {
    const one = this.#rater(rater);
    const item = one.itemAt(place);
    if (item === undefined) return null;
    const { history } = this.#options.design;
    const comments = "discussion" in item ? await this.#commentsOf(item.discussion) : item.comments;
    const end = "discussion" in item ? item.comment + 1 : comments.length;
    const from = history === null ? 0 : Math.max(0, end - 1 - history);
    const shown = blindComments(comments).slice(from, end);
    return { place, before: shown.slice(0, -1), comment: shown.at(-1)!, answers: one.answersAt(place) };
  }

  /** Takes the answers to an item; see {@linkcode Rater.rate}. */
  async rate(rater: string, place: number, answers: readonly (string | null)[]): Promise<void> {
    await this.#rater(rater).rate(place, answers);
  }

  /** Confirms all answers so far; see {@linkcode Rater.confirm}. */
  async confirm(rater: string): Promise<void> {
    await this.#rater(rater).confirm();
  }

  /** Waits until the rater's answer to a scale is final; see {@linkcode Rater.answerTo}. */
  async answer(rater: string, asked: AskedScale, signal: AbortSignal): Promise<string | null | undefined> {
    return await this.#rater(rater).answerTo(asked, signal);
  }

  /** Notes that a rater withdrew; see {@linkcode Rater.withdraw}. */
  withdrew(rater: string): void {
    this.#rater(rater).withdraw();
  }

  #rater(name: string): Rater {
    const rater = this.#raters.get(name);
    if (rater === undefined) {
      throw new RangeError(`Cannot find the rater "${name}": the pass has none of this name`);
    }
    return rater;
  }

  async #ratable(): Promise<readonly RatableDiscussion[]> {
    const { streams, design, run } = this.#options;
    const found: RatableDiscussion[] = [];
    for await (const stream of streams) {
      try {
        const { state, condition } = await this.#read(stream);
        if (!state.ended) continue;
        const comments = targetComments(state.comments, design, stream);
        // The words of a person who withdrew cannot be rated.
        const rated = comments.filter((comment) => !state.comments[comment]!.withheld);
        found.push({ id: stream, condition, comments: rated });
      } catch (error) {
        if (!(error instanceof DamagedStream)) throw error;
      } finally {
        run.store.release(stream);
      }
    }
    return found;
  }

  async #commentsOf(discussion: string): Promise<AnnotationState["comments"]> {
    const known = this.#shown.get(discussion);
    if (known !== undefined) return this.#withoutWithdrawn(discussion, known);
    const { state: { comments } } = await this.#read(discussion);
    // A few discussions stay in memory: each rater needs one or two at a time, and raters need different
    // ones.
    if (this.#shown.size >= SHOWN_MAX) this.#shown.delete(this.#shown.keys().next().value!);
    this.#shown.set(discussion, comments);
    return comments;
  }

  /** Removes the words of people who have withdrawn since the comments were read. */
  #withoutWithdrawn(discussion: string, comments: AnnotationState["comments"]): AnnotationState["comments"] {
    const { keys } = this.#options.run.store;
    const authors = [...new Set(comments.map(({ author }) => author))];
    const gone = authors.filter((author) => keys?.hasWithdrawn(seatOf(discussion, author)));
    if (gone.length === 0) return comments;
    return comments.map((one) => gone.includes(one.author) ? { ...one, text: "", withheld: true } : one);
  }

  async #read(stream: string): Promise<Readonly<{ state: AnnotationState; condition: string }>> {
    const { run: { store }, sha256 } = this.#options;
    let state = annotationStart();
    let condition = "";
    for await (const envelope of readStream(store, stream, sha256)) {
      const event = eventOf(envelope);
      if (event.type === "DiscussionOpened") condition = event.data.condition;
      if (event.type === "AnnotationPassStarted") break;
      state = evolveAnnotation(state, event);
    }
    return { state, condition };
  }
}

function withoutKey(place: string, rater: string): RunError {
  return new RunError(
    "unusable",
    `Cannot continue the ratings of "${rater}": the run "${place}" does not have the key of the answers so far. Copy ` +
      `the folder "people/keys" from the original run`,
  );
}

/** How many discussions the desk keeps in memory. */
const SHOWN_MAX = 50;
