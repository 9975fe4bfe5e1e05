/** Linear models with a random intercept by group: the rows of a discussion are alike, and count for less. */
import {
  checkLevel,
  criticalValue,
  type Interval,
  intervalAround,
  LEVEL,
  twoSidedP,
} from "./distributions.ts";
import { type GroupedDesign, groupedDesign } from "./grouped_design.ts";
import { minimise } from "./minimise.ts";
import { type ModelData, modelMatrix } from "./model_matrix.ts";
import { isComputable } from "./moments.ts";
import {
  groupedOutcome,
  logLikelihood,
  type Method,
  type Profile,
  profile,
  varianceDivisor,
} from "./profile_likelihood.ts";
import { isUnavailable, type Unavailable, unavailable } from "./unavailable.ts";

/** The search for log λ: outside, one of the two variances is nothing beside the other. */
const LOG_RATIO = { from: -14, to: 14, step: 2, tolerance: 1e-7 } as const;

/** A residual sum of squares below this share of the outcome's is rounding. */
const ROUNDING = 1e-20;

/** How a mixed model is fitted. */
export type MixedModelOptions = Readonly<{
  /** REML where left out. */
  method?: Method;
  /** What tests and intervals refer to: Student's t with Satterthwaite's degrees of freedom where left out. */
  reference?: "satterthwaite" | "normal";
  /** The level of the intervals; 0.95 where left out. */
  level?: number;
}>;

/** A fixed effect, in the unit of the outcome (per unit of the covariate). */
export type Coefficient = Readonly<{
  name: string;
  estimate: number;
  standardError: number;
  /** The estimate in standard errors: z, or t where there are degrees of freedom. */
  statistic: number;
  /** The degrees of freedom of t; `null` where the statistic refers to the normal distribution. */
  df: number | null;
  /** Two-sided. */
  p: number;
  interval: Interval;
}>;

/** A fitted model. */
export type MixedModel = Readonly<{
  method: Method;
  /** Rows that were used, and rows that lacked a value. */
  rows: number;
  missing: number;
  groups: number;
  coefficients: readonly Coefficient[];
  /** The variance between groups, in the squared unit of the outcome; 0 where the groups differ no more than by chance. */
  groupVariance: number;
  /** The variance within groups. */
  residualVariance: number;
  logLikelihood: number;
  /** The means that were subtracted from centred covariates, by name. */
  centres: Readonly<Record<string, number>>;
}>;

/** What the fit of an outcome on a design gives, without what the data say beside it. */
export type DesignFit = Omit<MixedModel, "missing" | "centres">;

/**
 * Fits a linear mixed model with a random intercept by group.
 *
 * @param data The outcome, its groups and the predictors; rows that lack a value are left out and counted.
 * @param options The method, the reference of tests and the level of intervals.
 * @returns The model, or why it cannot be fitted.
 * @throws RangeError where lists differ in length, a term names no predictor or the level is none.
 *
 * @example
 * ```ts
 * import { fitMixedModel, isUnavailable } from "../mod.ts";
 * import assert from "node:assert/strict";
 *
 * const model = fitMixedModel({
 *   outcome: [1, 3, 2, 4, 5, 7, 4, 8],
 *   group: ["a", "a", "b", "b", "c", "c", "d", "d"],
 *   predictors: {
 *     moderator: { values: ["no", "no", "no", "no", "yes", "yes", "yes", "yes"], reference: "no" },
 *   },
 * });
 * assert(!isUnavailable(model));
 * assert.equal(model.coefficients[1]!.name, "moderator[yes]");
 * assert.equal(model.coefficients[1]!.estimate.toFixed(6), "3.500000");
 * ```
 */
export function fitMixedModel(data: ModelData, options: MixedModelOptions = {}): MixedModel | Unavailable {
  const matrix = modelMatrix(data);
  if (isUnavailable(matrix)) return matrix;
  const { names, columns, rows, centres } = matrix;
  const outcome = Float64Array.from(rows, (row) => data.outcome[row]!);
  const wrong = rows.find((row) => !isComputable(data.outcome[row]!));
  if (wrong !== undefined) {
    return unavailable(
      `row ${wrong + 1} of the outcome is ${data.outcome[wrong]}, which cannot be computed with`,
    );
  }
  const design = groupedDesign(names, columns, rows.map((row) => data.group[row]!));
  if (isUnavailable(design)) return design;
  const fit = fitDesign(design, outcome, options);
  return isUnavailable(fit) ? fit : { ...fit, missing: data.outcome.length - rows.length, centres };
}

/**
 * Fits an outcome on a design: what simulations call over and over.
 *
 * @param design The design.
 * @param outcome One finite value a row.
 * @param options As for {@linkcode fitMixedModel}.
 * @returns The fit, or why there is none.
 * @throws RangeError where the level is none.
 */
export function fitDesign(
  design: GroupedDesign,
  outcome: ArrayLike<number>,
  { method = "REML", reference = "satterthwaite", level = LEVEL }: MixedModelOptions = {},
): DesignFit | Unavailable {
  checkLevel(level);
  const reduced = groupedOutcome(design, outcome);
  let total = 0;
  for (let row = 0; row < outcome.length; row++) total += outcome[row]! ** 2;
  if (reduced.squares <= ROUNDING * total) {
    return unavailable("the outcome does not vary beyond what the predictors determine");
  }
  const profileAt = (ratio: number) => profile(design, reduced, ratio, method);
  const best = mostLikely(design, profileAt, method);
  if (best === undefined) return unavailable("the outcome does not vary within groups");

  const divisor = varianceDivisor(design, method);
  const residualVariance = best.residualSquares / divisor;
  const contrasts = design.contrasts;
  const dfs = reference === "normal"
    ? undefined
    : best.ratio === 0
    ? contrasts.map(() => divisor)
    : satterthwaite(profileAt, best.ratio, divisor, contrasts);
  return {
    method,
    rows: design.rows,
    groups: design.groups,
    coefficients: design.names.map((name, j) => {
      const estimate = contrasts[j]!.reduce((sum, weight, k) => sum + weight * best.coefficients[k]!, 0);
      const standardError = Math.sqrt(residualVariance * best.unitVariance(contrasts[j]!));
      return coefficient(name, estimate, standardError, dfs?.[j] ?? null, level);
    }),
    groupVariance: best.ratio * residualVariance,
    residualVariance,
    logLikelihood: logLikelihood(design, best, method),
  };
}

/** The model at the likeliest ratio of variances; `undefined` where the residual variance goes to nothing. */
function mostLikely(
  design: GroupedDesign,
  profileAt: (ratio: number) => Profile,
  method: Method,
): Profile | undefined {
  const { from, to, step } = LOG_RATIO;
  const at = (logRatio: number) => logLikelihood(design, profileAt(Math.exp(logRatio)), method);
  const logRatio = minimise((x) => -at(x), LOG_RATIO);
  if (logRatio > to - step / 2) return undefined;
  const [inside, none] = [profileAt(Math.exp(logRatio)), profileAt(0)];
  const likelier = logLikelihood(design, none, method) >= logLikelihood(design, inside, method);
  return likelier || logRatio < from + step / 2 ? none : inside;
}

function coefficient(
  name: string,
  estimate: number,
  standardError: number,
  df: number | null,
  level: number,
): Coefficient {
  const statistic = estimate / standardError;
  const interval = intervalAround(estimate, criticalValue(level, df) * standardError, level);
  return { name, estimate, standardError, statistic, df, p: twoSidedP(statistic, df), interval };
}

/** The step in log λ of the differences, whose errors are of its square. */
const STEP = 1e-3;

/**
 * Satterthwaite's degrees of freedom of a coefficient (Giesbrecht and Burns 1985): 2 v² / var(v), where v is the
 * coefficient's variance and var(v) follows from the curvature of the deviance in log σ² and log λ.
 *
 * @param profileAt The model at a ratio of variances.
 * @param ratio λ at the maximum, above 0.
 * @param divisor The degrees of freedom of the residual variance.
 * @param contrasts Of each coefficient, the weights of the coefficients of Q that make it.
 * @returns The degrees of freedom of each, from 1 to the divisor; the divisor where the curvature says nothing.
 */
export function satterthwaite(
  profileAt: (ratio: number) => Profile,
  ratio: number,
  divisor: number,
  contrasts: readonly Float64Array[],
): number[] {
  const [below, at, above] = [-STEP, 0, STEP].map((step) => profileAt(ratio * Math.exp(step))) as [
    Profile,
    Profile,
    Profile,
  ];
  const variance = at.residualSquares / divisor;
  const slope = (f: (of: Profile) => number) => (f(above) - f(below)) / (2 * STEP);
  const curvature = (f: (of: Profile) => number) => (f(above) - 2 * f(at) + f(below)) / STEP ** 2;
  const squares = (of: Profile) => of.residualSquares / variance;
  const mixed = -slope(squares);
  const inRatio = curvature((of) => of.logDeterminants + squares(of));
  const determinant = divisor * inRatio - mixed ** 2;
  return contrasts.map((contrast) => {
    const unitVariance = (of: Profile) => of.unitVariance(contrast);
    const [v, byRatio] = [unitVariance(at), slope(unitVariance)];
    const spread = 2 * (inRatio * v ** 2 - 2 * mixed * v * byRatio + divisor * byRatio ** 2) / determinant;
    const df = 2 * v ** 2 / spread;
    return determinant > 0 && df > 0 && df < divisor ? Math.max(1, df) : divisor;
  });
}
