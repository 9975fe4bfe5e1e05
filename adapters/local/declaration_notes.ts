/** Notes about declarations that a run keeps, although the experiment file has changed. */
import {
  type AnalysisDesign,
  type Experiment,
  type FactorLabels,
  factorLabels,
} from "../../core/experiment/mod.ts";
import { canonical } from "../../core/json.ts";
import type { RunRecord } from "../../core/run_log/mod.ts";

/** Notes for the user about declarations of the run that differ from the declarations in the experiment file now. */
export function declarationNotes(
  held: Pick<RunRecord, "analysis" | "factorLabels">,
  now: Experiment,
): readonly string[] {
  return [analysisNote(held.analysis, now.analysis), labelsNote(held.factorLabels, factorLabels(now))]
    .filter((note) => note !== null);
}

/** A note for the user if the experiment file has other labels of factors than when its run was made. */
function labelsNote(held: FactorLabels = {}, now: FactorLabels): string | null {
  if (canonical(held) === canonical(now)) return null;
  return "the experiment file has other labels of factors than when this run was made. The run keeps its labels";
}

/**
 * A note for the user if the experiment file declares another analysis than when its run was made. An analysis counts
 * as declared only if it was declared before there were results.
 */
function analysisNote(
  held: AnalysisDesign | null | undefined,
  now: AnalysisDesign | null,
): string | null {
  const declared = held ?? null;
  if (canonical(declared) === canonical(now)) return null;
  const stays = declared === null
    ? "no analysis was declared when this run was made. The analysis in the experiment file came later, so it does not " +
      "count as declared. To compute it"
    : "the experiment file no longer has the analysis that was declared when this run was made. The run keeps the " +
      "declared analysis. To compute another analysis";
  return `${stays}, use report --analysis FILE; its results count as exploratory`;
}
