/** Which analysis a report makes: the one that was declared before the runs began, another one, or none. */
import { basename } from "node:path";
import { type Observation, scalesOf } from "../../analysis/outcomes/mod.ts";
import { canonical } from "../../core/json.ts";
import { ANALYSIS_DEFAULT, type AnalysisDesign } from "../../core/experiment/mod.ts";
import type { AnalysisSource, RunFacts } from "../../analysis/report/facts.ts";
import { loadAnalysis } from "../shared/load.ts";
import { UsageError } from "../shared/program.ts";

/** An analysis and where it comes from. */
export type ChosenAnalysis = Readonly<{ design: AnalysisDesign; source: AnalysisSource }>;

/** What there is to analyse. */
export type Analysed = Readonly<{
  runs: readonly RunFacts[];
  observations: readonly Observation[];
  /** Factor → its levels in the order of the experiment file. */
  order: Readonly<Record<string, readonly string[]>>;
}>;

/**
 * Chooses the analysis.
 *
 * @param file A file that holds one; `undefined` for what the runs declare.
 * @param analysed What there is to analyse.
 * @throws {ExperimentError} With everything that is wrong with the file.
 * @throws {UsageError} When the file cannot be read, or the runs declare different analyses.
 */
export async function chosenAnalysis(
  file: string | undefined,
  { runs, observations, order }: Analysed,
): Promise<ChosenAnalysis> {
  if (file !== undefined) {
    const design = await loadAnalysis(file, { factors: order, scales: scalesOf(observations) });
    return { design, source: { from: "afterwards", file: basename(file) } };
  }
  const [first, ...others] = runs.map(({ analysis }) => analysis);
  if (others.some((other) => canonical(other) !== canonical(first))) {
    throw new UsageError(
      "Cannot report on these runs together: they declare different analyses. " +
        "Give one with --analysis FILE; its results count as exploratory",
    );
  }
  if (first === null || first === undefined) {
    return { design: ANALYSIS_DEFAULT, source: { from: "nowhere" } };
  }
  const reasons = runs.flatMap(({ fidelity: { notShown } }) => notShown ?? []);
  if (reasons.length > 0) {
    return { design: first, source: { from: "unshown", reasons: [...new Set(reasons)] } };
  }
  const since = runs.map(({ createdAt }) => createdAt).toSorted().at(-1)!;
  return { design: first, source: { from: "experiment", since } };
}
