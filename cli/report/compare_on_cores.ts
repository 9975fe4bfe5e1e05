/** Compares outcomes for a report, on all cores if there are many discussions. */
import { WorkerPool } from "../../adapters/workers/mod.ts";
import {
  type ComparedOutcomes,
  comparedOutcomes,
  type CompareOptions,
  comparisonsFrom,
  type OutcomeComparisons,
  type OutcomeResults,
  outcomeResults,
} from "../../analysis/outcomes/compare_outcomes.ts";
import { MULTIVERSE_DISCUSSIONS_MAX } from "../../analysis/outcomes/multiverse.ts";
import type { Observation } from "../../analysis/outcomes/observation.ts";
import type { AnalysisDesign } from "../../core/experiment/mod.ts";
import type { OutcomeTask } from "./outcome_task.ts";

/** A worker takes as long to start as it takes to compare some hundred discussions. */
const WORTH_WORKERS_MIN = 400;

/** More workers would wait for the worker with the outcome that takes longest. */
const WORKERS_MAX = 4;

/** Outcomes that a worker has at a time, so that it always has work while this thread is busy. */
const AHEAD = 2;

/** How to compare outcomes on several cores. */
export type OnCoresOptions = Readonly<{
  /** How many workers; 0 for this thread alone. Default: one for each core, or none if this is not worth it. */
  workers?: number;
  /** Gets one line, without a line break, if workers failed and this thread has done their work. */
  warn?: (line: string) => void;
}>;

/** {@linkcode compareOutcomes} on several cores. The result does not depend on the number of workers. */
export async function compareOnCores(
  observations: readonly Observation[],
  analysis: AnalysisDesign,
  options: CompareOptions,
  { workers, warn }: OnCoresOptions = {},
): Promise<OutcomeComparisons> {
  const all = comparedOutcomes(observations, analysis, options);
  const { outcomes, sample, context } = all;
  const isWorth = observations.length >= WORTH_WORKERS_MIN && navigator.hardwareConcurrency > 1;
  const cores = isWorth ? Math.min(navigator.hardwareConcurrency, WORKERS_MAX) : 0;
  const found = await resultsInWorkers(all, options, Math.min(workers ?? cores, outcomes.length));
  const missing = outcomes.filter((_, place) => found.results[place] === undefined);
  if (found.failure !== null) {
    const reason = found.failure.message.replaceAll(/\s+/g, " ");
    warn?.(
      `Compared ${missing.length} of ${outcomes.length} outcomes without workers, which takes longer and loses ` +
        `nothing, because workers failed: ${reason}`,
    );
  }
  const results = outcomes.map((outcome, place) =>
    found.results[place] ?? outcomeResults(outcome, sample, context)
  );
  return comparisonsFrom(results, all);
}

/** Outcome → its results. An outcome has none if a worker failed. */
type Found = Readonly<{ results: readonly (OutcomeResults | undefined)[]; failure: Error | null }>;

async function resultsInWorkers(
  { outcomes, sample, context }: ComparedOutcomes,
  { order = {} }: CompareOptions,
  workers: number,
): Promise<Found> {
  const results: OutcomeResults[] = [];
  if (workers === 0) return { results, failure: null };
  const { observations } = sample;
  const module = new URL("./comparison_worker.ts", import.meta.url);
  using stack = new DisposableStack();
  // Each worker is a pool of its own, because every worker gets the discussions.
  const pools = Array.from(
    { length: workers },
    () =>
      stack.use(
        new WorkerPool<OutcomeTask, OutcomeResults | null>({ module, task: "compare outcomes" }, {
          workers: 1,
        }),
      ),
  );
  const needed = observations.length > MULTIVERSE_DISCUSSIONS_MAX
    ? observations.map(withoutComments)
    : observations;
  const discussions = JSON.stringify(needed);
  let next = 0;
  const computeAll = async (pool: typeof pools[number]) => {
    while (next < outcomes.length) {
      const place = next++;
      const answer = await pool.ask({ outcome: outcomes[place]! });
      if (answer !== null) results[place] = answer;
    }
  };
  const asked = [
    ...pools.map((pool) => pool.ask({ discussions, order, context })),
    ...Array.from({ length: AHEAD }, () => pools.map(computeAll)).flat(),
  ];
  const failed = (await Promise.allSettled<unknown>(asked)).find(({ status }) => status === "rejected");
  return { results, failure: failed === undefined ? null : (failed as PromiseRejectedResult).reason };
}

/** The fields that tests need. Only multiverses need the comments. */
function withoutComments(
  { run, discussion, condition, factors, replicate, seed, imported, end }: Observation,
): Partial<Observation> {
  return { run, discussion, condition, factors, replicate, seed, imported, end };
}
