/** How far a run is: a fold over its logs, of a size that does not grow with their number. */
import { DamagedStream } from "../../core/engine/mod.ts";
import {
  type AnnotationEvent,
  type DiscussionEvent,
  type Envelope,
  eventOf,
  type Generation,
  isAnnotationEvent,
} from "../../core/events/mod.ts";

/** Counts of discussions and their turns, of one condition. */
export type ConditionStatus = {
  completed: number;
  aborted: number;
  /** Begun, and not ended. */
  half: number;
  /** Of the half-finished ones, those whose last request failed. */
  failed: number;
  turns: number;
  silent: number;
  interventions: number;
};

/** What a model answered; tokens as far as its server reported them. */
export type ModelStatus = { replies: number; promptTokens: number; completionTokens: number };

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
export const DAMAGED_NAMED_MAX = 20;

/**
 * Reads the logs of a run. A damaged one counts as far as it is good, and does not stop the others.
 *
 * @param discussions Their names.
 * @param eventsOf Opens one.
 */
export async function readStatus(
  discussions: AsyncIterable<string>,
  eventsOf: (discussion: string) => AsyncIterable<Envelope>,
): Promise<LogsStatus> {
  const conditions = new Map<string, ConditionStatus>();
  const models = new Map<string, ModelStatus>();
  const passes = new Map<string, PassStatus>();
  const failures = new Map<string, number>();
  const damaged: DamagedLog[] = [];
  let damagedCount = 0;
  let begun = 0;
  let lastAt: string | null = null;
  for await (const discussion of discussions) {
    let condition: ConditionStatus | undefined;
    let lastEvent: DiscussionEvent | undefined;
    /** Passes whose replies were given to earlier ones, and are counted there. */
    const reparsed = new Set<string>();
    let isDamaged = false;
    try {
      for await (const envelope of eventsOf(discussion)) {
        const event = eventOf(envelope);
        if (event.type === "DiscussionOpened") {
          condition = entryOf(conditions, event.data.condition, newCondition);
        } else if (condition !== undefined) countEvent(condition, event);
        if (event.type === "AnnotationPassStarted" && event.data.reparsedFrom !== undefined) {
          reparsed.add(event.data.pass);
        }
        const isOwnReply = !isAnnotationEvent(event) || !reparsed.has(event.data.pass);
        if (isOwnReply && "generation" in event.data && event.data.generation) {
          countReply(models, event.data.generation);
        }
        if (event.type === "GenerationFailed" || event.type === "AnnotationFailed") {
          failures.set(event.data.kind, (failures.get(event.data.kind) ?? 0) + 1);
        }
        if (isAnnotationEvent(event)) countAnnotation(passes, event);
        else lastEvent = event;
        // ISO 8601 times in UTC are in the order of their letters.
        if (lastAt === null || envelope.at > lastAt) lastAt = envelope.at;
      }
    } catch (error) {
      if (!(error instanceof DamagedStream)) throw error;
      isDamaged = true;
      damagedCount++;
      if (damaged.length < DAMAGED_NAMED_MAX) damaged.push({ discussion, message: error.message });
    }
    if (lastEvent !== undefined || isDamaged) begun++;
    if (condition !== undefined && lastEvent !== undefined) countEnd(condition, lastEvent);
  }
  return { begun, conditions, models, passes, failures, damaged, damagedCount, lastAt };
}

function entryOf<T>(entries: Map<string, T>, name: string, make: () => T): T {
  const entry = entries.get(name) ?? make();
  entries.set(name, entry);
  return entry;
}

function newCondition(): ConditionStatus {
  return { completed: 0, aborted: 0, half: 0, failed: 0, turns: 0, silent: 0, interventions: 0 };
}

function countEvent(condition: ConditionStatus, { type }: DiscussionEvent): void {
  if (type === "TurnTaken" || type === "TurnPassed") condition.turns++;
  if (type === "TurnPassed") condition.silent++;
  if (type === "ModeratorIntervened") condition.interventions++;
}

function countAnnotation(passes: Map<string, PassStatus>, { type, data: { pass } }: AnnotationEvent): void {
  const entry = entryOf(passes, pass, () => ({ begun: 0, completed: 0, annotated: 0, unread: 0, failed: 0 }));
  entry[COUNTED[type]]++;
}

const COUNTED: Readonly<Record<AnnotationEvent["type"], keyof PassStatus>> = {
  AnnotationPassStarted: "begun",
  CommentAnnotated: "annotated",
  SilenceAnnotated: "annotated",
  AnnotationUnparsed: "unread",
  AnnotationFailed: "failed",
  AnnotationPassCompleted: "completed",
};

function countReply(models: Map<string, ModelStatus>, { model, usage }: Generation): void {
  const entry = entryOf(models, model, () => ({ replies: 0, promptTokens: 0, completionTokens: 0 }));
  entry.replies++;
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
