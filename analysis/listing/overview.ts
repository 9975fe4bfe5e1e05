/** The overview of a run: its progress, its pace and its failures. It shows no outcomes. */
import { entryOf, StatusTally } from "../projections/mod.ts";
import { type ListedLog, PACE_S } from "./listed_log.ts";
import type { DiscussionRow } from "./row.ts";

/** Figures of one condition of a run. Each count links to the filtered list. */
export type ConditionProgress = Readonly<{
  condition: string;
  planned: number;
  /** Status → how many discussions. */
  counts: Readonly<Record<string, number>>;
  turns: number;
  silent: number;
  cut: number;
  unparsed: number;
}>;

/** The progress of one run. */
export type RunOverview = Readonly<{
  run: string;
  conditions: readonly ConditionProgress[];
  /** Failed requests by kind, and the discussions that have such a failure. */
  failures: readonly Readonly<{ kind: string; requests: number; discussions: number }>[];
  models: readonly Readonly<{
    model: string;
    replies: number;
    promptTokens: number;
    completionTokens: number;
    /** `null` without prices. */
    cost: number | null;
    currency: string | null;
    /** Why the model is paused, and since when; `null` if it is not. */
    paused: string | null;
  }>[];
  passes: readonly Readonly<
    { pass: string; completed: number; annotated: number; unparsed: number; failed: number }
  >[];
  /** Turns in the last minute and in the last hour up to the latest turn; `null` if there is no turn. */
  turnsPerMinute: number | null;
  turnsPerHour: number | null;
  /** Estimated seconds until all planned discussions have ended, at the present pace; `null` without an estimate. */
  secondsLeft: number | null;
  lastAt: string | null;
  damaged: readonly Readonly<{ discussion: string; message: string }>[];
}>;

/** Facts about a run that its logs do not contain. */
export type RunPlan = Readonly<{
  run: string;
  /** How many discussions are planned; `null` if the discussions were imported. */
  discussions: number | null;
  /** The names of the conditions in the order of the plan, as far as they are known. */
  conditions: readonly string[];
  /** How many discussions each condition has. */
  replications: number;
  /** Model → why it is paused, and since when or until when. Models that are not paused are missing. */
  paused: ReadonlyMap<string, string>;
}>;

const MINUTE_S = 60;

/** Sums up the logs of a run. */
export function runOverview(logs: Iterable<ListedLog>, plan: RunPlan): RunOverview {
  const tally = new StatusTally();
  const conditions = new Map<string, Counted>();
  for (const name of plan.conditions) conditions.set(name, newCounts(name, plan.replications));
  const failures = new Map<string, { requests: number; discussions: number }>();
  const pace = new Pace();
  const work = new Work();
  for (const { row, status, turnsAt } of logs) {
    if (row.status === "waiting") continue;
    tally.addLog(status);
    // A log that is damaged at its first line does not name its condition.
    if (status.condition !== null) {
      countRow(entryOf(conditions, row.condition, () => newCounts(row.condition, 0)), row);
    }
    for (const [kind, requests] of status.failures) {
      const count = entryOf(failures, kind, () => ({ requests: 0, discussions: 0 }));
      count.requests += requests;
      count.discussions++;
    }
    pace.add(turnsAt);
    work.add(row);
  }
  const { models, passes, damaged, lastAt } = tally.status();
  const turns = pace.turns();
  return {
    run: plan.run,
    conditions: [...conditions.values()].map(({ counts, ...others }) => ({
      ...others,
      counts: Object.fromEntries(counts),
    })),
    failures: [...failures].map(([kind, counts]) => ({ kind, ...counts }))
      .sort((one, other) => other.requests - one.requests),
    models: [...models].map(([model, { currency = null, ...status }]) => ({
      model,
      ...status,
      currency,
      paused: plan.paused.get(model) ?? null,
    })),
    passes: [...passes].map(([pass, { completed, annotated, unread: unparsed, failed }]) => ({
      pass,
      completed,
      annotated,
      unparsed,
      failed,
    })),
    turnsPerMinute: turns?.inMinute ?? null,
    turnsPerHour: turns?.inHour ?? null,
    secondsLeft: secondsFor(work.turnsLeft(plan.discussions), turns),
    lastAt,
    damaged,
  };
}

type Counted = Omit<Mutable<ConditionProgress>, "counts"> & { counts: Map<string, number> };
type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

function newCounts(condition: string, planned: number): Counted {
  return { condition, planned, counts: new Map(), turns: 0, silent: 0, cut: 0, unparsed: 0 };
}

function countRow(sum: Counted, { status, turns, silent, cut, unparsed }: DiscussionRow): void {
  sum.counts.set(status, (sum.counts.get(status) ?? 0) + 1);
  sum.turns += turns;
  sum.silent += silent;
  sum.cut += cut;
  sum.unparsed += unparsed;
}

type Turns = Readonly<{ inMinute: number; inHour: number; overSeconds: number }>;

/** Counts the turns before the latest turn of a run. */
class Pace {
  readonly #times: (readonly number[])[] = [];
  #latest = -Infinity;

  /** @param times In seconds since 1970, oldest first. */
  add(times: readonly number[]): void {
    if (times.length === 0) return;
    this.#times.push(times);
    this.#latest = Math.max(this.#latest, times.at(-1)!);
  }

  /** `null` if there is no turn. */
  turns(): Turns | null {
    if (this.#times.length === 0) return null;
    let [inMinute, inHour, first] = [0, 0, this.#latest];
    for (const times of this.#times) {
      for (let at = times.length - 1; at >= 0 && times[at]! > this.#latest - PACE_S; at--) {
        inHour++;
        if (times[at]! > this.#latest - MINUTE_S) inMinute++;
        first = Math.min(first, times[at]!);
      }
    }
    return { inMinute, inHour, overSeconds: this.#latest - first };
  }
}

/**
 * Estimates how many turns remain. A discussion that has not begun counts with the mean planned turns of the
 * others.
 */
class Work {
  #begun = 0;
  #planned = 0;
  #left = 0;

  add({ status, turns, plannedTurns }: DiscussionRow): void {
    this.#begun++;
    this.#planned += plannedTurns;
    if (status === "in flight" || status === "failed") this.#left += Math.max(0, plannedTurns - turns);
  }

  /**
   * @param discussions How many are planned.
   * @returns `null` if that is not known.
   */
  turnsLeft(discussions: number | null): number | null {
    if (discussions === null || this.#begun === 0) return null;
    return this.#left + Math.max(0, discussions - this.#begun) * this.#planned / this.#begun;
  }
}

function secondsFor(turnsLeft: number | null, turns: Turns | null): number | null {
  if (turnsLeft === 0) return 0;
  if (turnsLeft === null || turns === null || turns.overSeconds === 0) return null;
  return Math.round(turnsLeft / turns.inHour * turns.overSeconds);
}
