/** What the page shows, and what keys and buttons do. It changes at once, so that fast keys act on the newest state. */
import type { BlindItem } from "../../../core/rating/mod.ts";
import type { RatingAction } from "./keys.ts";
import { type Answer, cannotTellKey, keysOf } from "./answers.ts";
import { type Connection, follow } from "../page_parts/follow.ts";
import { ConnectionLost, RefusedByServer } from "../page_parts/server.ts";
import { type RatingNews, withdrawnIn } from "../rating_news.ts";
import { WITHDRAWN_STATUS } from "../withdrawn_status.ts";
import { answerProblem, AnswerRefused } from "./answer_problem.ts";
import type { Answers, RatingGate, RatingSource, RatingStart } from "./rating_source.ts";
import type { Drafts } from "./stored.ts";

/** After this many ratings in a row, the page suggests a break. */
const REST_AFTER = 40;

/** The state of the page, and its actions. */
export class RatingModel {
  readonly #source: RatingSource;
  readonly #drafts: Drafts;
  /** The items that were loaded, by place. */
  readonly #loaded = new Map<number, Promise<BlindItem>>();
  #isBusy = false;
  #ratedNow = 0;
  /** Called after each change. */
  onChange: () => void = () => {};
  /** `null` until the rater takes part. */
  start: RatingStart | null = null;
  /** Why the rater cannot rate yet; `null` if nothing is in the way. */
  gate: RatingGate | null = null;
  place = 0;
  /** The item at the place; `null` after the last item of a part. */
  item: BlindItem | null = null;
  answers: readonly Answer[] = [];
  /** The question that keys answer. */
  active = 0;
  dialog: "instructions" | "help" | null = null;
  problem: string | null = null;
  /** The question with the problem; `null` if the problem is not about one question. */
  problemAt: number | null = null;
  note = "";
  connection: Connection = { kind: "opening" };

  constructor(source: RatingSource, drafts: Drafts) {
    this.#source = source;
    this.#drafts = drafts;
  }

  /** Whether the rating at the place can no longer be changed. */
  get isFinal(): boolean {
    return this.start !== null && this.place < this.start.progress.final;
  }

  /**
   * Follows the server until the signal is aborted: shows the first item when the rating begins, and learns of
   * withdrawals.
   */
  async follow(signal: AbortSignal): Promise<void> {
    let asked: number | null = null;
    await follow<RatingNews>({
      ask: (seen) => {
        const place = this.item?.place ?? null;
        // If the place has changed, the page has seen no news of the new place yet.
        const isSame = place === asked;
        asked = place;
        return this.#source.news({ seen: isSame ? seen : null, place }, signal);
      },
      accept: (news) => void this.#learn(news),
      fail: (connection) => this.#connected(connection),
      signal,
    });
  }

  async #learn(news: RatingNews): Promise<void> {
    if (this.connection.kind === "lost") this.note = "The connection is back.";
    this.#connected({ kind: "open" });
    const standing = this.gate?.standing ?? this.start?.standing;
    if (news.standing !== standing) return await this.#begin();
    const { item } = this;
    if (item === null || item.place !== news.place || withdrawnIn(item) === news.withdrawn) return;
    await this.#busy(async () => {
      this.#loaded.clear();
      this.item = await this.#load(item.place);
    });
  }

  #connected(connection: Connection): void {
    this.connection = connection;
    this.onChange();
  }

  /** Loads the rater's progress, and shows the next item. */
  #begin(): Promise<void> {
    return this.#busy(async () => {
      await this.#restart(await this.#source.start());
      const { start } = this;
      if (start?.progress.next === 0 && start.guide.instructions !== null) this.dialog = "instructions";
    });
  }

  /** Records whether the rater agrees to the text. */
  async decide(agrees: boolean): Promise<void> {
    await this.#busy(async () => void await this.#source.consent(agrees, this.gate?.consent?.sha256 ?? ""));
    if (this.problem === null) await this.#begin();
  }

  /** Gives an answer. */
  answer(index: number, given: Answer): void {
    if (this.isFinal || this.item === null) return;
    this.answers = this.answers.map((one, at) => at === index ? given : one);
    this.problem = null;
    this.#drafts.set(this.place, this.answers);
    this.onChange();
  }

  /** Makes keys answer this question. */
  activate(index: number): void {
    this.active = index;
    this.onChange();
  }

  /** Opens or closes a dialog. */
  open(dialog: RatingModel["dialog"]): void {
    this.dialog = dialog;
    this.onChange();
  }

  /** Does what a key stands for. */
  act(action: RatingAction, key: string): void {
    switch (action) {
      case "next":
        return void this.next();
      case "back":
        return void this.back();
      case "instructions":
        return this.start?.guide.instructions == null ? undefined : this.open("instructions");
      case "help":
        return this.open("help");
      case "cannotTell":
        return this.#choose(null);
      case "choose": {
        const { questions = [] } = this.start?.guide ?? {};
        const question = questions[this.active];
        if (question === undefined) return;
        const at = keysOf(question).indexOf(key);
        if (at !== -1) return this.#choose(question.choices[at]!.answer);
        return key === cannotTellKey(questions) ? this.#choose(null) : undefined;
      }
      case "leaveField":
        return document.activeElement instanceof HTMLElement ? document.activeElement.blur() : undefined;
      default:
        return action satisfies never;
    }
  }

  /** Saves the rating, and shows the next item; after the last item, confirms all ratings. */
  next(): Promise<void> {
    return this.#busy(async () => {
      const { start, place, item } = this;
      if (start === null || start.progress.part === "finished") return;
      if (item === null) return await this.#confirm();
      for (const [index, question] of start.guide.questions.entries()) {
        const problem = this.isFinal ? null : answerProblem(question, this.answers[index]);
        if (problem !== null) throw new AnswerRefused(problem, index);
      }
      if (!this.isFinal) await this.#rate(start, item);
      await this.#show(place + 1);
    });
  }

  /** Shows the previous item. */
  back(): Promise<void> {
    return this.#busy(async () => {
      const { start, place } = this;
      if (start === null || start.progress.part === "finished" || place <= start.progress.from) return;
      this.note = "";
      await this.#show(place - 1);
    });
  }

  #choose(given: Answer): void {
    const { active } = this;
    this.answer(active, given);
    const open = this.answers.findIndex((one, at) => one === undefined && at !== active);
    if (open !== -1) this.activate(open);
  }

  async #rate(start: RatingStart, item: BlindItem): Promise<void> {
    const answers = this.answers as Answers;
    const progress = await this.#source.rate(item.place, answers);
    this.#drafts.clear();
    this.#loaded.set(item.place, Promise.resolve({ ...item, answers }));
    this.start = { ...start, progress };
    if (item.place === start.progress.next) this.#ratedNow++;
    const isRest = this.#ratedNow > 0 && this.#ratedNow % REST_AFTER === 0;
    this.note = isRest
      ? `You have rated ${this.#ratedNow} comments in a row. A short break helps.`
      : "Saved.";
  }

  async #confirm(): Promise<void> {
    // The run can end with this answer, so the page asks nothing more.
    const begun = await this.#source.confirm();
    this.note = "Saved.";
    await this.#restart(begun);
  }

  async #restart(begun: RatingStart | RatingGate): Promise<void> {
    this.#loaded.clear();
    this.gate = begun.standing === "agreed" ? null : begun;
    this.start = begun.standing === "agreed" ? begun : null;
    if (this.start !== null) return await this.#show(this.start.progress.next);
    // The page forgets everything else.
    this.item = null;
    this.dialog = null;
    if (this.gate?.standing === "withdrew") this.#drafts.clear();
  }

  async #show(place: number): Promise<void> {
    const { guide, progress: { to } } = this.start!;
    const item = place < to ? await this.#load(place) : null;
    this.place = place;
    this.item = item;
    this.answers = this.#drafts.get(place) ?? item?.answers ?? guide.questions.map(() => undefined);
    this.active = Math.max(0, this.answers.indexOf(undefined));
    if (place + 1 < to) void this.#load(place + 1).catch(() => {});
  }

  #load(place: number): Promise<BlindItem> {
    const known = this.#loaded.get(place);
    if (known !== undefined) return known;
    const loading = this.#source.item(place);
    this.#loaded.set(place, loading);
    loading.catch(() => this.#loaded.delete(place));
    return loading;
  }

  #fail(error: unknown): void {
    if (error instanceof ConnectionLost) return this.#connected({ kind: "lost" });
    const isAtQuestion = error instanceof RefusedByServer || error instanceof AnswerRefused;
    this.problem = error instanceof Error ? error.message : String(error);
    this.problemAt = isAtQuestion ? error.question : null;
    if (this.problemAt !== null) this.active = this.problemAt;
  }

  /** Does one thing at a time: key presses are ignored meanwhile, so that nothing is saved twice. */
  async #busy(work: () => Promise<void>): Promise<void> {
    if (this.#isBusy) return;
    this.#isBusy = true;
    try {
      await work().catch(async (error) => {
        if (!(error instanceof RefusedByServer) || error.status !== WITHDRAWN_STATUS) throw error;
        await this.#restart(await this.#source.start());
      });
      this.problem = null;
    } catch (error) {
      this.#fail(error);
    } finally {
      this.#isBusy = false;
      this.onChange();
    }
  }
}
