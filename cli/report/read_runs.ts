/** Reading of runs for a report: each log once. */
import { TextPool } from "../../adapters/workers/mod.ts";
import { factorLevels, type Observation } from "../../analysis/outcomes/mod.ts";
import type { RunFacts } from "../../analysis/report/facts.ts";
import { type Logs, openRuns } from "../shared/logs.ts";
import { UsageError } from "../shared/program.ts";
import { type GatherOptions, gatherRun } from "./gather.ts";
import { ObservationTally } from "./observations.ts";

/** What was read of some runs. */
export type ReadRuns = Readonly<{
  runs: readonly RunFacts[];
  observations: readonly Observation[];
  /**
   * Factor → its levels in the order of the experiment files, those without any discussion too; those of imported
   * discussions in the order of their names.
   */
  order: Readonly<Record<string, readonly string[]>>;
  /** The logs of each run, by its name. */
  logs: ReadonlyMap<string, Logs>;
}>;

/**
 * Reads runs. Their texts are measured on all cores meanwhile.
 *
 * @param folders The run folders.
 * @param options A declaration of the discussions, and whether the runs' code can be trusted.
 * @throws {UsageError} When a run is named twice, no discussion of a run can be read, or a file cannot be.
 * @throws {RunFolderError} When a folder holds no run.
 * @throws {StoreError} When a discussion is in two of them.
 */
export async function readRuns(
  folders: readonly string[],
  options: Pick<GatherOptions, "declared" | "trusted">,
): Promise<ReadRuns> {
  const opened = await openRuns(folders);
  using pool = new TextPool();
  const runs: RunFacts[] = [];
  const observations: Observation[] = [];
  for (const [name, logs] of opened) {
    const tally = new ObservationTally(name, pool.measure);
    const facts = await gatherRun(logs, { ...options, others: [tally] });
    refuseNothing(logs.run.path, facts);
    runs.push(facts);
    observations.push(...await tally.observations());
  }
  return { runs, observations, order: factorLevels(observations, plannedLevels(runs)), logs: opened };
}

/** What nothing is known of would be told of as if it were empty. */
function refuseNothing(path: string, { design, fidelity }: RunFacts): void {
  if (design.discussions > 0) return;
  const why = fidelity.problems.length === 0
    ? "none of its discussions has begun. Hold some first"
    : "none of its logs can be read. Look at them with verify";
  throw new UsageError(`Cannot report on the run "${path}": ${why}`);
}

/** The levels of all runs. */
function plannedLevels(runs: readonly RunFacts[]): Readonly<Record<string, readonly string[]>> {
  const planned = new Map<string, readonly string[]>();
  for (const [factor, labels] of runs.flatMap(({ levels }) => Object.entries(levels))) {
    planned.set(factor, [...new Set([...planned.get(factor) ?? [], ...labels])]);
  }
  return Object.fromEntries(planned);
}
