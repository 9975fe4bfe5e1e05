/** Compares outcomes for a report, on all cores if there are many discussions. */
import { WorkerPool } from "../../adapters/workers/worker_pool.ts";
import {
  comparedOutcomes,
  type CompareOptions,
  comparisonsFrom,
  type OutcomeComparisons,
  type OutcomeResults,
  outcomeResults,
} from "../../analysis/outcomes/compare_outcomes.ts";
import { MULTIVERSE_DISCUSSIONS_MAX } from "../../analysis/outcomes/multiverse.ts";
import { completedOf, type Observation } from "../../analysis/outcomes/observation.ts";
import type { AnalysisDesign } from "../../core/experiment/mod.ts";
import type { DiscussionsTask, OutcomeTask } from "./outcome_task.ts";

/** A worker takes as long to start as it takes to compare some hundred discussions. */
const WORTH_WORKERS_MIN = 400;

/** More workers would wait for the worker with the outcome that takes longest. This thread computes outcomes, too. */
const WORKERS_MAX = 3;

/** Outcomes that a worker has at a time, so that it always has work while this thread is busy. */
const AHEAD = 2;

/** How to compare outcomes on several cores. */
export type OnCoresOptions = Readonly<{
  /**
   * How many workers help this thread. Default: one for each further core, or none if this is not worth it.
   */
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
  const isWorth = observations.length >= WORTH_WORKERS_MIN;
  const helping = isWorth ? Math.min(navigator.hardwareConcurrency - 1, WORKERS_MAX) : 0;
  using stack = new DisposableStack();
  // Each worker is a pool of its own, because every worker gets the discussions.
  const pools = Array.from(
    { length: workers ?? helping },
    () => stack.use(new OutcomePool(WORK, { workers: 1 })),
  );
  const opened = openIn(pools, observations, { analysis, order: options.order ?? {} });
  const all = comparedOutcomes(observations, analysis, options);
  const { outcomes, sample, context } = all;
  const results: OutcomeResults[] = [];
  let [next, fromWorkers] = [0, 0];
  const computeIn = async (pool: OutcomePool) => {
    while (next < outcomes.length) {
      const place = next++;
      const answer = await pool.ask({ outcome: outcomes[place]!, context });
      if (answer === null) continue;
      results[place] = answer;
      fromWorkers++;
    }
  };
  const asked = [
    ...opened,
    ...Array.from({ length: AHEAD }, () => pools.map((pool) => failureOf(computeIn(pool)))).flat(),
  ];
  // Hints need all outcomes, so this thread computes them while workers are busy.
  all.hints();
  while (pools.length > 0 && next < outcomes.length) {
    // Between two outcomes, this thread gives workers their next outcomes.
    await new Promise((resolve) => setTimeout(resolve));
    const place = next++;
    if (place < outcomes.length) results[place] = outcomeResults(outcomes[place]!, sample, context);
  }
  const failure = (await Promise.all(asked)).find((one) => one !== null);
  if (failure !== undefined) {
    const reason = failure.message.replaceAll(/\s+/g, " ");
    warn?.(
      `Compared ${
        outcomes.length - fromWorkers
      } of ${outcomes.length} outcomes without workers, which takes longer and loses ` +
        `nothing, because workers failed: ${reason}`,
    );
  }
  const found = outcomes.map((outcome, place) => results[place] ?? outcomeResults(outcome, sample, context));
  return comparisonsFrom(found, all);
}

const WORK = { module: new URL("./comparison_worker.ts", import.meta.url), task: "compare outcomes" };

const OutcomePool = WorkerPool<OutcomeTask, OutcomeResults | null>;

type OutcomePool = WorkerPool<OutcomeTask, OutcomeResults | null>;

/** The error of some work; `null` if it succeeds. The work can then fail before anyone waits for it. */
function failureOf(work: Promise<unknown>): Promise<Error | null> {
  return work.then(() => null, (error: Error) => error);
}

/** Gives the discussions to all workers. */
function openIn(
  pools: readonly OutcomePool[],
  observations: readonly Observation[],
  design: Omit<DiscussionsTask, "discussions">,
): readonly Promise<Error | null>[] {
  if (pools.length === 0) return [];
  const isMany = completedOf(observations).length > MULTIVERSE_DISCUSSIONS_MAX;
  const discussions = JSON.stringify(isMany ? observations.map(withoutComments) : observations);
  return pools.map((pool) => failureOf(pool.ask({ discussions, ...design })));
}

/** The fields that tests need. Only multiverses need the comments. */
function withoutComments(
  { run, discussion, condition, factors, replicate, seed, imported, end }: Observation,
): Partial<Observation> {
  return { run, discussion, condition, factors, replicate, seed, imported, end };
}
