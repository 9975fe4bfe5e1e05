/** Collects facts about the execution of a run: how discussions ended, the requests, and missing annotations. */
import { withoutValue } from "../../core/annotation/read_reply.ts";
import type { EventMeta, Generation } from "../../core/events/mod.ts";
import { addCounts, type Appendable, OrderedSum, type TallyOptions } from "./appendable.ts";
import { type CountedValues, Distinct, type DistinctValues, entryOf, tally } from "./distinct.ts";
import { isEarly } from "./entries.ts";
import type { DiscussionSlots, LogCollector, ReadLog } from "./slots.ts";
import { repliesOf } from "./replies.ts";
import { type CountedSilence, SilenceTally, type SilentSpeakers } from "./silent_speakers.ts";

/** How many discussions of a condition ended in each way. Each discussion is counted in one way only. */
export type Ends = {
  /** Completed, with undamaged logs. */
  completed: number;
  /** How many of the completed discussions were ended early by a custom rule. */
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
  /** The attempts of all requests. If a log does not record the attempts of a request, the request counts as one. */
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
  /** Requests whose prompt had to leave out the oldest comments to fit into the model's context. */
  shortened: number;
  /** The model versions that the server reported, and the number of replies of each version. */
  served: DistinctValues<string>;
}>;

/** The progress of an annotation pass in one condition. */
export type JudgementFacts = {
  /** Discussions in which the pass has begun, and in which it is complete. */
  begun: number;
  completed: number;
  /** Annotations of comments that could be parsed. */
  read: number;
  /** Requests that got no value: no reply could be parsed, and the pass allows no further attempt. */
  lost: number;
};

/** How the discussions of a run went. */
export type ExecutionFacts = Readonly<{
  /** When the first and the last event were recorded, ISO 8601 in UTC; `null` if there is none. */
  firstAt: string | null;
  lastAt: string | null;
  ends: ReadonlyMap<string, Readonly<Ends>>;
  /** Logs that are damaged at their first line, so that even the condition is unknown. */
  unreadable: number;
  requests: RequestFacts;
  replies: ReadonlyMap<string, ReplyFacts>;
  /** Pass → condition → progress. */
  judgements: ReadonlyMap<string, ReadonlyMap<string, Readonly<JudgementFacts>>>;
  /** Speakers whom the experiment manipulates, and who never spoke in some discussions. */
  silent: readonly SilentSpeakers[];
}>;

type Replies = { shortened: number; served: Distinct<string> };

/** The counts of an {@linkcode ExecutionTally}. */
export type CountedExecution = Readonly<{
  firstAt: string | null;
  lastAt: string | null;
  unreadable: number;
  ends: ReadonlyMap<string, Ends>;
  requests: Readonly<Record<"answered" | "failed" | "attempts" | "retried", number>>;
  modelMs: Float64Array;
  waitedMs: Float64Array;
  models: readonly (readonly [model: string, shortened: number, served: CountedValues<string>])[];
  judgements: ReadonlyMap<string, ReadonlyMap<string, JudgementFacts>>;
  silence: CountedSilence;
}>;

/** Collects how the discussions of a run went. */
export class ExecutionTally implements LogCollector, Appendable<CountedExecution> {
  #firstAt: string | null = null;
  #lastAt: string | null = null;
  #unreadable = 0;
  readonly #ends = new Map<string, Ends>();
  readonly #requests = { answered: 0, failed: 0, attempts: 0, retried: 0 };
  readonly #modelMs: OrderedSum;
  readonly #waitedMs: OrderedSum;
  readonly #models = new Map<string, Replies>();
  readonly #judgements = new Map<string, Map<string, JudgementFacts>>();
  readonly #silence = new SilenceTally();
  readonly #options: TallyOptions;

  /** Starts with no discussion. */
  constructor(options: TallyOptions = {}) {
    this.#options = options;
    this.#modelMs = new OrderedSum(options);
    this.#waitedMs = new OrderedSum(options);
  }

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
    this.#between(firstAt ?? null, lastAt ?? null);
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

  #between(firstAt: string | null, lastAt: string | null): void {
    if (firstAt !== null && (this.#firstAt === null || firstAt < this.#firstAt)) this.#firstAt = firstAt;
    if (lastAt !== null && (this.#lastAt === null || lastAt > this.#lastAt)) this.#lastAt = lastAt;
  }

  #request(meta: EventMeta = {}): void {
    const attempts = amount(meta.attempts) || 1;
    this.#requests.attempts += attempts;
    if (attempts > 1) this.#requests.retried++;
    this.#modelMs.add(amount(meta.latencyMs));
    this.#waitedMs.add(amount(meta.waitedMs));
  }

  #reply({ model, commentsLeftOut, servedBy }: Generation): void {
    this.#requests.answered++;
    const entry = this.#repliesOf(model);
    if (commentsLeftOut !== undefined) entry.shortened++;
    if (servedBy !== undefined) tally(entry.served, servedBy);
  }

  #repliesOf(model: string): Replies {
    return entryOf(
      this.#models,
      model,
      () => ({ shortened: 0, served: new Distinct<string>(this.#options) }),
    );
  }

  #judgementsOf(pass: string, condition: string): JudgementFacts {
    const conditions = entryOf(this.#judgements, pass, () => new Map<string, JudgementFacts>());
    return entryOf(conditions, condition, newJudgements);
  }

  #annotate({ design: { condition }, passes, annotations }: DiscussionSlots): void {
    const of = (pass: string) => this.#judgementsOf(pass, condition);
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

  /** See {@linkcode Appendable}. */
  counted(): CountedExecution {
    return {
      firstAt: this.#firstAt,
      lastAt: this.#lastAt,
      unreadable: this.#unreadable,
      ends: this.#ends,
      requests: this.#requests,
      modelMs: this.#modelMs.counted(),
      waitedMs: this.#waitedMs.counted(),
      models: [...this.#models].map(([model, { shortened, served }]) => [model, shortened, served.counted()]),
      judgements: this.#judgements,
      silence: this.#silence.counted(),
    };
  }

  /** See {@linkcode Appendable}. */
  append({ firstAt, lastAt, unreadable, ends, ...counted }: CountedExecution): void {
    this.#between(firstAt, lastAt);
    this.#unreadable += unreadable;
    for (const [condition, counts] of ends) addCounts(entryOf(this.#ends, condition, newEnds), counts);
    addCounts(this.#requests, counted.requests);
    this.#modelMs.append(counted.modelMs);
    this.#waitedMs.append(counted.waitedMs);
    for (const [model, shortened, served] of counted.models) {
      const replies = this.#repliesOf(model);
      replies.shortened += shortened;
      replies.served.append(served);
    }
    for (const [pass, conditions] of counted.judgements) {
      for (const [condition, counts] of conditions) addCounts(this.#judgementsOf(pass, condition), counts);
    }
    this.#silence.append(counted.silence);
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
      requests: { ...this.#requests, modelMs: this.#modelMs.sum, waitedMs: this.#waitedMs.sum },
      replies: new Map(replies),
      judgements: this.#judgements,
      silent: this.#silence.found(),
    };
  }
}

/**
 * The value as a positive number; 0 if it is none. It must be checked here: reading a log does not check
 * metadata.
 */
function amount(value: unknown): number {
  return typeof value === "number" && Number.isFinite(value) && value > 0 ? value : 0;
}

const newEnds = (): Ends => ({ completed: 0, stoppedEarly: 0, aborted: 0, unfinished: 0, damaged: 0 });
const newJudgements = (): JudgementFacts => ({ begun: 0, completed: 0, read: 0, lost: 0 });
