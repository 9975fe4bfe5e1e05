/**
 * The counters of the checks: for cases that must be as declared, for figures that depend on chance, and for
 * turns.
 */
import { cannotTell, type ChanceTest, type Finding, ruleFinding } from "./checks.ts";
import { isUnavailable, type Unavailable, unavailable } from "../statistics/unavailable.ts";
import { binomialTest, chiSquareTest, normalTest } from "./chance.ts";
import { EigenvalueDecomposition, Matrix } from "npm:ml-matrix@6.15.1";

/** A message lists at most this many deviations. */
const TOLD_MAX = 3;

/** Counts the cases that are as declared, and keeps the first deviations. */
export class Conformity {
  #cases = 0;
  #right = 0;
  readonly #told: string[] = [];

  get cases(): number {
    return this.#cases;
  }

  add(right: boolean, otherwise: () => string): void {
    this.#cases++;
    if (right) this.#right++;
    else if (this.#told.length < TOLD_MAX) this.#told.push(otherwise());
  }

  finding(
    check: string,
    { declared, basis, none }: Readonly<{ declared: string; basis: string; none: string }>,
  ): Finding {
    if (this.#cases === 0) return cannotTell(check, declared, none);
    const deviations = this.#cases - this.#right;
    const told = deviations === 0
      ? ""
      : `; deviations: ${this.#told.join("; ")}${deviations > TOLD_MAX ? "; …" : ""}`;
    return ruleFinding(check, {
      declared,
      observed: { count: this.#right, of: this.#cases, unit: "share" },
      expected: this.#cases,
      basis: `${basis}${told}`,
    });
  }
}

/**
 * Sums up a figure that depends on chance. It keeps only sums, so its memory does not grow with the number of
 * cases.
 */
export class Rate {
  /** The sum of the observations. */
  sum = 0;
  of = 0;
  /** The sum of the expected values, and the sum of their variances. */
  expected = 0;
  variance = 0;
  #least = Infinity;
  #most = -Infinity;
  #isCount = true;

  /** Adds a case in which something happened or did not happen. */
  addCase(happened: boolean, probability: number): void {
    this.#least = Math.min(this.#least, probability);
    this.#most = Math.max(this.#most, probability);
    this.#add(happened ? 1 : 0, probability, probability * (1 - probability));
  }

  /** Adds a case with a number, its expected value and its variance. */
  addFigure(value: number, mean: number, variance: number): void {
    this.#isCount = false;
    this.#add(value, mean, variance);
  }

  #add(value: number, mean: number, variance: number): void {
    this.sum += value;
    this.of++;
    this.expected += mean;
    this.variance += variance;
  }

  /** Whether all cases were added by `addCase()`. Then the report shows a share, else a mean. */
  get isCount(): boolean {
    return this.#isCount;
  }

  merge(other: Rate): void {
    this.sum += other.sum;
    this.of += other.of;
    this.expected += other.expected;
    this.variance += other.variance;
    this.#least = Math.min(this.#least, other.#least);
    this.#most = Math.max(this.#most, other.#most);
    this.#isCount &&= other.#isCount;
  }

  /** The test of the sum: exact if all cases came from `addCase()` with equal probabilities. */
  test(): ChanceTest | Unavailable {
    if (this.of === 0) return unavailable("there are no cases yet");
    if (this.variance === 0) return unavailable("the declaration leaves nothing to chance");
    if (this.#isCount && this.#least === this.#most) return binomialTest(this.sum, this.of, this.#least);
    const approximate = normalTest(this.sum - this.expected, this.variance);
    return isUnavailable(approximate) ? unavailable(`${approximate.unavailable} (${this.of})`) : approximate;
  }
}

/**
 * The finding about a figure that depends on chance. If all chances are 0 or 1, the figure must equal its
 * expected value.
 */
export function rateFinding(
  check: string,
  { condition, declared, rate, unit, basis }: Readonly<{
    condition: string | null;
    declared: string;
    rate: Rate;
    unit: "share" | "mean";
    basis: string;
  }>,
): Finding {
  const { sum, of, expected, variance } = rate;
  const parts = { condition, declared, observed: { count: sum, of, unit }, expected, basis };
  if (of > 0 && variance === 0) return { check, ...parts, test: null };
  const test = rate.test();
  return isUnavailable(test)
    ? { ...cannotTell(check, declared, test.unavailable), condition }
    : { check, ...parts, test };
}

/** The chi-square approximation is used if the variance of every participant's count is at least this. */
const VARIANCE_MIN = 9;

/** Eigenvalues up to this share of the largest eigenvalue count as zero. */
const ZERO_SHARE = 1e-9;

/**
 * Discussions with more participants are not checked: memory grows with the square of their number, time with
 * its cube.
 */
const PLACES_MAX = 64;

/**
 * Counts the turns of each participant, by index in the design, and compares them with the sums of the participants'
 * chances at every turn.
 *
 * The test statistic is dᵀ C⁺ d. The vector d has the differences between counts and summed chances. C⁺ is the
 * pseudo-inverse of C, the sum of the covariance matrices of the single draws. The statistic follows
 * chi-square; its degrees of freedom are the rank of C. The chances of a turn may depend on earlier turns: C is
 * the covariance of d even then.
 */
export class Placings implements Mergeable {
  #counts: number[] = [];
  #expected: number[] = [];
  /** The sum over all turns of diag(p) − p pᵀ, by rows, where p has the participants' chances of the turn. */
  #covariance: number[][] = [];
  #turns = 0;

  add(speaker: number, chances: readonly number[]): void {
    if (chances.length > PLACES_MAX) return;
    this.#grow(chances.length);
    this.#turns++;
    this.#counts[speaker]!++;
    for (const [row, chance] of chances.entries()) {
      this.#expected[row]! += chance;
      const covariances = this.#covariance[row]!;
      for (const [column, other] of chances.entries()) {
        covariances[column]! += (row === column ? chance : 0) - chance * other;
      }
    }
  }

  #grow(places: number): void {
    for (let place = this.#counts.length; place < places; place++) {
      this.#counts.push(0);
      this.#expected.push(0);
      this.#covariance.push([]);
    }
    for (const row of this.#covariance) while (row.length < places) row.push(0);
  }

  merge(other: Placings): void {
    this.#grow(other.#counts.length);
    this.#turns += other.#turns;
    for (const [place, count] of other.#counts.entries()) {
      this.#counts[place]! += count;
      this.#expected[place]! += other.#expected[place]!;
      for (const [column, covariance] of other.#covariance[place]!.entries()) {
        this.#covariance[place]![column]! += covariance;
      }
    }
  }

  /** The finding about all participants. It shows the figures of the participant who differs most. */
  finding({ condition, declared }: Readonly<{ condition: string | null; declared: string }>): Finding {
    const check = "speaker distribution";
    const not = (reason: string) => ({ ...cannotTell(check, declared, reason), condition });
    if (this.#turns === 0) {
      return not(`no participant has had a turn, or there are more than ${PLACES_MAX} participants`);
    }
    const drawn = [...this.#counts.keys()].filter((place) => this.#covariance[place]![place]! > 0);
    if (drawn.length < 2) return not("the declaration leaves nothing to chance");
    if (drawn.some((place) => this.#covariance[place]![place]! < VARIANCE_MIN)) {
      return not("there are too few turns");
    }
    const differences = drawn.map((place) => this.#counts[place]! - this.#expected[place]!);
    const covariance = new Matrix(drawn.map((row) => drawn.map((column) => this.#covariance[row]![column]!)));
    const { realEigenvalues: values, eigenvectorMatrix: vectors } = new EigenvalueDecomposition(covariance, {
      assumeSymmetric: true,
    });
    const zero = Math.max(...values) * ZERO_SHARE;
    let statistic = 0;
    let degrees = 0;
    for (const [nth, value] of values.entries()) {
      if (value <= zero) continue;
      const along = differences.reduce((sum, difference, row) => sum + difference * vectors.get(row, nth), 0);
      statistic += along * along / value;
      degrees++;
    }
    const deviation = (at: number) => Math.abs(differences[at]!) / Math.sqrt(covariance.get(at, at));
    const most = [...drawn.keys()].reduce((best, at) => deviation(at) > deviation(best) ? at : best, 0);
    const place = drawn[most]!;
    return {
      check,
      condition,
      declared,
      observed: { count: this.#counts[place]!, of: this.#turns, unit: "share" },
      expected: this.#expected[place]!,
      basis: `turns of each participant; shown: participant ${place + 1} of the design, who differs most`,
      test: chiSquareTest(statistic, degrees),
    };
  }
}

export interface Mergeable {
  /** Adds the counts of another tally of the same kind. */
  merge(other: this): void;
}

/** A tally of cases with the same declaration: of one condition, or of all conditions (`null`). */
export type Grouped<T> = Readonly<{ condition: string | null; declared: string; tally: T }>;

/** Tallies by condition and by declaration. */
export class ByCondition<T extends Mergeable> {
  readonly #make: () => T;
  readonly #groups = new Map<string, { declared: string; conditions: Map<string, T> }>();

  constructor(make: () => T) {
    this.#make = make;
  }

  /** The tally of a condition. Only cases with the same key are counted together. */
  of(condition: string, declared: string, key: string = declared): T {
    let group = this.#groups.get(key);
    if (group === undefined) this.#groups.set(key, group = { declared, conditions: new Map() });
    let tally = group.conditions.get(condition);
    if (tally === undefined) group.conditions.set(condition, tally = this.#make());
    return tally;
  }

  /** All tallies. @param shared Whether conditions share draws. If they do, each condition has its own tally. */
  grouped(shared: boolean): readonly Grouped<T>[] {
    return [...this.#groups.values()].flatMap(({ declared, conditions }): Grouped<T>[] => {
      if (shared && conditions.size > 1) {
        return [...conditions].map(([condition, tally]) => ({ condition, declared, tally }));
      }
      const all = this.#make();
      for (const tally of conditions.values()) all.merge(tally);
      return [{ condition: null, declared, tally: all }];
    });
  }
}
