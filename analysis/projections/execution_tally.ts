/** How the discussions of a run went: how they ended, what requests took, which judgements are missing. */
import {
  type AnnotationEvent,
  type DiscussionEvent,
  type Envelope,
  eventOf,
  type Generation,
  isAnnotationEvent,
  StreamReplies,
} from "../../core/events/mod.ts";
import type { LogCollector, LogEnd } from "./collector.ts";
import { Distinct, type DistinctValues, tally } from "./distinct.ts";
import { entryOf } from "./entry_of.ts";

/** How the discussions of a condition ended; each is counted once. */
export type Ends = {
  /** As designed, and their logs are as written. */
  completed: number;
  /** Of the completed ones, those that a rule of the caller's own ended early. */
  stoppedEarly: number;
  aborted: number;
  unfinished: number;
  /** Their logs are damaged, wherever. */
  damaged: number;
};

/** Requests to models, and what they took. */
export type RequestFacts = Readonly<{
  answered: number;
  /** Requests that ended in an error, after all attempts. */
  failed: number;
  /** Attempts of all requests; one that has none on record counts as one. */
  attempts: number;
  /** Requests of more than one attempt. */
  retried: number;
  /** Time of the last attempts, all requests together, in milliseconds. */
  modelMs: number;
  /** Time between attempts, all requests together, in milliseconds. */
  waitedMs: number;
}>;

/** How the requests to a model were sent and served. */
export type ReplyFacts = Readonly<{
  /** Requests whose prompts left the oldest comments out, to fit in. */
  shortened: number;
  /** What the server said it ran, where it said so, with the number of replies. */
  served: DistinctValues<string>;
}>;

/** What came of a pass in one condition, in requests for judgements. */
export type JudgementFacts = {
  /** Discussions that the pass was begun for, and completed for. */
  begun: number;
  completed: number;
  read: number;
  /** Asked as often as the pass allows, and never read. */
  lost: number;
};

/** How the discussions of a run went. */
export type ExecutionFacts = Readonly<{
  /** When the first and the last event were recorded, ISO 8601 in UTC; `null` when there is none. */
  firstAt: string | null;
  lastAt: string | null;
  /** By condition. */
  ends: ReadonlyMap<string, Readonly<Ends>>;
  /** Damaged logs of which not even the condition can be read. */
  unreadable: number;
  requests: RequestFacts;
  /** By the model's name. */
  replies: ReadonlyMap<string, ReplyFacts>;
  /** Pass → condition → what came of it. */
  judgements: ReadonlyMap<string, ReadonlyMap<string, Readonly<JudgementFacts>>>;
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
  // Of the log that is being read:
  #condition: string | null = null;
  #last: DiscussionEvent | null = null;
  #replies = new StreamReplies();
  readonly #retries = new Map<string, number>();
  readonly #completed = new Set<string>();

  add(envelope: Envelope): void {
    const event = eventOf(envelope);
    // ISO 8601 times in UTC are in the order of their letters.
    if (this.#firstAt === null || envelope.at < this.#firstAt) this.#firstAt = envelope.at;
    if (this.#lastAt === null || envelope.at > this.#lastAt) this.#lastAt = envelope.at;
    if (event.type === "DiscussionOpened") this.#condition = event.data.condition;
    if (isAnnotationEvent(event)) this.#judge(event);
    else this.#last = event;
    const isReply = this.#replies.read(event) !== null;
    if (isReply) this.#reply((event.data as Readonly<{ generation: Generation }>).generation);
    const isFailure = event.type === "GenerationFailed" || event.type === "AnnotationFailed";
    if (isFailure) this.#requests.failed++;
    if (isReply || isFailure) this.#request(envelope.meta ?? {});
  }

  #request(meta: Readonly<Record<string, unknown>>): void {
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

  #judge(event: AnnotationEvent): void {
    const { type, data } = event;
    const ofPass = entryOf(this.#judgements, data.pass, () => new Map<string, JudgementFacts>());
    const entry = entryOf(ofPass, this.#condition ?? "", newJudgements);
    if (type === "AnnotationPassStarted") {
      if (!this.#retries.has(data.pass)) entry.begun++;
      // An imported pass begins again with further annotators.
      else if (this.#completed.delete(data.pass)) entry.completed--;
      this.#retries.set(data.pass, data.retries);
    } else if (type === "AnnotationPassCompleted") {
      entry.completed++;
      this.#completed.add(data.pass);
    } else if (type === "CommentAnnotated") entry.read++;
    else if (type === "AnnotationUnparsed" && data.attempt > (this.#retries.get(data.pass) ?? 0)) {
      entry.lost++;
    }
  }

  ended({ damage }: LogEnd): void {
    if (this.#condition === null) { if (damage !== null) this.#unreadable++; }
    else {
      const ends = entryOf(this.#ends, this.#condition, newEnds);
      if (damage !== null) ends.damaged++;
      else if (this.#last?.type === "DiscussionAborted") ends.aborted++;
      else if (this.#last?.type === "DiscussionCompleted") {
        ends.completed++;
        if (this.#last.data.reason === "stopped-early") ends.stoppedEarly++;
      } else ends.unfinished++;
    }
    this.#condition = null;
    this.#last = null;
    this.#replies = new StreamReplies();
    this.#retries.clear();
    this.#completed.clear();
  }

  /** What was collected, of the logs that have been read. */
  facts(): ExecutionFacts {
    const replies = [...this.#models].map(([model, { served, ...counts }]) =>
      [model, { ...counts, served: served.values((version) => version) }] as const
    );
    return {
      firstAt: this.#firstAt,
      lastAt: this.#lastAt,
      ends: this.#ends,
      unreadable: this.#unreadable,
      requests: this.#requests,
      replies: new Map(replies),
      judgements: this.#judgements,
    };
  }
}

/** What stands beside events is not checked when it is read. */
function amount(value: unknown): number {
  return typeof value === "number" && Number.isFinite(value) && value > 0 ? value : 0;
}

const newEnds = (): Ends => ({ completed: 0, stoppedEarly: 0, aborted: 0, unfinished: 0, damaged: 0 });
const newJudgements = (): JudgementFacts => ({ begun: 0, completed: 0, read: 0, lost: 0 });
const newReplies = (): Replies => ({ shortened: 0, served: new Distinct() });
