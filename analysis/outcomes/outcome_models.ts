/** Fits mixed models to an outcome of comments, for the results of a run or to plan a larger experiment from a pilot run. */
import { type AnalysisDesign, TIME } from "../../core/experiment/analysis_design.ts";
import type { Coefficient } from "../statistics/coefficients.ts";
import { fitMixedModel, type MixedModel } from "../statistics/mixed_model.ts";
import type { Covariate, Factor, ModelData } from "../statistics/model_matrix.ts";
import { isUnavailable, type Unavailable, unavailable } from "../statistics/unavailable.ts";
import { type EffectTerm, modelTerms, termsOf } from "./effects.ts";
import { type ObservedFactor, observedFactors } from "./factors.ts";
import type { Observation } from "./observation.ts";
import type { Outcome } from "./outcomes.ts";
import { isMatched } from "./level_comparisons.ts";

/** A fitted model with the term of each coefficient. The first coefficient is the intercept, which has no term. */
export type OutcomeModel = Readonly<{ fit: MixedModel; terms: readonly EffectTerm[] }>;

/** The models of an outcome. */
export type OutcomeModels = Readonly<{
  /** The effects of the analysis without time; each factor alone if the analysis declares no effects. */
  main: OutcomeModel | Unavailable;
  /** All effects of the analysis, the centred time, and the interaction of each modelled factor with time. */
  throughTurns: OutcomeModel | Unavailable;
}>;

type Row = Readonly<{ place: number; value: number; time: number | null }>;

/**
 * Fits the models of an outcome of comments, with a random intercept by discussion: REML, tests by Student's t with
 * Satterthwaite's degrees of freedom. Factors that do not vary among the comments with a value are left out.
 *
 * @param observations The discussions, in the order of the outcome's values.
 *
 * @param analysis The effects and the level of intervals.
 */
export function outcomeModels(
  outcome: Pick<Outcome, "values">,
  observations: readonly Pick<Observation, "run" | "discussion">[],
  factors: readonly ObservedFactor[],
  { effects, level }: Pick<AnalysisDesign, "effects" | "level">,
): OutcomeModels {
  const data = outcomeModelData(outcome, observations, factors, effects);
  if (isUnavailable(data)) return { main: data, throughTurns: data };
  const fit = (of: OutcomeModelData): OutcomeModel | Unavailable => {
    const model = fitMixedModel(of, { level });
    return isUnavailable(model) ? model : { fit: model, terms: columnTerms(of) };
  };
  return { main: fit(data.main), throughTurns: fit(data.throughTurns) };
}

/** The data of a model of an outcome. */
export type OutcomeModelData = ModelData & Required<Pick<ModelData, "terms">>;

/** The data of the models of an outcome of comments. */
export function outcomeModelData(
  { values }: Pick<Outcome, "values">,
  observations: readonly Pick<Observation, "run" | "discussion">[],
  factors: readonly ObservedFactor[],
  effects: AnalysisDesign["effects"],
): Readonly<{ main: OutcomeModelData; throughTurns: OutcomeModelData }> | Unavailable {
  const rows: readonly Row[] = values.flatMap((list, place) => list.map((value) => ({ ...value, place })));
  if (rows.length === 0) return unavailable("no comment has a value");
  if (factors.some(({ name }) => name === TIME)) {
    return unavailable(`a factor has the reserved name "${TIME}"`);
  }
  const varying = factors.filter(({ of }) => levelsAmong(rows.map(({ place }) => of[place]!)).length > 1);
  const group = rows.map(({ place }) => {
    const { run, discussion } = observations[place]!;
    return JSON.stringify([run, discussion]);
  });
  const outcome = rows.map(({ value }) => value);
  const of = (terms: readonly (readonly string[])[]): OutcomeModelData => {
    const modelled = varying.filter(({ name }) => terms.some((names) => names.includes(name)));
    const predictors = modelled.map(({ name, reference, of }): readonly [string, Factor | Covariate] => [
      name,
      { reference, values: rows.map(({ place }) => of[place]!) },
    ]);
    if (terms.some((names) => names.includes(TIME))) {
      predictors.push([TIME, { values: rows.map(({ time }) => time), centred: true }]);
    }
    return { outcome, group, predictors: Object.fromEntries(predictors), terms };
  };
  const { main, throughTurns } = modelTerms(varying, effects);
  return { main: of(main), throughTurns: of(throughTurns) };
}

/** The terms of a model's columns, from the levels in the rows that the model uses. */
function columnTerms({ outcome, predictors, terms }: OutcomeModelData): readonly EffectTerm[] {
  const modelled = Object.entries(predictors).flatMap(([name, predictor]) =>
    "reference" in predictor ? [{ ...predictor, name }] : []
  );
  const whole = [...outcome.keys()].filter((row) => modelled.every(({ values }) => values[row] !== null));
  const used = modelled.map(({ name, reference, values }): ObservedFactor => {
    const of = whole.map((row) => values[row]!);
    return { name, reference, levels: levelsAmong(of).sort(), of };
  });
  return terms.flatMap((names) => termsOf(names, used));
}

/** The coefficient of a term; `undefined` if the model has none, for example for a level without values. */
export function coefficientOf({ fit, terms }: OutcomeModel, term: EffectTerm): Coefficient | undefined {
  const wanted = keyOf(term);
  const place = terms.findIndex((one) => keyOf(one) === wanted);
  return place === -1 ? undefined : fit.coefficients[place + 1];
}

function levelsAmong(levels: readonly (string | null)[]): string[] {
  return [...new Set(levels.filter((level) => level !== null))];
}

function keyOf({ contrasts, throughTurns }: EffectTerm): string {
  const levels = contrasts.map(({ factor, level }) => JSON.stringify([factor, level])).sort();
  return JSON.stringify([throughTurns, levels]);
}

/** A model of a pilot. */
export type PilotModel = Readonly<{
  data: OutcomeModelData;
  fit: MixedModel;
  /** The number of conditions that the model distinguishes. A replication is one discussion in each of them. */
  cells: number;
}>;

/** The models of an outcome in a pilot. */
export type Pilot = Readonly<{
  main: PilotModel | Unavailable;
  throughTurns: PilotModel | Unavailable;
  /** Whether a level has discussions that are matched with discussions of the reference. The models treat all as independent. */
  matched: boolean;
}>;

/** Fits the models of an outcome, to use a run as a pilot. */
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

/** The number of combinations of levels in the rows. */
function cellsOf({ outcome, predictors }: OutcomeModelData): number {
  const factors = Object.values(predictors).filter((predictor) => "reference" in predictor);
  const rows = [...outcome.keys()].filter((row) => factors.every(({ values }) => values[row] !== null));
  return new Set(rows.map((row) => JSON.stringify(factors.map(({ values }) => values[row])))).size;
}
