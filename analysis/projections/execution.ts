/** Collects how the discussions of a run went: their ends, the requests, and missing annotations. */
import { withoutValue } from "../../core/annotation/mod.ts";
import type { EventMeta, Generation } from "../../core/events/mod.ts";
import { Distinct, type DistinctValues, entryOf, tally } from "./distinct.ts";
import { isEarly } from "./entries.ts";
import type { DiscussionSlots, LogCollector, ReadLog } from "./slots.ts";
import { repliesOf } from "./replies.ts";
import { SilenceTally, type SilentSpeakers } from "./silent_speakers.ts";

/** How the discussions of a condition ended; each is counted once. */
export type Ends = {
  /** Completed, with undamaged logs. */
  completed: number;
  /** The completed discussions that a custom rule ended early. */
  stoppedEarly: number;
  aborted: number;
  unfinished: number;
  /** Discussions with damaged logs. */
  damaged: number;
};

/** Counts and times of the requests to models. */
export type RequestFacts = Readonly<{
  answered: number;
  /** Requests that ended in an error, after all attempts. */
  failed: number;
  /** Attempts of all requests; a request without a record of its attempts counts as one attempt. */
  attempts: number;
  /** Requests with more than one attempt. */
  retried: number;
  /** Time of the last attempts, all requests together, in milliseconds. */
  modelMs: number;
  /** Time between attempts, all requests together, in milliseconds. */
  waitedMs: number;
}>;

/** How the requests to a model were sent and served. */
export type ReplyFacts = Readonly<{
  /** Requests with a prompt that left out the oldest comments to fit into the model's context. */
  shortened: number;
  /** The versions that the server reported, with the number of replies. */
  served: DistinctValues<string>;
}>;

/** The progress of a pass in one condition. */
export type JudgementFacts = {
  /** Discussions in which the pass has begun, and in which it is complete. */
  begun: number;
  completed: number;
  /** Annotations of comments. */
  read: number;
  /** Requests whose replies could not be parsed in all attempts that the pass allows. */
  lost: number;
};

/** How the discussions of a run went. */
export type ExecutionFacts = Readonly<{
  /** When the first and the last event were recorded, ISO 8601 in UTC; `null` if there is none. */
  firstAt: string | null;
  lastAt: string | null;
  ends: ReadonlyMap<string, Readonly<Ends>>;
  /** Logs with so much damage that even the condition is unknown. */
  unreadable: number;
  requests: RequestFacts;
  replies: ReadonlyMap<string, ReplyFacts>;
  /** Pass → condition → progress. */
  judgements: ReadonlyMap<string, ReadonlyMap<string, Readonly<JudgementFacts>>>;
  /** Manipulated speakers who never spoke. */
  silent: readonly SilentSpeakers[];
}>;

type Replies = { shortened: number; served: Distinct<string> };

/** Collects how the discussions of a run went. */
export class ExecutionTally implements LogCollector {
  #firstAt: string | null = null;
  #lastAt: string | null = null;
  #unreadable = 0;
  readonly #ends = new Map<string, Ends>();
  readonly #requests = { answered: 0, failed: 0, attempts: 0, retried: 0, modelMs: 0, waitedMs: 0 };
  readonly #models = new Map<string, Replies>();
  readonly #judgements = new Map<string, Map<string, JudgementFacts>>();
  readonly #silence = new SilenceTally();

  ended(log: ReadLog): void {
    this.#silence.ended(log);
    const { damage, slots } = log;
    if (slots === null) {
      if (damage !== null) this.#unreadable++;
      return;
    }
    const { design: { condition }, ending, failures, firstAt, lastAt } = slots;
    const ends = entryOf(this.#ends, condition, newEnds);
    ends[damage !== null ? "damaged" : ending?.end ?? "unfinished"]++;
    if (damage === null && ending?.end === "completed" && isEarly(ending)) {
      ends.stoppedEarly++;
    }
    if (firstAt !== undefined && (this.#firstAt === null || firstAt < this.#firstAt)) this.#firstAt = firstAt;
    if (lastAt !== undefined && (this.#lastAt === null || lastAt > this.#lastAt)) this.#lastAt = lastAt;
    for (const { entry } of repliesOf(slots)) {
      this.#reply(entry.generation!);
      this.#request(entry.meta);
    }
    for (const { meta } of failures) {
      this.#requests.failed++;
      this.#request(meta);
    }
    this.#annotate(slots);
  }

  #request(meta: EventMeta = {}): void {
    const attempts = amount(meta.attempts) || 1;
    this.#requests.attempts += attempts;
    if (attempts > 1) this.#requests.retried++;
    this.#requests.modelMs += amount(meta.latencyMs);
    this.#requests.waitedMs += amount(meta.waitedMs);
  }

  #reply({ model, commentsLeftOut, servedBy }: Generation): void {
    this.#requests.answered++;
    const entry = entryOf(this.#models, model, newReplies);
    if (commentsLeftOut !== undefined) entry.shortened++;
    if (servedBy !== undefined) tally(entry.served, servedBy);
  }

  #annotate({ design: { condition }, passes, annotations }: DiscussionSlots): void {
    const of = (pass: string) => {
      const conditions = entryOf(this.#judgements, pass, () => new Map<string, JudgementFacts>());
      return entryOf(conditions, condition, newJudgements);
    };
    for (const [name, { completed }] of passes) {
      of(name).begun++;
      if (completed) of(name).completed++;
    }
    for (const { pass, comment, values, attempt = 1, generation } of annotations) {
      if (values !== null && comment !== null) of(pass).read++;
      const isLast = attempt > (passes.get(pass)?.design.retries ?? 0) ||
        (generation !== undefined && withoutValue(generation) !== null);
      if (values === null && isLast) of(pass).lost++;
    }
  }

  /** The facts of the logs read so far. */
  facts(): ExecutionFacts {
    const replies = [...this.#models].map(([model, { served, ...counts }]) =>
      [model, { ...counts, served: served.values() }] as const
    );
    return {
      firstAt: this.#firstAt,
      lastAt: this.#lastAt,
      ends: this.#ends,
      unreadable: this.#unreadable,
      requests: this.#requests,
      replies: new Map(replies),
      judgements: this.#judgements,
      silent: this.#silence.found(),
    };
  }
}

/** The metadata of events is not checked when logs are read. */
function amount(value: unknown): number {
  return typeof value === "number" && Number.isFinite(value) && value > 0 ? value : 0;
}

const newEnds = (): Ends => ({ completed: 0, stoppedEarly: 0, aborted: 0, unfinished: 0, damaged: 0 });
const newJudgements = (): JudgementFacts => ({ begun: 0, completed: 0, read: 0, lost: 0 });
const newReplies = (): Replies => ({ shortened: 0, served: new Distinct() });
