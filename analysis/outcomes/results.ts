/** The results of comparisons: one list of tests, and what stands beside it. Reports, exports and views read these types. */
import type { JointTest } from "../statistics/coefficients.ts";
import type { Interval } from "../statistics/distributions.ts";
import type { Unavailable } from "../statistics/unavailable.ts";
import type { EffectTerm } from "./effects.ts";

/**
 * How a coefficient is tested.
 *
 * - `paired`: Student's t on one contrast for each replicate of matched conditions: a difference between two levels, or a
 *   difference of differences.
 * - `permutation`: a linear model of one value for each discussion, with p by permutation of residuals.
 * - `linear-model`: a linear model of one value for each discussion, with robust standard errors.
 * - The others: mixed models of comments, with random intercepts of discussions, and of replicates if conditions are
 *   matched.
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
  /** In the unit of the outcome; in log odds for logistic and ordinal models; per turn for trends. */
  estimate: number;
  standardError: number;
  /** The degrees of freedom of Student's t; `null` for the normal distribution. */
  df: number | null;
  interval: Interval | Unavailable;
  /** Two-sided, not adjusted for other tests. */
  p: number;
  /** The number of discussions and of values that the figures come from. */
  discussions: number;
  values: number;
}>;

/** Two one-sided tests of whether an effect lies within a declared margin around 0. */
export type EffectEquivalence = Readonly<{
  /** In the unit of the estimate. */
  margin: number;
  /** The larger p of the two one-sided tests. */
  p: number;
  /** `p`, adjusted over all tests of equivalence of the same family; `null` for tests that are not declared. */
  adjusted: number | null;
  /** The effect is equivalent to 0 at a level of 1 − α if this interval of level 1 − 2α lies within the margin. */
  interval: Interval;
}>;

/** The same coefficient by other means. A check is never a result: it shows how much the choice of the test matters. */
export type TestCheck = Readonly<{
  method: TestMethod;
  /** What differs from the test, as a clause: `without random slopes`. */
  differs: string;
  /** The unit of its estimate, which can differ from the test's. */
  unit: EffectTest["unit"];
  figures: TestFigures | Unavailable;
}>;

/** A test of one coefficient of an effect. */
export type EffectTest = Readonly<{
  outcome: string;
  /** The names that the effect multiplies. */
  effect: readonly string[];
  term: EffectTerm;
  /** Whether the outcome and the effect are declared. */
  declared: boolean;
  method: TestMethod;
  /** The method in words, for captions: what is estimated, and how its interval and p are computed. */
  estimator: string;
  unit: "outcome" | "log-odds";
  /** The other factors that the estimate is adjusted for. The effect is a mean over their levels. */
  adjustedFor: readonly string[];
  /** Why the method is not the one that the analysis names; `null` if it is. */
  remark: string | null;
  figures: TestFigures | Unavailable;
  /** `null` if no margin is declared for this effect. */
  equivalence: EffectEquivalence | Unavailable | null;
  checks: readonly TestCheck[];
  /** What makes the figures doubtful, as clauses: a singular fit, many values at an end of the scale. */
  doubts: readonly string[];
}>;

/** A test with its adjusted p. */
export type AdjustedTest =
  & EffectTest
  & Readonly<{
    /** Whether it was declared before the run, and the sample did not change after its results were seen. */
    confirmatory: boolean;
    /**
     * Whether it was declared before the run, but after its results were seen the sample grew beyond declared looks, or a
     * repair removed events.
     */
    sampleChanged: boolean;
    /** p, adjusted for all looks so far; `null` if the test allows for no looks, or has no figures. */
    repeated: number | null;
    /**
     * p or repeated p, adjusted over all tests with figures that were declared before the run by the analysis's correction,
     * or over all other tests by Benjamini and Hochberg's. `null` for a test without figures.
     */
    adjusted: number | null;
  }>;

/** A test whether any coefficient of a declared interaction differs from 0. */
export type JointEffectTest =
  & Pick<AdjustedTest, "outcome" | "effect" | "confirmatory" | "sampleChanged">
  & JointTest
  & Readonly<{
    /** The model that has the coefficients. */
    method: TestMethod;
    /** p, adjusted for looks, and over all such tests by the analysis's correction. */
    adjusted: number;
  }>;

/**
 * An interaction of two factors that the analysis does not declare, but that looks large: the p of one test of all its
 * coefficients, adjusted over all such pairs by Benjamini and Hochberg's method, is below 1 − level. It is a hint for
 * another study, never a result.
 */
export type InteractionHint = Readonly<{
  outcome: string;
  factors: readonly [string, string];
  /** The F statistic, with its degrees of freedom. */
  statistic: number;
  df: readonly [numerator: number, denominator: number];
  p: number;
  adjusted: number;
  /** The coefficient of the interaction that is furthest from 0. */
  largest: Readonly<{ term: EffectTerm; estimate: number }>;
}>;

/** One way to compute a declared result: the choices that another careful analyst could have made. */
export type Alternative = Readonly<{
  comments: "participants" | "moderators" | "all";
  silences: "exclude" | "include";
  openings: "exclude" | "include";
  method: TestMethod;
  /** What differs from the method of the declared test, as a clause; `null` for this method. */
  differs: string | null;
  /** Whether these are the choices of the analysis. */
  isDeclared: boolean;
  figures: TestFigures | Unavailable;
}>;

/** A declared test under all reasonable alternatives that change its values. */
export type Multiverse = Readonly<{
  outcome: string;
  effect: readonly string[];
  term: EffectTerm;
  unit: EffectTest["unit"];
  alternatives: readonly Alternative[];
}>;
