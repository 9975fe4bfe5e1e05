/** Reads a batch of a run's logs in a worker. */
import { priceLookUp, readPrices } from "../../adapters/local/run_prices.ts";
import type { RunDeclaration, SeedUse } from "../../analysis/fidelity/mod.ts";
import type { Observation } from "../../analysis/outcomes/observation.ts";
import type { PriceLookUp } from "../../analysis/projections/mod.ts";
import type { LogEnd } from "../../core/events/mod.ts";
import { type CheckOptions, heldAgainst } from "../fidelity/check_run.ts";
import { openRunLogs, readLogs, type RunLogs } from "../shared/logs.ts";
import { measureHere, ObservationTally } from "./observation_tally.ts";
import { type CountedLogs, RunTallies } from "./run_tallies.ts";

/** Some logs of a run, to be read. */
export type Batch = Readonly<{
  place: string;
  /** The name of the run. */
  run: string;
  options: CheckOptions;
  discussions: readonly string[];
  /** The ends of these logs that the run's log records; `null` if the run has no intact log. */
  ends: readonly (readonly [discussion: string, end: LogEnd])[] | null;
  /** Draws that discussions of earlier batches made. */
  drawn: readonly SeedUse[];
}>;

/** What the logs of a batch say. */
export type BatchRead = Readonly<{
  counted: CountedLogs;
  /** As JSON, in the order of the logs: other forms take longer to pass on, and more memory. */
  observations: string;
}>;

type OpenRun = Readonly<{ pieces: RunLogs["pieces"]; against: RunDeclaration; pricesFor: PriceLookUp }>;

/** The run of the latest batch: a worker opens each run once. */
let latest: Readonly<{ key: string; opened: Promise<OpenRun> }> | null = null;

async function openedRun({ place, options }: Batch): Promise<OpenRun> {
  const key = JSON.stringify([place, options]);
  if (latest?.key !== key) latest = { key, opened: openRun(place, options) };
  return await latest.opened;
}

async function openRun(place: string, options: CheckOptions): Promise<OpenRun> {
  const { run, ...logs } = await openRunLogs(place);
  const { against } = await heldAgainst({ ...logs, run }, options);
  const pricesFor = priceLookUp(await readPrices(run));
  // The run's log is not kept: it is large if the run has many discussions.
  return { pieces: logs.pieces, against: { ...against, record: null }, pricesFor };
}

/** Reads a batch. */
export async function answerBatch(batch: Batch): Promise<BatchRead> {
  const { pieces, against, pricesFor } = await openedRun(batch);
  const { run, discussions, ends, drawn } = batch;
  const record = ends === null ? null : {
    log: { kind: "kept", hashes: new Set<string>(), ends: new Map(ends), repairs: [] },
    problems: [],
  } as const;
  const tallies = new RunTallies({ ...against, record }, pricesFor, { isForAppending: true, drawn });
  const observations: Observation[] = [];
  const observing = new ObservationTally(run, measureHere, (one) => observations.push(one));
  await readLogs({ discussions: () => discussions, pieces }, [...tallies.collectors, observing]);
  await observing.allTaken();
  return { counted: tallies.counted(), observations: JSON.stringify(observations) };
}
