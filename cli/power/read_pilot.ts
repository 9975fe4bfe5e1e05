/** Reading of a run as a pilot. */
import { basename, resolve } from "node:path";
import { type Observation, Observer } from "../../core/analysis/outcomes/mod.ts";
import { unavailable } from "../../core/analysis/mod.ts";
import { eventOf } from "../../core/events/mod.ts";
import { ANALYSIS_DEFAULT, type AnalysisDesign } from "../../core/experiment/mod.ts";
import { loadAnalysis } from "../load.ts";
import { openRunLogs } from "../logs.ts";

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
  const all: Observation[] = [];
  for await (const discussion of discussions()) {
    const observer = new Observer(basename(resolve(folder)));
    for await (const envelope of events(discussion)) observer.add(eventOf(envelope));
    const observation = await observer.finish(() => Promise.resolve(NOT_MEASURED));
    if (observation !== null) all.push(observation);
  }
  const order = plannedLevels(manifest.resolved);
  const observations = all.filter(({ end }) => end === "completed");
  const analysis = analysisFile === undefined
    ? manifest.analysis ?? ANALYSIS_DEFAULT
    : await loadAnalysis(analysisFile, { factors: factorsOf(all, order), scales: scalesOf(all) });
  return { observations, leftOut: all.length - observations.length, analysis, order };
}

const NOT_MEASURED = {
  diversity: unavailable("it was not measured"),
  distinct2: unavailable("it was not measured"),
};

/** The factors of the design, as the manifest describes it. */
function plannedLevels(
  { design }: Readonly<Record<string, unknown>>,
): Readonly<Record<string, readonly string[]>> {
  const factors = Object.entries(recordOf(recordOf(design).factors));
  return Object.fromEntries(factors.map(([factor, levels]) => [
    factor,
    (Array.isArray(levels) ? levels : []).map((level) => String(recordOf(level).label)),
  ]));
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? value as Readonly<Record<string, unknown>> : {};
}

function factorsOf(
  observations: readonly Observation[],
  order: Readonly<Record<string, readonly string[]>>,
): Readonly<Record<string, readonly string[]>> {
  const found = new Map<string, Set<string>>();
  for (const [factor, label] of observations.flatMap(({ factors }) => Object.entries(factors))) {
    found.set(factor, (found.get(factor) ?? new Set()).add(label));
  }
  return {
    ...Object.fromEntries([...found].map(([factor, labels]) => [factor, [...labels].sort()])),
    ...order,
  };
}

function scalesOf(observations: readonly Observation[]) {
  const scales = observations.flatMap(({ judgements }) => judgements);
  return [...new Map(scales.map(({ pass, scale }) => [`${pass}/${scale.name}`, { pass, scale }])).values()];
}
