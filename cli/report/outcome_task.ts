/** Computes the results of outcomes in a worker. */
import {
  type ComparisonContext,
  type OutcomeResults,
  outcomeResults,
} from "../../analysis/outcomes/compare_outcomes.ts";
import type { Outcome } from "../../analysis/outcomes/outcomes.ts";
import { type Sample, sampleOf } from "../../analysis/outcomes/sample.ts";

/** A message to a worker: first the discussions, then one outcome after the other. */
export type OutcomeTask =
  | Readonly<{
    /** Observations as JSON, which takes less time to pass on than other forms. */
    discussions: string;
    order: Readonly<Record<string, readonly string[]>>;
    context: ComparisonContext;
  }>
  | Readonly<{ outcome: Outcome }>;

let latest: Readonly<{ sample: Sample; context: ComparisonContext }> | null = null;

/** Answers a message with the results of its outcome, or with `null` for discussions. */
export function answerOutcomeTask(task: OutcomeTask): OutcomeResults | null {
  if ("discussions" in task) {
    const { discussions, order, context } = task;
    latest = { sample: sampleOf(JSON.parse(discussions), context.analysis, order), context };
    return null;
  }
  if (latest === null) throw new TypeError("Cannot compare an outcome: there are no discussions");
  return outcomeResults(task.outcome, latest.sample, latest.context);
}
