/** The outcomes of whole runs, and everything else that their figures depend on. */
import { ANALYSIS_DEFAULT, type AnalysisDesign } from "../../core/experiment/analysis_design.ts";
import {
  analysisByLabel,
  byLabel,
  type FactorLabels,
  mergedLabels,
} from "../../core/experiment/factor_labels.ts";
import { canonical } from "../../core/json.ts";
import { factorLevels, plannedLevels } from "./factors.ts";
import { joinTables, type OutcomeTable } from "./outcome_table.ts";
import { type OutcomeQuestion, type OutcomeView, viewOutcome } from "./outcome_view.ts";

/** The outcomes of one run. It consists of plain data. */
export type RunOutcomes = Readonly<{
  run: string;
  /** The values. Factors have their paths as names. */
  table: OutcomeTable;
  /** The declared analysis; `null` without one. */
  analysis: AnalysisDesign | null;
  factorLabels: FactorLabels;
  /** Factor → the labels of its levels, in the order of the experiment file. */
  levels: Readonly<Record<string, readonly string[]>>;
  /** The seed of the run, or the hash of its imported files; `null` if the run has neither. */
  seed: string | null;
}>;

/**
 * The seed of figures about runs. It does not depend on names of folders, so equal runs have equal figures
 * everywhere.
 */
export function seedOf(runs: readonly Pick<RunOutcomes, "seed">[]): string {
  return JSON.stringify(runs.map(({ seed }) => seed));
}

/** A key of a run's declared analysis. Outcomes of runs can be shown together only if their keys are equal. */
export function analysisKey({ analysis }: Pick<RunOutcomes, "analysis">): string {
  return canonical(analysis);
}

/**
 * The data that the viewer shows for an outcome of runs.
 *
 * @throws {RangeError} If the runs declare different analyses.
 */
export function viewRuns(runs: readonly RunOutcomes[], question: OutcomeQuestion): OutcomeView | null {
  const [first, ...others] = runs;
  if (first === undefined) return null;
  if (others.some((other) => analysisKey(other) !== analysisKey(first))) {
    throw new RangeError(
      "Cannot show the outcomes of these runs together: they declare different analyses. Choose one of the runs",
    );
  }
  const labels = mergedLabels(runs.map(({ factorLabels }) => factorLabels));
  const { discussions, columns } = joinTables(runs.map(({ table }) => table));
  const named = discussions.map((one) => ({ ...one, factors: byLabel(one.factors, labels) }));
  const levels = runs.map((run) => ({ levels: byLabel(run.levels, labels) }));
  return viewOutcome({ discussions: named, columns }, question, {
    analysis: analysisByLabel(first.analysis ?? ANALYSIS_DEFAULT, labels),
    order: factorLevels(named, plannedLevels(levels)),
    seed: seedOf(runs),
  });
}
