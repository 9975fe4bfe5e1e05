/** Reads a batch of a run's logs in a worker. */
import { priceLookUp, type RunPrices } from "../../adapters/local/price_look_up.ts";
import { openFolderLogs } from "../../adapters/stores/folder_logs.ts";
import { nativeSha256 } from "../../adapters/system.ts";
import {
  type Declaration,
  declarationFrom,
  type DeclarationSource,
} from "../../analysis/fidelity/declaration.ts";
import type { SeedUse } from "../../analysis/fidelity/mod.ts";
import type { Observation } from "../../analysis/outcomes/observation.ts";
import type { PriceLookUp } from "../../analysis/projections/mod.ts";
import type { LogEnd } from "../../core/events/mod.ts";
import type { EventStore } from "../../core/ports/mod.ts";
import type { RunManifest } from "../../core/run_log/mod.ts";
import { builtInRules } from "../shared/built_in_rules.ts";
import { piecesOf, readLogs } from "../shared/read_logs.ts";
import { measureHere, ObservationTally } from "./observation_tally.ts";
import { type CountedLogs, RunTallies } from "./run_tallies.ts";

/**
 * The run whose logs are read, in a folder and without code of its own. Each worker gets it before any batch, so that it
 * needs neither the description of the run nor the code that reads experiments.
 */
export type RunToRead =
  & Pick<RunManifest, "shards">
  & Readonly<{
    place: string;
    name: string;
    declared: DeclarationSource;
    /** The source of the declaration, for people. */
    source: string;
    prices: RunPrices;
  }>;

/** Some logs of a run, to be read. */
export type Batch = Readonly<{
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

type OpenRun = Readonly<{
  name: string;
  store: EventStore;
  source: string;
  declaration: Declaration | undefined;
  pricesFor: PriceLookUp;
}>;

/** Opens the run of the worker, at its first batch, so that a failure is an answer to this batch. */
let open: () => OpenRun = () => {
  throw new TypeError("Cannot read logs: no run was given");
};

/** Takes in the run, which has no answer, or reads a batch of its logs. */
export async function answerBatch(question: RunToRead | Batch): Promise<BatchRead | null> {
  if ("discussions" in question) return await readBatch(open(), question);
  let opened: OpenRun | null = null;
  open = () => opened ??= openRun(question);
  return null;
}

function openRun({ place, name, shards, declared, source, prices }: RunToRead): OpenRun {
  const store = openFolderLogs(place, shards);
  const declaration = declarationFrom(declared, nativeSha256);
  return { name, store, source, declaration, pricesFor: priceLookUp(prices) };
}

async function readBatch(
  { name, store, source, declaration, pricesFor }: OpenRun,
  { discussions, ends, drawn }: Batch,
): Promise<BatchRead> {
  const record = ends === null ? null : {
    log: { kind: "kept", hashes: new Set<string>(), ends: new Map(ends), repairs: [] },
    problems: [],
  } as const;
  const against = { rules: builtInRules(), declaration, source, record };
  const tallies = new RunTallies(against, pricesFor, { isForAppending: true, drawn });
  const observations: Observation[] = [];
  const observing = new ObservationTally(name, measureHere, (one) => observations.push(one));
  const logs = {
    discussions: () => discussions,
    pieces: (discussion: string) => piecesOf(store, discussion),
  };
  await readLogs(logs, [...tallies.collectors, observing]);
  await observing.allTaken();
  return { counted: tallies.counted(), observations: JSON.stringify(observations) };
}
