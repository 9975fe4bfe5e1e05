/** The progress of a run, summed up over its logs. The memory does not grow with the number of logs. */
import { addCounts, type Appendable, type TallyOptions } from "./appendable.ts";
import { entryOf } from "./distinct.ts";
import {
  addModel,
  type ConditionStatus,
  costUnder,
  type LogStatus,
  logStatus,
  type ModelStatus,
  newCondition,
  newModel,
  newPass,
  type PassStatus,
  type PriceLookUp,
} from "./log_status.ts";
import { appendReplies, countReply, repliesOf, type ReplyCounts } from "./replies.ts";
import type { LogCollector, ReadLog } from "./slots.ts";

/** A damaged log. */
export type DamagedLog = Readonly<{ discussion: string; message: string }>;

/** The progress that the logs of a run show. */
export type LogsStatus = Readonly<{
  /** The number of logs that open a discussion or are damaged. */
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

/** At most this many damaged logs are named. */
const DAMAGED_NAMED_MAX = 20;

/** The counts of a {@linkcode StatusTally}. */
export type CountedStatus = Omit<LogsStatus, "models"> & {
  models: ReadonlyMap<string, Omit<ModelStatus, "cost">>;
  /**
   * Model → the cost of each of its replies. Single costs are kept, because the rounding of their sum depends
   * on the order.
   */
  costs: ReadonlyMap<string, readonly number[]>;
};

/** Counts the progress that the logs of a run show. */
export class StatusTally implements LogCollector, Appendable<CountedStatus> {
  readonly #pricesFor: PriceLookUp;
  readonly #options: TallyOptions;
  /** Model → the cost of each reply. It is filled only if the counts will be added to another tally. */
  readonly #costs = new Map<string, number[]>();
  readonly #conditions = new Map<string, ConditionStatus>();
  readonly #models = new Map<string, ModelStatus>();
  readonly #replies = new Map<string, ReplyCounts>();
  readonly #passes = new Map<string, PassStatus>();
  readonly #failures = new Map<string, number>();
  readonly #damaged: DamagedLog[] = [];
  #damagedCount = 0;
  #begun = 0;
  #lastAt: string | null = null;

  /**
   * Starts with no discussion.
   *
   * @param pricesFor Default: there are no prices.
   */
  constructor(pricesFor: PriceLookUp = () => undefined, options: TallyOptions = {}) {
    this.#options = options;
    this.#pricesFor = options.isForAppending
      ? (reply) => {
        const prices = pricesFor(reply);
        if (prices !== undefined) {
          entryOf(this.#costs, reply.model, () => []).push(costUnder(prices, reply.usage));
        }
        return prices;
      }
      : pricesFor;
  }

  ended(log: ReadLog): void {
    // Each reply is added to the run's figures one by one: the rounding of a sum of costs depends on its order.
    this.addLog({ ...logStatus(log, this.#pricesFor, this.#models), models: [] });
    if (log.slots === null) return;
    for (const { entry } of repliesOf(log.slots)) countReply(this.#replies, entry, this.#options);
  }

  /** Adds the progress of a log. It has no counts for {@linkcode LogsStatus.replies}: these need the whole log. */
  addLog({ discussion, damage, condition, counts, models, passes, failures, lastAt }: LogStatus): void {
    if (damage !== null) {
      this.#damagedCount++;
      if (this.#damaged.length < DAMAGED_NAMED_MAX) this.#damaged.push({ discussion, message: damage });
    }
    if (condition !== null || damage !== null) this.#begun++;
    if (condition === null) return;
    addCounts(entryOf(this.#conditions, condition, newCondition), counts);
    for (const [model, status] of models) addModel(entryOf(this.#models, model, newModel), status);
    this.#add({ passes, failures, lastAt });
  }

  #add({ passes, failures, lastAt }: Readonly<{
    passes: Iterable<readonly [pass: string, status: Readonly<PassStatus>]>;
    failures: Iterable<readonly [kind: string, requests: number]>;
    lastAt: string | null;
  }>): void {
    for (const [pass, status] of passes) addCounts(entryOf(this.#passes, pass, newPass), status);
    for (const [kind, requests] of failures) {
      this.#failures.set(kind, (this.#failures.get(kind) ?? 0) + requests);
    }
    if (lastAt !== null && (this.#lastAt === null || lastAt > this.#lastAt)) this.#lastAt = lastAt;
  }

  /** See {@linkcode Appendable}. */
  counted(): CountedStatus {
    const models = [...this.#models].map(([model, { cost: _, ...status }]) => [model, status] as const);
    return { ...this.status(), models: new Map(models), costs: this.#costs };
  }

  append(
    { begun, conditions, models, costs, replies, damaged, damagedCount, ...counted }: CountedStatus,
  ): void {
    this.#begun += begun;
    for (const [condition, counts] of conditions) {
      addCounts(entryOf(this.#conditions, condition, newCondition), counts);
    }
    for (const [model, status] of models) {
      addModel(entryOf(this.#models, model, newModel), { ...status, cost: null });
    }
    for (const [model, all] of costs) {
      const entry = entryOf(this.#models, model, newModel);
      for (const cost of all) entry.cost = (entry.cost ?? 0) + cost;
    }
    appendReplies(this.#replies, replies);
    this.#damagedCount += damagedCount;
    this.#damaged.push(...damaged.slice(0, DAMAGED_NAMED_MAX - this.#damaged.length));
    this.#add(counted);
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

/** The costs of all models together: one sum for each currency, and no sum without prices. */
export function costsOf(
  { models }: Pick<LogsStatus, "models">,
): readonly Readonly<{ cost: number; currency?: string }>[] {
  const costs = new Map<string | undefined, number>();
  for (const { cost, currency } of models.values()) {
    if (cost !== null) costs.set(currency, (costs.get(currency) ?? 0) + cost);
  }
  return [...costs].map(([currency, cost]) => ({ cost, ...(currency === undefined ? {} : { currency }) }));
}
