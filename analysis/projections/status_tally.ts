/** How far a run is: a fold over its logs, of a size that does not grow with their number. */
import {
  type AnnotationEvent,
  type DiscussionEvent,
  type Envelope,
  eventOf,
  isAnnotationEvent,
  isCutSilence,
  type ReplyCount,
  StreamReplies,
} from "../../core/events/mod.ts";
import { costOf, type Prices } from "../../core/experiment/service_schema.ts";
import type { LogCollector, LogEnd } from "./collector.ts";
import { entryOf } from "./entry_of.ts";
import { countReply, type ReplyCounts } from "./reply_counts.ts";

/** Counts of discussions and their turns, of one condition. */
export type ConditionStatus = {
  completed: number;
  aborted: number;
  /** Begun, and not ended. */
  half: number;
  /** Of the half-finished ones, those whose last request failed. */
  failed: number;
  turns: number;
  /** Turns in which a participant chose to say nothing. */
  silent: number;
  /** Turns without a comment because the reply was cut before any text. */
  cutBeforeText: number;
  interventions: number;
};

/** What a model answered; tokens as far as its server reported them. */
export type ModelStatus = {
  replies: number;
  promptTokens: number;
  completionTokens: number;
  /** By the prices that the run was started with last; `null` where there are none. */
  cost: number | null;
  currency?: string;
};

/** How far one annotation pass is, in judgements. */
export type PassStatus = {
  /** Discussions that it was begun for, and completed for. */
  begun: number;
  completed: number;
  annotated: number;
  /** Replies that could not be read. */
  unread: number;
  failed: number;
};

/** A log that is not what was written. */
export type DamagedLog = Readonly<{ discussion: string; message: string }>;

/** What the logs of a run say. */
export type LogsStatus = Readonly<{
  /** Discussions whose logs hold something. */
  begun: number;
  conditions: ReadonlyMap<string, Readonly<ConditionStatus>>;
  models: ReadonlyMap<string, Readonly<ModelStatus>>;
  /** What the replies were like, by the model's name. */
  replies: ReadonlyMap<string, Readonly<ReplyCounts>>;
  /** By the pass's name. */
  passes: ReadonlyMap<string, Readonly<PassStatus>>;
  /** Requests that ended in an error, by kind. */
  failures: ReadonlyMap<string, number>;
  /** The first ones that are damaged, and how many there are. */
  damaged: readonly DamagedLog[];
  damagedCount: number;
  /** When the last event was recorded, ISO 8601 in UTC; `null` when there is none. */
  lastAt: string | null;
}>;

/** Damaged logs that are named; further ones are only counted. */
const DAMAGED_NAMED_MAX = 20;

/** Looks up what the model of a reply costs. */
export type PriceLookUp = (reply: ReplyCount) => Prices | undefined;

/** Counts what the logs of a run say. A damaged one counts as far as it is good. */
export class StatusTally implements LogCollector {
  readonly #pricesFor: PriceLookUp;
  readonly #conditions = new Map<string, ConditionStatus>();
  readonly #models = new Map<string, ModelStatus>();
  readonly #replyCounts = new Map<string, ReplyCounts>();
  readonly #passes = new Map<string, PassStatus>();
  readonly #failures = new Map<string, number>();
  readonly #damaged: DamagedLog[] = [];
  #damagedCount = 0;
  #begun = 0;
  #lastAt: string | null = null;
  // Of the log that is being read:
  #condition: ConditionStatus | undefined;
  #lastEvent: DiscussionEvent | undefined;
  #replies = new StreamReplies();
  /** Pass → whether it is completed. */
  readonly #ofLog = new Map<string, boolean>();

  /** Starts with no discussion. @param pricesFor Says what models cost. */
  constructor(pricesFor: PriceLookUp) {
    this.#pricesFor = pricesFor;
  }

  add(envelope: Envelope): void {
    const event = eventOf(envelope);
    if (event.type === "DiscussionOpened") {
      this.#condition = entryOf(this.#conditions, event.data.condition, newCondition);
    } else if (this.#condition !== undefined) countEvent(this.#condition, event);
    const reply = this.#replies.read(event);
    if (reply !== null) {
      countCost(this.#models, reply, this.#pricesFor);
      countReply(this.#replyCounts, event);
    }
    if (event.type === "GenerationFailed" || event.type === "AnnotationFailed") {
      this.#failures.set(event.data.kind, (this.#failures.get(event.data.kind) ?? 0) + 1);
    }
    if (isAnnotationEvent(event)) this.#countAnnotation(event);
    else this.#lastEvent = event;
    // ISO 8601 times in UTC are in the order of their letters.
    if (this.#lastAt === null || envelope.at > this.#lastAt) this.#lastAt = envelope.at;
  }

  ended({ discussion, damage }: LogEnd): void {
    if (damage !== null) {
      this.#damagedCount++;
      if (this.#damaged.length < DAMAGED_NAMED_MAX) this.#damaged.push({ discussion, message: damage });
    }
    if (this.#lastEvent !== undefined || damage !== null) this.#begun++;
    if (this.#condition !== undefined && this.#lastEvent !== undefined) {
      countEnd(this.#condition, this.#lastEvent);
    }
    this.#condition = undefined;
    this.#lastEvent = undefined;
    this.#replies = new StreamReplies();
    this.#ofLog.clear();
  }

  #countAnnotation({ type, data: { pass } }: AnnotationEvent): void {
    const entry = entryOf(
      this.#passes,
      pass,
      () => ({ begun: 0, completed: 0, annotated: 0, unread: 0, failed: 0 }),
    );
    const isCompleted = this.#ofLog.get(pass);
    if (type === "AnnotationPassStarted") {
      // An imported pass begins again with further annotators.
      if (isCompleted !== undefined) entry.begun--;
      if (isCompleted) entry.completed--;
    }
    this.#ofLog.set(pass, type === "AnnotationPassCompleted");
    entry[COUNTED[type]]++;
  }

  /** What was counted, of the logs that have been read. */
  status(): LogsStatus {
    return {
      begun: this.#begun,
      conditions: this.#conditions,
      models: this.#models,
      replies: this.#replyCounts,
      passes: this.#passes,
      failures: this.#failures,
      damaged: this.#damaged,
      damagedCount: this.#damagedCount,
      lastAt: this.#lastAt,
    };
  }
}

function newCondition(): ConditionStatus {
  return {
    completed: 0,
    aborted: 0,
    half: 0,
    failed: 0,
    turns: 0,
    silent: 0,
    cutBeforeText: 0,
    interventions: 0,
  };
}

function countEvent(condition: ConditionStatus, event: DiscussionEvent): void {
  const { type } = event;
  if (type === "TurnTaken" || type === "TurnPassed") condition.turns++;
  if (type === "TurnPassed") condition[isCutSilence(event) ? "cutBeforeText" : "silent"]++;
  if (type === "ModeratorIntervened") condition.interventions++;
}

const COUNTED: Readonly<Record<AnnotationEvent["type"], keyof PassStatus>> = {
  AnnotationPassStarted: "begun",
  CommentAnnotated: "annotated",
  SilenceAnnotated: "annotated",
  AnnotationUnparsed: "unread",
  AnnotationFailed: "failed",
  AnnotationPassCompleted: "completed",
};

function countCost(
  models: Map<string, ModelStatus>,
  reply: ReplyCount,
  pricesFor: PriceLookUp,
): void {
  const { model, usage } = reply;
  const prices = pricesFor(reply);
  const entry = entryOf(models, model, () => ({
    replies: 0,
    promptTokens: 0,
    completionTokens: 0,
    cost: null,
  }));
  entry.replies++;
  if (prices !== undefined) {
    entry.cost = (entry.cost ?? 0) + (usage === undefined ? 0 : costOf(prices, usage));
    if (prices.currency !== undefined) entry.currency = prices.currency;
  }
  entry.promptTokens += usage?.promptTokens ?? 0;
  entry.completionTokens += usage?.completionTokens ?? 0;
}

function countEnd(condition: ConditionStatus, { type }: DiscussionEvent): void {
  if (type === "DiscussionCompleted") condition.completed++;
  else if (type === "DiscussionAborted") condition.aborted++;
  else {
    condition.half++;
    if (type === "GenerationFailed") condition.failed++;
  }
}
