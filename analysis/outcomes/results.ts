/** The types of the results of a comparison. Reports, exports and the viewer read them. */
import type { JointTest } from "../statistics/coefficients.ts";
import type { Interval } from "../statistics/distributions.ts";
import type { Unavailable } from "../statistics/unavailable.ts";
import type { EffectTerm } from "./effects.ts";
import type { Trend } from "./trend_combinations.ts";

/**
 * How a coefficient is tested.
 *
 * - `paired`: Student's t test with one number for each replicate of matched conditions: a difference between
 *   two levels, or for interactions a difference of differences.
 * - `permutation`: a linear model of one value for each discussion, with p by permutation of residuals.
 * - `linear-model`: a linear model of one value for each discussion, with robust standard errors.
 * - The others: mixed models of comments, with random intercepts of discussions. If conditions are matched,
 *   they also have random intercepts of replicates.
 */
export type TestMethod =
  | "paired"
  | "permutation"
  | "linear-model"
  | "mixed-model"
  | "logistic-mixed-model"
  | "ordinal-mixed-model";

/** The figures of a test. */
export type TestFigures = Readonly<{
  /**
   * In the unit of the outcome, or in log odds for logistic and ordinal models. For changes through turns: per
   * turn.
   */
  estimate: number;
  standardError: number;
  /** The degrees of freedom of Student's t; `null` for the normal distribution. */
  df: number | null;
  interval: Interval | Unavailable;
  /** The two-sided p value, not adjusted for other tests. */
  p: number;
  /** The number of random arrangements that p comes from; missing if p comes from none. */
  arrangements?: number;
  /** The number of discussions and the number of values that the figures come from. */
  discussions: number;
  values: number;
}>;

/** The result of two one-sided tests that an effect lies within a declared margin around 0. */
export type EffectEquivalence = Readonly<{
  /** The largest effect that is too small to matter, in the unit of the estimate. */
  margin: number;
  /** The larger p of the two one-sided tests. */
  p: number;
  /** `p`, adjusted over all tests of equivalence of the same family; `null` for tests that are not declared. */
  adjusted: number | null;
  /** The effect is equivalent to 0 at a level of 1 − α if this interval of level 1 − 2α lies within the margin. */
  interval: Interval;
}>;

/**
 * The same coefficient, computed by another method. A check is not a result: it shows how much the method
 * matters.
 */
export type TestCheck = Readonly<{
  method: TestMethod;
  /** The difference between this method and the test's method, as a clause such as `without random slopes`. */
  differs: string;
  /** The unit of the check's estimate. It can differ from the unit of the test. */
  unit: EffectTest["unit"];
  figures: TestFigures | Unavailable;
}>;

/** A test of one coefficient of an effect. */
export type EffectTest = Readonly<{
  outcome: string;
  /** The names of the factors of the effect; `turn` stands for time. */
  effect: readonly string[];
  term: EffectTerm;
  /** Whether the outcome and the effect are declared. */
  declared: boolean;
  method: TestMethod;
  /** The method in words, for captions: what is estimated, and how its interval and p are computed. */
  estimator: string;
  unit: "outcome" | "log-odds";
  /** The other factors that the estimate is adjusted for. The estimate is a mean over the levels of these factors. */
  adjustedFor: readonly string[];
  /** Why the method differs from the method that the analysis names; `null` if it does not differ. */
  remark: string | null;
  figures: TestFigures | Unavailable;
  /** `null` if no margin is declared for this effect. */
  equivalence: EffectEquivalence | Unavailable | null;
  checks: readonly TestCheck[];
  /** Reasons to doubt the figures, as clauses: for example a singular fit, or many values at an end of the scale. */
  doubts: readonly string[];
}>;

/** A test with its adjusted p. */
export type AdjustedTest =
  & EffectTest
  & Readonly<{
    /** Whether the test was declared before the run, and the sample did not change after its results were seen. */
    confirmatory: boolean;
    /**
     * Whether the test was declared before the run, but the sample changed after its results were seen: it grew
     * beyond the declared looks, or a repair removed events.
     */
    sampleChanged: boolean;
    /** p, adjusted for all looks so far; `null` if no looks are declared for the test, or if it has no figures. */
    repeated: number | null;
    /**
     * p (or `repeated`), adjusted for the number of tests with figures. Tests that were declared before the run
     * are adjusted together, by the analysis's correction. All others are adjusted together, by Benjamini and
     * Hochberg's method. `null` for a test without figures.
     */
    adjusted: number | null;
  }>;

/** A joint test: whether any coefficient of a declared interaction differs from 0. */
export type JointEffectTest =
  & Pick<AdjustedTest, "outcome" | "effect" | "confirmatory" | "sampleChanged">
  & JointTest
  & Readonly<{
    /** The model that has the coefficients. */
    method: TestMethod;
    /** p, adjusted for looks and for the number of joint tests, by the same methods as in {@linkcode AdjustedTest}. */
    adjusted: number;
  }>;

/**
 * The trends of an outcome at the levels of factors: for each declared effect with time and for each of its
 * components, one for each combination of levels.
 */
export type OutcomeTrends =
  & Pick<EffectTest, "outcome" | "method" | "estimator" | "unit">
  & Readonly<{ trends: readonly Trend[] }>;

/** A declared interaction that cannot be tested as a whole, and the reason. */
export type JointLacking = Pick<AdjustedTest, "outcome" | "effect"> & Unavailable;

/**
 * An undeclared interaction of two factors that may be large. It is a hint for another study, and not a result.
 * All coefficients of the interaction are tested together. The p of this test is below 1 − level, after it is
 * adjusted by Benjamini and Hochberg's method for all undeclared interactions of two factors.
 */
export type InteractionHint = Readonly<{
  outcome: string;
  factors: readonly [string, string];
  /** The F statistic and its degrees of freedom. */
  statistic: number;
  df: readonly [numerator: number, denominator: number];
  p: number;
  adjusted: number;
  /** The interaction's coefficient with the largest absolute value. */
  largest: Readonly<{ term: EffectTerm; estimate: number }>;
}>;

/** One way to compute a declared test: a set of choices that a careful analyst could have made. */
export type Alternative = Readonly<{
  comments: "participants" | "moderators" | "all";
  silences: "exclude" | "include";
  openings: "exclude" | "include";
  method: TestMethod;
  /** The difference from the method of the declared test, as a clause; `null` if it is the same method. */
  differs: string | null;
  /** Whether these choices are the choices of the declared analysis. */
  isDeclared: boolean;
  figures: TestFigures | Unavailable;
}>;

/** A declared test, computed in all reasonable ways that give different values. */
export type Multiverse = Readonly<{
  outcome: string;
  effect: readonly string[];
  term: EffectTerm;
  unit: EffectTest["unit"];
  alternatives: readonly Alternative[];
}>;
