/** Linear models with a random intercept per group, because rows of the same discussion resemble each other. */
import {
  checkLevel,
  criticalValue,
  type Interval,
  intervalAround,
  isComputable,
  LEVEL,
  twoSidedP,
} from "./distributions.ts";
import {
  type GroupedDesign,
  groupedDesign,
  groupedOutcome,
  logLikelihood,
  type Method,
  type Profile,
  profile,
  varianceDivisor,
} from "./profile_likelihood.ts";
import { minimise } from "./minimise.ts";
import { type ModelData, modelMatrix } from "./model_matrix.ts";
import { isUnavailable, type Unavailable, unavailable } from "./unavailable.ts";

/** The search for log λ (λ: group variance / residual variance). Outside this range, one variance is negligible. */
const LOG_RATIO = { from: -14, to: 14, step: 2, tolerance: 1e-7 } as const;

/** A residual sum of squares below this share of the outcome's sum of squares comes from rounding. */
const ROUNDING = 1e-20;

/** The options of a mixed model. */
export type MixedModelOptions = Readonly<{
  /** Default REML. */
  method?: Method;
  /** The distribution of tests and intervals. Default: Student's t with Satterthwaite's degrees of freedom. */
  reference?: "satterthwaite" | "normal";
  /** The level of the intervals. Default 0.95. */
  level?: number;
}>;

/** A fixed effect, in the unit of the outcome (for a covariate, per unit of the covariate). */
export type Coefficient = Readonly<{
  name: string;
  estimate: number;
  standardError: number;
  /** The estimate in standard errors: t when there are degrees of freedom, else z. */
  statistic: number;
  df: number | null;
  /** Two-sided. */
  p: number;
  interval: Interval;
}>;

/** A fitted model. */
export type MixedModel = Readonly<{
  method: Method;
  /** The number of rows in use, and of excluded rows that lack a value. */
  rows: number;
  missing: number;
  groups: number;
  coefficients: readonly Coefficient[];
  /** The variance between groups, in the squared unit of the outcome. It can be 0. */
  groupVariance: number;
  /** The variance within groups. */
  residualVariance: number;
  logLikelihood: number;
  /** The means that were subtracted from centred covariates, by name. */
  centres: Readonly<Record<string, number>>;
}>;

type DesignFit = Omit<MixedModel, "missing" | "centres">;

/**
 * Fits a linear mixed model with a random intercept per group.
 *
 * @param data The outcome, its groups and the predictors. Rows that lack a value are excluded and counted.
 * @throws RangeError when lists differ in length, a term names an unknown predictor, or the level is not between 0 and 1.
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
      `row ${wrong + 1} of the outcome is ${data.outcome[wrong]}, which is not finite or is too large`,
    );
  }
  const design = groupedDesign(names, columns, rows.map((row) => data.group[row]!));
  if (isUnavailable(design)) return design;
  const fit = fitDesign(design, outcome, options);
  return isUnavailable(fit) ? fit : { ...fit, missing: data.outcome.length - rows.length, centres };
}

/** Fits an outcome on a design. Simulations call this many times. */
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

/** The model at the likeliest ratio of variances; `undefined` when the residual variance goes to 0. */
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

/** The step in log λ for finite differences. Their errors grow with its square. */
const STEP = 1e-3;

/**
 * Satterthwaite's degrees of freedom of each coefficient (Giesbrecht and Burns 1985): 2 v² / var(v), where v is the
 * coefficient's variance. The curvature of the deviance in log σ² and log λ gives var(v). The result is at least 1 and
 * at most `divisor`; it is `divisor` if the curvature gives no positive number.
 *
 * @param divisor The degrees of freedom of the residual variance.
 * @param contrasts Each coefficient of X as weights of the coefficients of Q, where X = QR.
 */
function satterthwaite(
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
