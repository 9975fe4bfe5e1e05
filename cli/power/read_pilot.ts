/** Reads a run as a pilot. */
import { measureTexts, unavailable } from "../../analysis/mod.ts";
import {
  factorLevels,
  type Observation,
  observationByLabel,
  observe,
  scalesOf,
} from "../../analysis/outcomes/mod.ts";
import { readSlots } from "../../analysis/projections/mod.ts";
import { nameOfRun } from "../../adapters/stores/mod.ts";
import {
  ANALYSIS_DEFAULT,
  analysisByLabel,
  type AnalysisDesign,
  byLabel,
  type FactorLabels,
  mergedLabels,
  pathsByLabel,
  resolvedDesign,
} from "../../core/experiment/mod.ts";
import { isTextMetric } from "../../core/experiment/analysis_design.ts";
import type { RunReader } from "../../core/ports/mod.ts";
import { loadAnalysis } from "../shared/load.ts";
import { openRunLogs } from "../shared/logs.ts";

/** A pilot run. */
export type ReadPilot = Readonly<{
  run: RunReader;
  /** All discussions. */
  observations: readonly Observation[];
  /** How many discussions are not complete, so that the models leave them out. */
  leftOut: number;
  /** How many discussions have ended, completed or not. */
  ended: number;
  analysis: AnalysisDesign;
  /** The labels of factors. The other members name factors by their labels. */
  labels: FactorLabels;
  /** Factor → its levels in the order of the experiment file; empty for imported discussions. */
  order: Readonly<Record<string, readonly string[]>>;
}>;

/**
 * Reads a run. Measures the texts of comments only if an outcome may need this.
 *
 * @param place The place of the run.
 * @param outcomes The outcomes to plan for; the declared ones when empty.
 * @param analysisFile A file with the planned analysis; the run's own analysis when left out.
 * @throws The errors of `openRunLogs()`, of its logs and of `loadAnalysis()`.
 */
export async function readPilot(
  place: string,
  outcomes: readonly string[],
  analysisFile: string | undefined,
): Promise<ReadPilot> {
  const { run: reader, discussions, events } = await openRunLogs(place);
  const { manifest } = reader;
  const run = nameOfRun(place);
  const labels = mergedLabels([manifest.factorLabels ?? {}]);
  const known = [...outcomes, ...manifest.analysis?.outcomes ?? []];
  const needsTexts = analysisFile !== undefined || known.some(isTextMetric);
  const all: Observation[] = [];
  for await (const discussion of discussions()) {
    const slots = await readSlots(events(discussion));
    if (slots === null) continue;
    const observation = await observe(
      run,
      slots,
      (texts) => Promise.resolve(needsTexts ? measureTexts(texts) : NOT_MEASURED),
    );
    all.push(observationByLabel(observation, labels));
  }
  const order = byLabel(resolvedDesign(manifest.resolved).levels, labels);
  const analysis = analysisFile === undefined
    ? analysisByLabel(manifest.analysis ?? ANALYSIS_DEFAULT, labels)
    : await loadAnalysis(analysisFile, {
      factors: factorLevels(all, order),
      otherNames: pathsByLabel(labels),
      scales: scalesOf(all),
    });
  const ended = all.filter(({ end }) => end !== "unfinished").length;
  return {
    run: reader,
    observations: all,
    leftOut: all.filter(({ end }) => end !== "completed").length,
    ended,
    analysis,
    labels,
    order,
  };
}

const NO_FIGURES = {
  diversity: unavailable("it was not measured"),
  wordsCompared: null,
  distinct2: unavailable("it was not measured"),
};

const NOT_MEASURED = { participants: NO_FIGURES, moderators: NO_FIGURES, all: NO_FIGURES };
