/** Reads the facts of runs for a report. It reads each log once. */
import {
  factorLevels,
  type Observation,
  observationByLabel,
  plannedLevels,
} from "../../analysis/outcomes/mod.ts";
import { CHANCE_TESTS } from "../../analysis/fidelity/mod.ts";
import { drawnFrom, type RunFacts } from "../../analysis/report/facts.ts";
import { openRuns, type RunLogs } from "../shared/logs.ts";
import { readLogs } from "../shared/read_logs.ts";
import { UsageError } from "../shared/program.ts";
import { basename } from "node:path";
import { nameOfRun } from "../../adapters/stores/mod.ts";
import { nativeSha256 } from "../../adapters/system.ts";
import type { RunReader } from "../../core/ports/mod.ts";
import type { RunManifest } from "../../core/run_log/mod.ts";
import { priceLookUp } from "../../adapters/local/price_look_up.ts";
import { readPrices } from "../../adapters/local/run_prices.ts";
import type { LogCollector, LogsStatus } from "../../analysis/projections/mod.ts";
import { canonical } from "../../core/json.ts";
import { readRaters } from "./read_raters.ts";
import { historyOf, peopleOf } from "../../core/run_log/mod.ts";
import {
  analysisByLabel,
  byLabel,
  type FactorLabels,
  labelOf,
  mergedLabels,
  pathsByLabel,
  resolvedDesign,
} from "../../core/experiment/mod.ts";
import { heldAgainst } from "../fidelity/check_run.ts";
import type { DiscussionPart } from "./observation_tally.ts";
import { type HeldRun, observeRun } from "./observe_run.ts";
import { RunTallies } from "./run_tallies.ts";
import { ObservationStore } from "./observation_store.ts";

export type ReadRuns = Readonly<{
  runs: readonly RunFacts[];
  observations: readonly Observation[];
  /**
   * Factor → its levels in the order of the experiment files, including levels without a discussion. The levels of imported
   * discussions are in the order of their names.
   */
  order: Readonly<Record<string, readonly string[]>>;
  /** Label → factor, for all factors with a label. Everything else here names factors by their labels. */
  paths: Readonly<Record<string, string>>;
  /** The logs of each run, by its name, in the order of the runs. */
  logs: ReadonlyMap<string, RunLogs>;
}>;

/** How to read runs. */
export type ReadRunsOptions =
  & Pick<GatherOptions, "declared" | "trusted">
  & Readonly<{
    /** Called after each log. */
    read?: () => void;
    /** Gets one line for each run for which workers failed and this thread has done their work. */
    warn?: (line: string) => void;
    /** The part of each discussion that is observed; by default, all of it. */
    part?: DiscussionPart;
    /** Makes further collectors for the logs of each run. */
    collectors?: (run: string, logs: RunLogs) => Promise<readonly LogCollector[]>;
  }>;

/**
 * Reads runs on all cores.
 *
 * @throws {UsageError} When a run is named twice, no discussion of a run can be read, or a file cannot be read.
 * @throws {RunError} When there is no run at a place.
 * @throws {StoreError} When a run holds a copy of another run's log.
 */
export async function readRuns(
  places: readonly string[],
  { read = () => {}, warn = () => {}, part, collectors, ...options }: ReadRunsOptions = {},
): Promise<ReadRuns> {
  const opened = await openRuns(places);
  const runs: RunFacts[] = [];
  const observations: Observation[] = [];
  const labels = mergedLabels([...opened.values()].map(({ run }) => run.manifest.factorLabels ?? {}));
  const store = new ObservationStore();
  const take = (one: Observation) => observations.push(store.keep(observationByLabel(one, labels)));
  for (const [name, logs] of opened) {
    const further = await collectors?.(name, logs) ?? [];
    const facts = await gatherRun(logs, {
      ...options,
      readInto: (tallies, held) => observeRun(logs, { name, held, tallies, take, read, warn, part, further }),
    });
    refuseNothing(logs.run.place, facts);
    runs.push(facts);
  }
  const named = runs.map((run) => runByLabel(run, labels));
  return {
    runs: named,
    observations,
    order: factorLevels(observations, plannedLevels(named)),
    paths: pathsByLabel(labels),
    logs: opened,
  };
}

/** The facts of a run with the labels of factors in place of their paths. */
function runByLabel(run: RunFacts, labels: FactorLabels): RunFacts {
  const { design, levels, analysis } = run;
  const conditions = design.conditions.values.map(({ value, count }) => ({
    value: { ...value, factors: byLabel(value.factors, labels) },
    count,
  }));
  return {
    ...run,
    levels: byLabel(levels, labels),
    analysis: analysis === null ? null : analysisByLabel(analysis, labels),
    design: {
      ...design,
      conditions: { ...design.conditions, values: conditions },
      varied: new Map([...design.varied].map(([path, found]) => [labelOf(path, labels), found])),
    },
  };
}

/** Refuses a run without a single readable discussion: its report would show a run without results. */
function refuseNothing(path: string, { design, fidelity }: RunFacts): void {
  if (design.discussions > 0) return;
  const why = fidelity.problems.length === 0
    ? "none of its discussions has begun. Run some first"
    : "none of its logs can be read. Check them with verify";
  throw new UsageError(`Cannot report on the run "${path}": ${why}`);
}

type GatherOptions = Readonly<{
  /** A file with declared rules, such as those for imported discussions. */
  declared?: string | undefined;
  /** Whether the run's own code may be run. */
  trusted?: boolean;
  /** Further collectors for the events of every log. */
  others?: readonly LogCollector[];
  /** Reads all logs for the tallies. */
  readInto?: (tallies: RunTallies, held: HeldRun) => Promise<void>;
}>;

/**
 * Gathers the facts of a run. Reads each of its logs once.
 *
 * @throws {ExperimentError} With all problems of a declaration.
 * @throws {UsageError} When the declaration cannot be read, or trusted code cannot be run.
 */
export async function gatherRun(
  logs: RunLogs,
  { declared: file, trusted = false, others = [], readInto }: GatherOptions = {},
): Promise<RunFacts> {
  const { run } = logs;
  const { against, ...held } = await heldAgainst(logs, { declared: file, trusted });
  const prices = await readPrices(run);
  const tallies = new RunTallies(against, priceLookUp(prices));
  const { design, status, execution, fidelity, people } = tallies;
  if (readInto === undefined) await readLogs(logs, [...tallies.collectors, ...others]);
  else await readInto(tallies, { ...held, source: against.source, prices });
  const peopleWords = people.words();
  return {
    ...describedFacts(run),
    looks: looksOf(run, status.status()),
    drawnFrom: held.declared.experiment === null ? null : drawnFrom(held.declared.experiment),
    design: design.facts(),
    status: status.status(),
    execution: execution.facts(),
    ...(peopleWords === null ? {} : { peopleWords }),
    fidelity: fidelity.found(CHANCE_TESTS),
    raters: await readRaters(run, design.facts()),
  };
}

/** The facts that the description of a run holds, without its logs. */
export function describedFacts(
  { place, manifest, experimentText, log }: RunReader,
): Omit<RunFacts, "drawnFrom" | "looks" | "design" | "status" | "execution" | "fidelity"> {
  const { createdAt, seed, plan, versions, sources, analysis } = manifest;
  const { name, file, sha256 } = manifest.experiment;
  const isOwn = file !== null && sha256 !== null && experimentText !== null;
  return {
    run: nameOfRun(place),
    createdAt,
    experiment: isOwn ? { name, file: basename(file), sha256, text: experimentText } : null,
    seed: seed === null ? null : String(seed),
    planned: isOwn ? plan : null,
    ...resolvedDesign(manifest.resolved),
    versions,
    sources: isOwn ? null : sourcesOf(sources),
    analysis: analysis ?? null,
    ...peopleIn(log),
  };
}

function peopleIn(log: RunReader["log"]): Pick<RunFacts, "people"> {
  const { agreed, withdrew } = peopleOf(log.kind === "kept" ? log.log : { entries: [] });
  return agreed.size + withdrew.size === 0 ? {} : {
    people: { agreed: agreed.size, withdrew: withdrew.size },
  };
}

function looksOf({ place, manifest, log }: RunReader, { conditions }: LogsStatus): RunFacts["looks"] {
  if (log.kind !== "kept") return null;
  const ended = [...conditions.values()].reduce(
    (sum, { completed, aborted }) => sum + completed + aborted,
    0,
  );
  return {
    run: nameOfRun(place),
    history: historyOf(log.log),
    ended,
    planned: manifest.plan.discussions,
  };
}

/**
 * Counts and hashes imported files. The hash does not depend on the paths of the files, so others can compare
 * it with the hash of their own files.
 */
function sourcesOf(sources: RunManifest["sources"]): NonNullable<RunFacts["sources"]> {
  const contents = Object.values(sources).toSorted();
  return { files: contents.length, sha256: nativeSha256(canonical(contents)) };
}
