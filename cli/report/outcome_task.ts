/** Computes the results of outcomes in a worker. */
import {
  type ComparisonContext,
  type OutcomeResults,
  outcomeResults,
} from "../../analysis/outcomes/compare_outcomes.ts";
import type { Outcome } from "../../analysis/outcomes/outcomes.ts";
import type { AnalysisDesign } from "../../core/experiment/mod.ts";
import { type Sample, sampleOf } from "../../analysis/outcomes/sample.ts";

/** The first message to a worker: the discussions. */
export type DiscussionsTask = Readonly<{
  /** Observations as JSON, which takes less time to pass on than other forms. */
  discussions: string;
  order: Readonly<Record<string, readonly string[]>>;
  analysis: AnalysisDesign;
}>;

/** A message to a worker: the discussions, or later one outcome of them. */
export type OutcomeTask = DiscussionsTask | Readonly<{ outcome: Outcome; context: ComparisonContext }>;

let sample: Sample | null = null;

/** Answers a message with the results of its outcome, or with `null` for discussions. */
export function answerOutcomeTask(task: OutcomeTask): OutcomeResults | null {
  if ("discussions" in task) {
    sample = sampleOf(JSON.parse(task.discussions), task.analysis, task.order);
    return null;
  }
  if (sample === null) throw new TypeError("Cannot compare an outcome: there are no discussions");
  return outcomeResults(task.outcome, sample, task.context);
}
