/** The progress that one log shows. */
import type { Prices } from "../../core/experiment/experiment.ts";
import { costOf } from "../../core/experiment/model_keys.ts";
import { isCut } from "./entries.ts";
import { entryOf } from "./distinct.ts";
import type { DiscussionSlots, ReadLog } from "./slots.ts";
import { repliesOf, type Reply } from "./replies.ts";

/** Counts of one condition's discussions and of their turns. */
export type ConditionStatus = {
  completed: number;
  aborted: number;
  /** Discussions that have begun and have not ended. */
  half: number;
  /** The discussions in `half` whose last request failed. */
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
  /** At the prices of the run's last start; `null` without prices. */
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

/**
 * The progress that one log shows, as plain data that can be stored and added up. A damaged log counts up to
 * its damage.
 */
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

/** Looks up the prices of the model that sent a reply; `undefined` without prices. */
export type PriceLookUp = (reply: Omit<Reply, "entry">) => Prices | undefined;

/**
 * The progress that one log shows.
 *
 * @param models Model → its figures so far, to which the log's replies are added. Default: no model.
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
    entry.cost = (entry.cost ?? 0) + costUnder(prices, usage);
    if (prices.currency !== undefined) entry.currency = prices.currency;
  }
  entry.promptTokens += usage?.promptTokens ?? 0;
  entry.completionTokens += usage?.completionTokens ?? 0;
}

export function addModel(
  sum: ModelStatus,
  { replies, promptTokens, completionTokens, cost, currency }: ModelStatus,
): void {
  sum.replies += replies;
  sum.promptTokens += promptTokens;
  sum.completionTokens += completionTokens;
  if (cost !== null) sum.cost = (sum.cost ?? 0) + cost;
  if (currency !== undefined) sum.currency = currency;
}

/** The cost of a reply. */
export function costUnder(prices: Prices, usage: Reply["usage"]): number {
  return usage === undefined ? 0 : costOf(prices, usage);
}

export const newCondition = (): ConditionStatus => ({ ...NO_TURNS });
export const newModel = (): ModelStatus => ({ replies: 0, promptTokens: 0, completionTokens: 0, cost: null });
export const newPass = (): PassStatus => ({ begun: 0, completed: 0, annotated: 0, unread: 0, failed: 0 });
