/** Fits models to an outcome, for the results of a run or to plan a larger experiment from a pilot run. */
import { type AnalysisDesign, TIME } from "../../core/experiment/analysis_design.ts";
import type { Coefficient } from "../statistics/coefficients.ts";
import { fitMixedModel, type MixedModel } from "../statistics/mixed_model.ts";
import type { Covariate, Factor, ModelData } from "../statistics/model_matrix.ts";
import { isUnavailable, type Unavailable, unavailable } from "../statistics/unavailable.ts";
import { levelsAmong, modelFactors } from "./adjustment.ts";
import { type Effect, effectsOf, type EffectTerm, modelTerms, type ModelUse, termsOf } from "./effects.ts";
import { type ObservedFactor, observedFactors } from "./factors.ts";
import type { Observation } from "./observation.ts";
import type { Outcome } from "./outcomes.ts";
import { blocksOf } from "./within_replicates.ts";

/** What the models of all outcomes have in common. Lists have one entry for each compared discussion. */
export type ModelContext = Readonly<{
  observations: readonly Pick<Observation, "run" | "discussion">[];
  factors: readonly ObservedFactor[];
  /** The replicates of matched conditions; `null` if conditions are not matched. */
  blocks: readonly string[] | null;
  effects: readonly Effect[];
  level: number;
}>;

/** How a model is fitted. */
export type ModelKind = Readonly<{ method: "mixed-model" }>;

/** A fitted model. */
export type OutcomeModel = Readonly<{
  use: ModelUse;
  kind: ModelKind;
  /** The factors in the model. */
  factors: readonly string[];
  /** The terms of its coefficients, without the intercept. A coefficient has the name of its term. */
  terms: readonly EffectTerm[];
  fit: MixedModel;
}>;

/** A model that was fitted, or why it could not be. */
export type TriedModel =
  & Readonly<{ use: ModelUse; kind: ModelKind }>
  & Readonly<{ model: OutcomeModel | Unavailable }>;

/** Fits the models of one outcome, each at most once. */
export type OutcomeModels = Readonly<{
  fit(use: ModelUse, kind: ModelKind): OutcomeModel | Unavailable;
  /** The models so far. */
  tried(): readonly TriedModel[];
}>;

/** The models of an outcome. */
export function outcomeModels(outcome: Pick<Outcome, "values">, context: ModelContext): OutcomeModels {
  const tried = new Map<string, TriedModel>();
  const dataOf = memoised((use: ModelUse) => outcomeModelData(outcome, use, context));
  return {
    fit(use, kind) {
      const key = JSON.stringify([use, kind]);
      const known = tried.get(key);
      if (known !== undefined) return known.model;
      const model = fitted(use, kind, dataOf(use), context.level);
      tried.set(key, { use, kind, model });
      return model;
    },
    tried: () => [...tried.values()],
  };
}

function fitted(
  use: ModelUse,
  kind: ModelKind,
  data: OutcomeModelData | Unavailable,
  level: number,
): OutcomeModel | Unavailable {
  if (isUnavailable(data)) return data;
  const fit = fitMixedModel(data, { level });
  if (isUnavailable(fit)) return fit;
  return { use, kind, factors: factorNames(data), terms: columnTerms(data), fit };
}

/** The data of a model of an outcome. */
export type OutcomeModelData = ModelData & Required<Pick<ModelData, "terms">>;

/** The data of a model: a row for each value. */
export function outcomeModelData(
  { values }: Pick<Outcome, "values">,
  use: ModelUse,
  { observations, factors, effects }: Omit<ModelContext, "level">,
): OutcomeModelData | Unavailable {
  if (factors.some(({ name }) => name === TIME)) {
    return unavailable(`a factor has the reserved name "${TIME}"`);
  }
  const places = [...values.keys()].filter((place) => values[place]!.length > 0);
  if (places.length === 0) return unavailable("no comment has a value");
  const modelled = modelFactors(factors, effects, places);
  const inRows = <T>(of: (place: number) => T): T[] =>
    places.flatMap((place) => Array<T>(values[place]!.length).fill(of(place)));
  const predictors = modelled.map(({ name, reference, of }): readonly [string, Factor | Covariate] => [
    name,
    { reference, values: inRows((place) => of[place]!), centred: true },
  ]);
  const time = { values: places.flatMap((place) => values[place]!.map((one) => one.time)), centred: true };
  return {
    outcome: places.flatMap((place) => values[place]!.map(({ value }) => value)),
    group: inRows((place) => JSON.stringify([observations[place]!.run, observations[place]!.discussion])),
    predictors: Object.fromEntries(use === "levels" ? predictors : [...predictors, [TIME, time]]),
    terms: modelTerms(use, modelled.map(({ name }) => name), effects),
  };
}

/** The terms of a model's columns, from the levels in the rows that the model uses. */
function columnTerms(data: OutcomeModelData): readonly EffectTerm[] {
  const { outcome, predictors, terms } = data;
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

function factorNames({ predictors }: OutcomeModelData): readonly string[] {
  return Object.keys(predictors).filter((name) => name !== TIME);
}

/** The coefficient of a term; `undefined` if the model has none, for example for a level without values. */
export function coefficientOf({ fit, terms }: OutcomeModel, term: EffectTerm): Coefficient | undefined {
  const wanted = keyOf(term);
  const name = terms.find((one) => keyOf(one) === wanted)?.name;
  return fit.coefficients.find((one) => one.name === name);
}

function keyOf({ contrasts, throughTurns }: EffectTerm): string {
  const levels = contrasts.map(({ factor, level }) => JSON.stringify([factor, level])).sort();
  return JSON.stringify([throughTurns, levels]);
}

function memoised<Key, Value>(compute: (key: Key) => Value): (key: Key) => Value {
  const known = new Map<Key, Value>();
  return (key) => {
    if (!known.has(key)) known.set(key, compute(key));
    return known.get(key)!;
  };
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
  /** Whether conditions are matched. The models treat all discussions as independent. */
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
  const matched = blocksOf(observations, [...observations.keys()]) !== null;
  const context = { observations, factors, blocks: null, effects: effectsOf(factors, analysis.effects) };
  const model = (use: ModelUse): PilotModel | Unavailable => {
    const data = outcome.unit === "comment"
      ? outcomeModelData(outcome, use, context)
      : unavailable("a figure of whole discussions has no mixed model to simulate from");
    if (isUnavailable(data)) return data;
    const fit = fitMixedModel(data, { level: analysis.level });
    return isUnavailable(fit) ? fit : { data, fit, cells: cellsOf(data) };
  };
  return { main: model("levels"), throughTurns: model("explored-trends"), matched };
}

/** The number of combinations of levels in the rows. */
function cellsOf({ outcome, predictors }: OutcomeModelData): number {
  const factors = Object.values(predictors).filter((predictor) => "reference" in predictor);
  const rows = [...outcome.keys()].filter((row) => factors.every(({ values }) => values[row] !== null));
  return new Set(rows.map((row) => JSON.stringify(factors.map(({ values }) => values[row])))).size;
}
