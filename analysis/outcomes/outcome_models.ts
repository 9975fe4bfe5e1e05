/** Fits models to an outcome. */
import { type AnalysisDesign, TIME } from "../../core/experiment/analysis_design.ts";
import {
  type CumulativeLinkMixedModel,
  fitCumulativeLinkMixedModel,
} from "../statistics/cumulative_link_mixed_model.ts";
import type { Combination } from "../statistics/coefficients.ts";
import { fitLinearModel, type LinearModel } from "../statistics/linear_model.ts";
import { fitLogisticMixedModel, type LogisticMixedModel } from "../statistics/logistic_mixed_model.ts";
import { fitMixedModel, type MixedModel } from "../statistics/mixed_model.ts";
import type { Covariate, Factor, ModelData } from "../statistics/model_matrix.ts";
import { type ResidualChecks, residualChecks } from "../statistics/residual_checks.ts";
import { isUnavailable, type Unavailable, unavailable } from "../statistics/unavailable.ts";
import { levelsAmong, modelFactors } from "./adjustment.ts";
import { type Effect, type EffectTerm, hasTime, modelTerms, type ModelUse, termsOf } from "./effects.ts";
import type { ObservedFactor } from "./factors.ts";
import type { Observation } from "./observation.ts";
import { type OutcomeRange, rangeOf } from "./outcome_range.ts";
import { once } from "./once.ts";
import { countIn, meanValues, type ModelValues } from "./outcome_values.ts";
import type { Outcome } from "./outcomes.ts";
import type { TestMethod } from "./results.ts";
import { type Trend, trendCombinations } from "./trend_combinations.ts";

/** The data that the models of all outcomes share. Each list has one entry for each compared discussion. */
export type ModelContext = Readonly<{
  observations: readonly Pick<Observation, "run" | "discussion">[];
  factors: readonly ObservedFactor[];
  /** The replicate of each discussion; `null` if conditions are not matched. */
  blocks: readonly string[] | null;
  effects: readonly Effect[];
  /** See {@linkcode AnalysisDesign.adjust}. */
  adjust?: AnalysisDesign["adjust"];
  level: number;
}>;

/**
 * The kind of a model. A linear model uses one value for each discussion. The other kinds use the values of all
 * comments.
 */
export type ModelKind = Readonly<{
  method: Exclude<TestMethod, "paired" | "permutation">;
  /** Whether each discussion has a trend of its own. Only linear mixed models can have them. */
  slopes?: true;
}>;

/** A fitted model. */
export type OutcomeModel =
  & Readonly<{
    use: ModelUse;
    /** Whether the model treats the discussions of a replicate as matched. */
    isMatched: boolean;
    /** The factors in the model. */
    factors: readonly string[];
    /** One term for each coefficient except the intercept. A coefficient has the name of its term. */
    terms: readonly EffectTerm[];
    /** The trends at the levels of the factors that occur in a term with time. Empty for models without time. */
    trends: readonly Trend[];
    /** The number of discussions and of values that the model uses. */
    discussions: number;
    values: number;
  }>
  & ModelFit;

/** The statistics of a fitted model. */
export type ModelFit =
  | Readonly<
    { method: "mixed-model"; slopes?: true; fit: MixedModel; residuals: ResidualChecks | Unavailable }
  >
  | Readonly<{ method: "linear-model"; slopes?: never; fit: LinearModel }>
  | Readonly<{ method: "logistic-mixed-model"; slopes?: never; fit: LogisticMixedModel }>
  | Readonly<{ method: "ordinal-mixed-model"; slopes?: never; fit: CumulativeLinkMixedModel }>;

/** A model that was fitted, or the reason why it could not be fitted. */
export type TriedModel =
  & Readonly<{ use: ModelUse; kind: ModelKind }>
  & Readonly<{ model: OutcomeModel | Unavailable }>;

/** Fits the models of one outcome. Each model is fitted at most once. */
export type OutcomeModels = Readonly<{
  fit(use: ModelUse, kind: ModelKind): OutcomeModel | Unavailable;
  /** The models that were fitted, or failed, so far. */
  tried(): readonly TriedModel[];
}>;

/** Returns an object that fits the models of an outcome when they are needed. */
export function outcomeModels(
  outcome: Pick<Outcome, "name" | "values" | "scale">,
  context: ModelContext,
): OutcomeModels {
  const range = rangeOf(outcome);
  const tried = new Map<string, TriedModel>();
  const datas = new Map<string, OutcomeModelData | Unavailable>();
  const dataOf = (use: ModelUse, isOfDiscussions: boolean) => {
    const key = JSON.stringify([use, isOfDiscussions]);
    const { values } = outcome;
    const made = datas.get(key) ??
      outcomeModelData(isOfDiscussions ? meanValues(values) : values, use, context);
    datas.set(key, made);
    return made;
  };
  return {
    fit(use, kind) {
      const key = JSON.stringify([use, kind.method, kind.slopes]);
      const known = tried.get(key);
      if (known !== undefined) return known.model;
      const model = fitted(dataOf(use, kind.method === "linear-model"), {
        use,
        kind,
        level: context.level,
        range,
      });
      tried.set(key, { use, kind, model });
      return model;
    },
    tried: () => [...tried.values()],
  };
}

/** Fits a model. */
export function fitted(
  data: OutcomeModelData | Unavailable,
  { use, kind, level, range }: Readonly<
    { use: ModelUse; kind: ModelKind; level: number; range: OutcomeRange }
  >,
): OutcomeModel | Unavailable {
  if (isUnavailable(data)) return data;
  const { content, used } = contentOf(data);
  const combinations = trendCombinations(data.terms, content.terms, used);
  const found = modelFit(data, kind, { level, range, combinations });
  if (isUnavailable(found)) return found;
  const made = found.method === "linear-model" ? [] : found.fit.combinations;
  const trends = combinations.flatMap(({ name, levels }): readonly Trend[] => {
    const figures = made.find((one) => one.name === name);
    return figures === undefined ? [] : [{ levels, figures }];
  });
  // Some figures of the fit are computed when they are read. Copying them here would compute all of them.
  return Object.assign(found, { use, isMatched: data.block !== undefined, ...content, trends });
}

function modelFit(
  data: OutcomeModelData,
  { method, slopes }: ModelKind,
  { level, range: [least, greatest], combinations }: Readonly<
    { level: number; range: OutcomeRange; combinations: readonly Combination[] }
  >,
): ModelFit | Unavailable {
  switch (method) {
    case "mixed-model": {
      const fit = fitMixedModel(data, { level, combinations, ...slopes ? { slope: TIME } : {} });
      if (isUnavailable(fit)) return fit;
      const ends = {
        ...Number.isFinite(least) ? { min: least } : {},
        ...Number.isFinite(greatest) ? { max: greatest } : {},
      };
      const residuals = once(() => residualChecks(data, fit, ends));
      return {
        method,
        ...slopes ? { slopes } : {},
        fit,
        get residuals() {
          return residuals();
        },
      };
    }
    case "linear-model": {
      const fit = fitLinearModel(data, { level });
      return isUnavailable(fit) ? fit : { method, fit };
    }
    case "logistic-mixed-model": {
      const fit = fitLogisticMixedModel(data, { level, combinations });
      return isUnavailable(fit) ? fit : { method, fit };
    }
    case "ordinal-mixed-model": {
      const fit = fitCumulativeLinkMixedModel(data, { level, combinations });
      return isUnavailable(fit) ? fit : { method, fit };
    }
    default:
      throw new RangeError(`Cannot fit a "${method satisfies never}"`);
  }
}

/** The data of a model of an outcome. */
export type OutcomeModelData =
  & ModelData
  & Required<Pick<ModelData, "terms">>
  & Readonly<{
    /** How many values each row is the mean of. */
    of: Uint32Array;
  }>;

/** The data of a model without the outcome: the outcomes of the same comments share them. */
type SharedData = Omit<OutcomeModelData, "outcome" | "of">;

/** Shared data, and what they were made for. */
type Shared = Readonly<{ use: ModelUse; values: ModelValues; data: SharedData }>;

const SHARED = new WeakMap<Omit<ModelContext, "level">, Shared[]>();

/** The data of a model, with one row for each value. */
export function outcomeModelData(
  values: ModelValues,
  use: ModelUse,
  context: Omit<ModelContext, "level">,
): OutcomeModelData | Unavailable {
  if (context.factors.some(({ name }) => name === TIME)) {
    return unavailable(`a factor has the reserved name "${TIME}"`);
  }
  if (values.values.length === 0) return unavailable("no discussion has a value");
  const known = SHARED.get(context) ?? [];
  SHARED.set(context, known);
  const same = known.find((one) =>
    one.use === use && isSame(one.values.starts, values.starts) && isSame(one.values.times, values.times)
  );
  const data = same?.data ?? sharedData(values, use, context);
  if (same === undefined) known.push({ use, values, data });
  return {
    ...data,
    outcome: Array.from(values.values),
    of: values.of ?? new Uint32Array(values.values.length).fill(1),
  };
}

function isSame(one: Uint32Array | Float64Array, other: typeof one): boolean {
  return one === other ||
    one.length === other.length && one.every((value, at) => Object.is(value, other[at]));
}

function sharedData(
  values: ModelValues,
  use: ModelUse,
  { observations, factors, blocks, effects, adjust }: Omit<ModelContext, "level">,
): SharedData {
  const places = [...observations.keys()].filter((place) => countIn(values, place) > 0);
  const isExplored = use === "explored-levels" || use === "explored-trends";
  const modelled = modelFactors(factors, isExplored ? { effects } : { effects, adjust }, places);
  const inRows = <T>(of: (place: number) => T): T[] =>
    places.flatMap((place) => Array<T>(countIn(values, place)).fill(of(place)));
  const predictors = modelled.map(({ name, reference, of }): readonly [string, Factor | Covariate] => [
    name,
    { reference, values: inRows((place) => of[place]!), centred: true },
  ]);
  const timeOf = (row: number) => Number.isNaN(values.times[row] ?? NaN) ? null : values.times[row]!;
  const time = { values: Array.from(values.values, (_, row) => timeOf(row)), centred: true };
  return {
    group: inRows((place) => JSON.stringify([observations[place]!.run, observations[place]!.discussion])),
    ...blocks === null ? {} : { block: inRows((place) => blocks[place]!) },
    predictors: Object.fromEntries(hasTime(use) ? [...predictors, [TIME, time]] : predictors),
    terms: modelTerms(use, modelled.map(({ name }) => name), effects),
  };
}

/**
 * The content of a model, and its factors with the levels in use. Its terms come from the levels in the rows that it uses, because other levels have no
 * column.
 */
function contentOf(
  { outcome, group, of, predictors, terms }: OutcomeModelData,
): Readonly<
  {
    content: Pick<OutcomeModel, "factors" | "terms" | "discussions" | "values">;
    used: readonly ObservedFactor[];
  }
> {
  const modelled = Object.entries(predictors).flatMap(([name, predictor]) =>
    "reference" in predictor ? [{ ...predictor, name }] : []
  );
  const all = Object.values(predictors);
  const rows = [...outcome.keys()].filter((row) => all.every(({ values }) => values[row] !== null));
  const used = modelled.map(({ name, reference, values }): ObservedFactor => {
    const of = rows.map((row) => values[row]!);
    return { name, reference, levels: levelsAmong(of).sort(), of };
  });
  const content = {
    factors: modelled.map(({ name }) => name),
    terms: terms.flatMap((names) => termsOf(names, used)),
    discussions: new Set(rows.map((row) => group[row])).size,
    values: rows.reduce((sum, row) => sum + of[row]!, 0),
  };
  return { content, used };
}
