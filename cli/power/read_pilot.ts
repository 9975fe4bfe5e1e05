/** Reading of a run as a pilot. */
import { basename, resolve } from "node:path";
import { factorLevels, type Observation, observe, scalesOf } from "../../analysis/outcomes/mod.ts";
import { unavailable } from "../../analysis/mod.ts";
import { readSlots } from "../../analysis/projections/mod.ts";
import { ANALYSIS_DEFAULT, type AnalysisDesign, resolvedDesign } from "../../core/experiment/mod.ts";
import { loadAnalysis } from "../shared/load.ts";
import { openRunLogs } from "../shared/logs.ts";

/** What was read of a pilot. */
export type ReadPilot = Readonly<{
  /** The discussions that came to their end, and how many did not. */
  observations: readonly Observation[];
  leftOut: number;
  analysis: AnalysisDesign;
  /** Factor → its levels in the order of the experiment file; none for imported discussions. */
  order: Readonly<Record<string, readonly string[]>>;
}>;

/**
 * Reads a run. Its texts are not measured: power is simulated of what comments are judged by.
 *
 * @param folder The run's folder.
 * @param analysisFile A file with the analysis that is planned; `undefined` for that of the run.
 * @throws {RunFolderError} When the folder holds no run.
 * @throws {DamagedStream} When a log is damaged.
 * @throws {ExperimentError} With everything that is wrong with the file.
 * @throws {UsageError} When the file cannot be read.
 */
export async function readPilot(folder: string, analysisFile: string | undefined): Promise<ReadPilot> {
  const { run: { manifest }, discussions, events } = openRunLogs(folder);
  const run = basename(resolve(folder));
  const all: Observation[] = [];
  for await (const discussion of discussions()) {
    const slots = await readSlots(events(discussion));
    if (slots !== null) all.push(await observe(run, slots, () => Promise.resolve(NOT_MEASURED)));
  }
  const { levels: order } = resolvedDesign(manifest.resolved);
  const observations = all.filter(({ end }) => end === "completed");
  const analysis = analysisFile === undefined
    ? manifest.analysis ?? ANALYSIS_DEFAULT
    : await loadAnalysis(analysisFile, { factors: factorLevels(all, order), scales: scalesOf(all) });
  return { observations, leftOut: all.length - observations.length, analysis, order };
}

const NOT_MEASURED = {
  diversity: unavailable("it was not measured"),
  wordsCompared: null,
  distinct2: unavailable("it was not measured"),
};
