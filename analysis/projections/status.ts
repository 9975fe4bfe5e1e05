/** The progress of a run, as a fold over its logs. Its size does not grow with the number of logs. */
import type { Prices } from "../../core/experiment/experiment.ts";
import { costOf } from "../../core/experiment/models.ts";
import { isCut } from "./entries.ts";
import { entryOf } from "./distinct.ts";
import type { DiscussionSlots, LogCollector, ReadLog } from "./slots.ts";
import { countReply, repliesOf, type Reply, type ReplyCounts } from "./replies.ts";

/** Counts of discussions and their turns, of one condition. */
export type ConditionStatus = {
  completed: number;
  aborted: number;
  /** Discussions that have begun, but not ended. */
  half: number;
  /** Half-finished discussions with a failed last request. */
  failed: number;
  turns: number;
  /** Turns in which a participant chose to say nothing. */
  silent: number;
  /** Turns without a comment because the reply was cut before any text. */
  cutBeforeText: number;
  interventions: number;
};

/** The counts of a condition before its first discussion. */
export const NO_TURNS: Readonly<ConditionStatus> = {
  completed: 0,
  aborted: 0,
  half: 0,
  failed: 0,
  turns: 0,
  silent: 0,
  cutBeforeText: 0,
  interventions: 0,
};

/** The replies of a model, and the tokens that its server reported. */
export type ModelStatus = {
  replies: number;
  promptTokens: number;
  completionTokens: number;
  /** By the prices of the run's last start; `null` without prices. */
  cost: number | null;
  currency?: string;
};

/** The progress of one annotation pass. */
export type PassStatus = {
  /** Discussions in which the pass has begun, and in which it is complete. */
  begun: number;
  completed: number;
  annotated: number;
  /** Replies that could not be parsed. */
  unread: number;
  failed: number;
};

/** A damaged log. */
export type DamagedLog = Readonly<{ discussion: string; message: string }>;

/** The progress that the logs of a run show. */
export type LogsStatus = Readonly<{
  /** Discussions with a log that opens a discussion or is damaged. */
  begun: number;
  conditions: ReadonlyMap<string, Readonly<ConditionStatus>>;
  models: ReadonlyMap<string, Readonly<ModelStatus>>;
  /** The counts of replies, by the model's name. */
  replies: ReadonlyMap<string, Readonly<ReplyCounts>>;
  passes: ReadonlyMap<string, Readonly<PassStatus>>;
  /** Requests that ended in an error, by kind. */
  failures: ReadonlyMap<string, number>;
  /** The first damaged logs, and how many there are in all. */
  damaged: readonly DamagedLog[];
  damagedCount: number;
  /** When the last event was recorded, ISO 8601 in UTC; `null` if there is none. */
  lastAt: string | null;
}>;

/** The progress that one log shows: plain data, which can be stored and added up. A damaged log counts up to its damage. */
export type LogStatus = Readonly<{
  discussion: string;
  /** The damage of the log; `null` if there is none. */
  damage: string | null;
  /** `null` if the log opens no discussion. */
  condition: string | null;
  counts: Readonly<ConditionStatus>;
  models: readonly (readonly [model: string, status: Readonly<ModelStatus>])[];
  passes: readonly (readonly [pass: string, status: Readonly<PassStatus>])[];
  failures: readonly (readonly [kind: string, requests: number])[];
  lastAt: string | null;
}>;

/** At most this many damaged logs are named. */
const DAMAGED_NAMED_MAX = 20;

/** Looks up what the model of a reply costs. */
export type PriceLookUp = (reply: Omit<Reply, "entry">) => Prices | undefined;

/**
 * The progress that one log shows.
 *
 * @param models The replies of the log are added to these figures of models. Default: none yet.
 */
export function logStatus(
  { discussion, damage, slots }: ReadLog,
  pricesFor: PriceLookUp,
  models = new Map<string, ModelStatus>(),
): LogStatus {
  const counts = { ...NO_TURNS };
  const passes = new Map<string, PassStatus>();
  const failures = new Map<string, number>();
  if (slots !== null) {
    countDiscussion(counts, slots);
    for (const reply of repliesOf(slots)) countCost(models, reply, pricesFor);
    for (const { error } of slots.failures) failures.set(error, (failures.get(error) ?? 0) + 1);
    countPasses(passes, slots);
  }
  return {
    discussion,
    damage,
    condition: slots?.design.condition ?? null,
    counts,
    models: [...models],
    passes: [...passes],
    failures: [...failures],
    lastAt: slots?.lastAt ?? null,
  };
}

/** Counts the progress that the logs of a run show. */
export class StatusTally implements LogCollector {
  readonly #pricesFor: PriceLookUp;
  readonly #conditions = new Map<string, ConditionStatus>();
  readonly #models = new Map<string, ModelStatus>();
  readonly #replies = new Map<string, ReplyCounts>();
  readonly #passes = new Map<string, PassStatus>();
  readonly #failures = new Map<string, number>();
  readonly #damaged: DamagedLog[] = [];
  #damagedCount = 0;
  #begun = 0;
  #lastAt: string | null = null;

  /** Starts with no discussion. @param pricesFor Default: there are no prices. */
  constructor(pricesFor: PriceLookUp = () => undefined) {
    this.#pricesFor = pricesFor;
  }

  ended(log: ReadLog): void {
    // A sum of rounded costs depends on its order, so each reply is added by itself.
    this.addLog({ ...logStatus(log, this.#pricesFor, this.#models), models: [] });
    if (log.slots === null) return;
    for (const { entry } of repliesOf(log.slots)) countReply(this.#replies, entry);
  }

  /** Adds the progress that a log shows. It lacks {@linkcode LogsStatus.replies}, which only whole logs show. */
  addLog({ discussion, damage, condition, counts, models, passes, failures, lastAt }: LogStatus): void {
    if (damage !== null) {
      this.#damagedCount++;
      if (this.#damaged.length < DAMAGED_NAMED_MAX) this.#damaged.push({ discussion, message: damage });
    }
    if (condition !== null || damage !== null) this.#begun++;
    if (condition === null) return;
    addCounts(entryOf(this.#conditions, condition, () => ({ ...NO_TURNS })), counts);
    for (const [model, status] of models) addModel(entryOf(this.#models, model, newModel), status);
    for (const [pass, status] of passes) addCounts(entryOf(this.#passes, pass, newPass), status);
    for (const [kind, requests] of failures) {
      this.#failures.set(kind, (this.#failures.get(kind) ?? 0) + requests);
    }
    if (lastAt !== null && (this.#lastAt === null || lastAt > this.#lastAt)) this.#lastAt = lastAt;
  }

  /** The counts of the logs so far. */
  status(): LogsStatus {
    return {
      begun: this.#begun,
      conditions: this.#conditions,
      models: this.#models,
      replies: this.#replies,
      passes: this.#passes,
      failures: this.#failures,
      damaged: this.#damaged,
      damagedCount: this.#damagedCount,
      lastAt: this.#lastAt,
    };
  }
}

/** The costs of all models together: one sum for each currency, none without prices. */
export function costsOf(
  { models }: Pick<LogsStatus, "models">,
): readonly Readonly<{ cost: number; currency?: string }>[] {
  const costs = new Map<string | undefined, number>();
  for (const { cost, currency } of models.values()) {
    if (cost !== null) costs.set(currency, (costs.get(currency) ?? 0) + cost);
  }
  return [...costs].map(([currency, cost]) => ({ cost, ...(currency === undefined ? {} : { currency }) }));
}

function countDiscussion(
  condition: ConditionStatus,
  { slots, ending, endsInFailure }: DiscussionSlots,
): void {
  for (const slot of slots) {
    if (slot.isPast) continue;
    if (slot.by === "participant") condition.turns++;
    if (slot.by === "participant" && slot.comment === null) {
      condition[isCut(slot) ? "cutBeforeText" : "silent"]++;
    }
    if (slot.by === "moderator" && slot.comment !== null) condition.interventions++;
  }
  condition[ending?.end ?? "half"]++;
  if (ending === null && endsInFailure) condition.failed++;
}

function countPasses(
  counts: Map<string, PassStatus>,
  { passes, annotations, failures }: DiscussionSlots,
): void {
  const of = (pass: string) => entryOf(counts, pass, newPass);
  for (const [name, { completed }] of passes) {
    of(name).begun++;
    if (completed) of(name).completed++;
  }
  for (const { pass, values } of annotations) of(pass)[values === null ? "unread" : "annotated"]++;
  for (const { pass } of failures) if (pass !== null) of(pass).failed++;
}

function countCost(models: Map<string, ModelStatus>, reply: Reply, pricesFor: PriceLookUp): void {
  const { model, usage } = reply;
  const prices = pricesFor(reply);
  const entry = entryOf(models, model, newModel);
  entry.replies++;
  if (prices !== undefined) {
    entry.cost = (entry.cost ?? 0) + (usage === undefined ? 0 : costOf(prices, usage));
    if (prices.currency !== undefined) entry.currency = prices.currency;
  }
  entry.promptTokens += usage?.promptTokens ?? 0;
  entry.completionTokens += usage?.completionTokens ?? 0;
}

function addModel(
  sum: ModelStatus,
  { replies, promptTokens, completionTokens, cost, currency }: ModelStatus,
): void {
  sum.replies += replies;
  sum.promptTokens += promptTokens;
  sum.completionTokens += completionTokens;
  if (cost !== null) sum.cost = (sum.cost ?? 0) + cost;
  if (currency !== undefined) sum.currency = currency;
}

function addCounts<Key extends string>(
  sum: Record<Key, number>,
  counts: Readonly<Record<Key, number>>,
): void {
  for (const key of Object.keys(counts) as Key[]) sum[key] += counts[key];
}

const newModel = (): ModelStatus => ({ replies: 0, promptTokens: 0, completionTokens: 0, cost: null });
const newPass = (): PassStatus => ({ begun: 0, completed: 0, annotated: 0, unread: 0, failed: 0 });
