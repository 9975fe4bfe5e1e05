/** Fits models to an outcome. */
import { TIME } from "../../core/experiment/analysis_design.ts";
import {
  type CumulativeLinkMixedModel,
  fitCumulativeLinkMixedModel,
} from "../statistics/cumulative_link_mixed_model.ts";
import type { Combination } from "../statistics/coefficients.ts";
import { fitLinearModel, type LinearModel } from "../statistics/linear_model.ts";
import { fitLogisticMixedModel, type LogisticMixedModel } from "../statistics/logistic_mixed_model.ts";
import { fitMixedModel, type MixedModel } from "../statistics/mixed_model.ts";
import { indexedRows } from "../statistics/indexed.ts";
import { type ResidualChecks, residualChecks } from "../statistics/residual_checks.ts";
import { isUnavailable, type Unavailable } from "../statistics/unavailable.ts";
import { levelsAmong } from "./adjustment.ts";
import { type EffectTerm, type ModelUse, termsOf } from "./effects.ts";
import type { ObservedFactor } from "./factors.ts";
import { type ModelContext, type OutcomeModelData, outcomeModelData } from "./outcome_model_data.ts";
import { type OutcomeRange, rangeOf } from "./outcome_range.ts";
import { once } from "./once.ts";
import { meanValues } from "./outcome_values.ts";
import type { Outcome } from "./outcomes.ts";
import type { TestMethod } from "./results.ts";
import { type Trend, trendCombinations } from "./trend_combinations.ts";

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
  const datas: { isOfDiscussions: boolean; use: ModelUse; data: OutcomeModelData | Unavailable }[] = [];
  const dataOf = (use: ModelUse, isOfDiscussions: boolean) => {
    const alike = datas.filter((one) => one.isOfDiscussions === isOfDiscussions);
    const known = alike.find((one) => one.use === use);
    if (known !== undefined) return known.data;
    const { values } = outcome;
    const made = outcomeModelData(isOfDiscussions ? meanValues(values) : values, use, context);
    const data = alike.find((one) => haveSameContent(one.data, made))?.data ?? made;
    datas.push({ isOfDiscussions, use, data });
    return data;
  };
  const fits: { data: OutcomeModelData | Unavailable; kind: string; model: OutcomeModel | Unavailable }[] =
    [];
  return {
    fit(use, kind) {
      const ofKind = JSON.stringify([kind.method, kind.slopes]);
      const key = JSON.stringify([use, ofKind]);
      const known = tried.get(key);
      if (known !== undefined) return known.model;
      const data = dataOf(use, kind.method === "linear-model");
      const same = fits.find((one) => one.data === data && one.kind === ofKind);
      const model = same === undefined
        ? fitted(data, { use, kind, level: context.level, range })
        : withUse(same.model, use);
      fits.push({ data, kind: ofKind, model });
      tried.set(key, { use, kind, model });
      return model;
    },
    tried: () => [...tried.values()],
  };
}

function haveSameContent(one: OutcomeModelData | Unavailable, other: typeof one): boolean {
  return !isUnavailable(one) && !isUnavailable(other) && one.predictors === other.predictors &&
    one.terms === other.terms;
}

/** The same model for another use. Figures that are computed when they are read stay uncomputed. */
function withUse(model: OutcomeModel | Unavailable, use: ModelUse): OutcomeModel | Unavailable {
  if (isUnavailable(model)) return model;
  const copy: OutcomeModel = Object.create(Object.prototype, Object.getOwnPropertyDescriptors(model));
  return Object.assign(copy, { use });
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

/**
 * The content of a model, and its factors with the levels in use. Its terms come from the levels in the rows that
 * it uses, because other levels have no column.
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
    discussions: indexedRows(group, rows).count,
    values: rows.reduce((sum, row) => sum + of[row]!, 0),
  };
  return { content, used };
}
