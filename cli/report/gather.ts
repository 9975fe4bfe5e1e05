/** What a report is told of a run, from its folder. */
import { basename, resolve } from "node:path";
import { nativeSha256 } from "../../adapters/system.ts";
import type { RunManifest, RunReader } from "../../adapters/stores/mod.ts";
import { priceLookUp, readPrices } from "../../adapters/stores/run_prices.ts";
import { FidelityTally } from "../../analysis/fidelity/mod.ts";
import {
  DesignTally,
  ExecutionTally,
  type LogCollector,
  StatusTally,
} from "../../analysis/projections/mod.ts";
import { canonical } from "../../core/json.ts";
import { resolvedDesign } from "../../core/experiment/mod.ts";
import { drawnFrom } from "../../analysis/report/drawn_from.ts";
import type { RunFacts } from "../../analysis/report/facts.ts";
import { heldAgainst } from "../fidelity/check_run.ts";
import type { Logs } from "../shared/logs.ts";
import { readLogs } from "../shared/read_logs.ts";

/** How a run is read. */
export type GatherOptions = Readonly<{
  /** A file that declares what is known of the discussions otherwise. */
  declared?: string | undefined;
  /** Whether the code of the run can be trusted. */
  trusted?: boolean;
  /** What else looks at the events of every log, in the same pass. */
  others?: readonly LogCollector[];
}>;

/**
 * Gathers what is known of a run. Each of its logs is read once.
 *
 * @param logs The run's logs.
 * @param options See there.
 * @throws {ExperimentError} With everything that is wrong with a declaration.
 * @throws {UsageError} When it cannot be read, or code that is trusted cannot be run.
 */
export async function gatherRun(
  logs: Logs & Readonly<{ run: RunReader }>,
  { declared, trusted = false, others = [] }: GatherOptions = {},
): Promise<RunFacts> {
  const { run } = logs;
  const { against, experiment } = await heldAgainst(logs, { declared, trusted });
  const design = new DesignTally();
  const status = new StatusTally(priceLookUp(readPrices(run.path)));
  const execution = new ExecutionTally();
  const fidelity = new FidelityTally(against);
  await readLogs(logs, [design, status, execution, fidelity, ...others]);
  return {
    ...ofFolder(run),
    drawnFrom: experiment === null ? null : drawnFrom(experiment),
    design: design.facts(),
    status: status.status(),
    execution: execution.facts(),
    fidelity: fidelity.found(),
  };
}

/** What the folder says besides the logs. */
function ofFolder(
  { path, manifest, experimentText }: RunReader,
): Omit<RunFacts, "drawnFrom" | "design" | "status" | "execution" | "fidelity"> {
  const { createdAt, seed, plan, versions, sources, analysis } = manifest;
  const { name, file, sha256 } = manifest.experiment;
  const isOwn = file !== null && sha256 !== null && experimentText !== null;
  return {
    run: basename(resolve(path)),
    createdAt,
    experiment: isOwn ? { name, file: basename(file), sha256, text: experimentText } : null,
    seed: seed === null ? null : String(seed),
    planned: isOwn ? plan : null,
    ...resolvedDesign(manifest.resolved),
    versions,
    sources: isOwn ? null : sourcesOf(sources),
    analysis: analysis ?? null,
  };
}

/** The hash does not depend on where the files lay, so that others can compare theirs. */
function sourcesOf(sources: RunManifest["sources"]): NonNullable<RunFacts["sources"]> {
  const contents = Object.values(sources).toSorted();
  return { files: contents.length, sha256: nativeSha256(canonical(contents)) };
}
