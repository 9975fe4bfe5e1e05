/** Reads the outcomes of a run for the viewer. */
import { TextPool } from "../../adapters/workers/mod.ts";
import { OutcomeTally, type RunOutcomes } from "../../analysis/outcomes/mod.ts";
import type { LogCollector } from "../../analysis/projections/mod.ts";
import { ANALYSIS_DEFAULT } from "../../core/experiment/mod.ts";
import { ObservationTally } from "../report/observation_tally.ts";
import { describedFacts } from "../report/read_runs.ts";
import type { RunLogs } from "../shared/logs.ts";
import { readLogs } from "../shared/read_logs.ts";

/** The outcomes of a run, and how many of its discussions have ended. */
export type OutcomesRead = Readonly<{ outcomes: RunOutcomes; ended: number }>;

/** How to read. */
export type ReadOutcomesOptions = Readonly<{
  /** Called after each log. */
  read?: () => void;
  /** Whether the values of a discussion are kept. Default: all are. */
  keeps?: (discussion: string) => boolean;
}>;

/** Reads each log of a run once, and keeps only numbers. */
export async function readOutcomes(
  name: string,
  logs: RunLogs,
  { read = () => {}, keeps = () => true }: ReadOutcomesOptions = {},
): Promise<OutcomesRead> {
  const { analysis, levels, seed, sources } = describedFacts(logs.run);
  const tally = new OutcomeTally(analysis ?? ANALYSIS_DEFAULT);
  using pool = new TextPool();
  const observing = new ObservationTally(name, pool.measure, (one) => {
    if (keeps(one.discussion)) tally.add(one);
  });
  let ended = 0;
  const count: LogCollector = {
    ended({ slots }) {
      if (slots !== null && slots.ending !== null) ended++;
      read();
    },
  };
  await readLogs(logs, [observing, count]);
  await observing.allTaken();
  const outcomes = {
    run: name,
    table: tally.table(),
    analysis,
    factorLabels: logs.run.manifest.factorLabels ?? {},
    levels,
    seed: seed ?? sources?.sha256 ?? null,
  };
  return { outcomes, ended };
}
