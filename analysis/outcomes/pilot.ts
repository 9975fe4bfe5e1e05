/** What a run tells as a pilot: the models whose variances a larger experiment is planned with. */
import type { AnalysisDesign } from "../../core/experiment/analysis_design.ts";
import { fitMixedModel, type MixedModel } from "../statistics/mixed_model.ts";
import { isUnavailable, type Unavailable, unavailable } from "../statistics/unavailable.ts";
import { observedFactors } from "./factors.ts";
import { isMatched } from "./matched_pairs.ts";
import type { Observation } from "./observation.ts";
import type { Outcome } from "./outcome.ts";
import { type OutcomeModelData, outcomeModelData } from "./outcome_models.ts";

/** A model of a pilot. */
export type PilotModel = Readonly<{
  data: OutcomeModelData;
  fit: MixedModel;
  /** Conditions that the model tells apart: a replication is a discussion in each. */
  cells: number;
}>;

/** What a pilot tells of an outcome. */
export type Pilot = Readonly<{
  main: PilotModel | Unavailable;
  throughTurns: PilotModel | Unavailable;
  /** Whether discussions of some levels are matched: the models treat them as independent all the same. */
  matched: boolean;
}>;

/**
 * Takes a run for a pilot.
 *
 * @param outcome The outcome, of comments.
 * @param observations The discussions, in the order of the outcome's values.
 * @param analysis The effects, the references and the level.
 * @param order Factor → its levels in the order of the experiment file.
 * @returns The models, or why they cannot be fitted.
 */
export function pilotOf(
  outcome: Pick<Outcome, "values" | "unit">,
  observations: readonly Observation[],
  analysis: Pick<AnalysisDesign, "effects" | "reference" | "level">,
  order: Readonly<Record<string, readonly string[]>>,
): Pilot {
  const factors = observedFactors(observations, analysis.reference, order);
  const matched = factors.some(({ name, levels, reference, of }) =>
    levels.some((level) =>
      level !== reference && isMatched(
        observations,
        name,
        of.map((one) => one === level ? "level" : one === reference ? "reference" : null),
      )
    )
  );
  const data = outcome.unit === "comment"
    ? outcomeModelData(outcome, observations, factors, analysis.effects)
    : unavailable("a figure of whole discussions has no mixed model to simulate from");
  if (isUnavailable(data)) return { main: data, throughTurns: data, matched };
  const model = (of: OutcomeModelData): PilotModel | Unavailable => {
    const fit = fitMixedModel(of, { level: analysis.level });
    return isUnavailable(fit) ? fit : { data: of, fit, cells: cellsOf(of) };
  };
  return { main: model(data.main), throughTurns: model(data.throughTurns), matched };
}

/** The combinations of levels that the rows have. */
function cellsOf({ outcome, predictors }: OutcomeModelData): number {
  const factors = Object.values(predictors).filter((predictor) => "reference" in predictor);
  const rows = [...outcome.keys()].filter((row) => factors.every(({ values }) => values[row] !== null));
  return new Set(rows.map((row) => JSON.stringify(factors.map(({ values }) => values[row])))).size;
}
