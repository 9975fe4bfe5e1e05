/**
 * The counters of the checks: for cases that must be as declared, for figures that depend on chance, and by
 * condition.
 */
import type { Appendable, TallyOptions } from "../projections/appendable.ts";
import { cannotTell, type ChanceTest, type Finding, ruleFinding } from "./checks.ts";
import { isUnavailable, type Unavailable, unavailable } from "../statistics/unavailable.ts";
import type { ChanceTests } from "./chance_tests.ts";

/** A message lists at most this many deviations. */
export const TOLD_MAX = 3;

/** The counts of a {@linkcode Conformity}. */
export type CountedCases = Readonly<{ cases: number; right: number; told: readonly string[] }>;

/** Counts the cases that are as declared, and keeps the first deviations. */
export class Conformity implements Appendable<CountedCases> {
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

  counted(): CountedCases {
    return { cases: this.#cases, right: this.#right, told: this.#told };
  }

  append({ cases, right, told }: CountedCases): void {
    this.#cases += cases;
    this.#right += right;
    this.#told.push(...told.slice(0, TOLD_MAX - this.#told.length));
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

/** The counts of a {@linkcode Rate}. */
export type CountedRate = Readonly<{
  least: number;
  most: number;
  isCount: boolean;
  /**
   * For each case: its value, expected value and variance. They are kept in order, because it affects their
   * sums' last digits.
   */
  cases: Float64Array;
}>;

/**
 * Sums up a figure that depends on chance. It keeps only sums, so its memory does not grow with the number of
 * cases.
 */
export class Rate implements Mergeable, Appendable<CountedRate> {
  /** The sum of the observations. */
  sum = 0;
  of = 0;
  /** The sum of the expected values, and the sum of their variances. */
  expected = 0;
  variance = 0;
  #least = Infinity;
  #most = -Infinity;
  #isCount = true;
  /** The cases for another tally; `null` if no tally will get them. */
  readonly #added: number[] | null;

  constructor({ isForAppending = false }: TallyOptions = {}) {
    this.#added = isForAppending ? [] : null;
  }

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
    this.#added?.push(value, mean, variance);
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
    this.#within(other.#least, other.#most, other.#isCount);
  }

  #within(least: number, most: number, isCount: boolean): void {
    this.#least = Math.min(this.#least, least);
    this.#most = Math.max(this.#most, most);
    this.#isCount &&= isCount;
  }

  counted(): CountedRate {
    const [least, most, isCount] = [this.#least, this.#most, this.#isCount];
    return { least, most, isCount, cases: Float64Array.from(this.#added!) };
  }

  append({ least, most, isCount, cases }: CountedRate): void {
    this.#within(least, most, isCount);
    for (let at = 0; at < cases.length; at += 3) this.#add(cases[at]!, cases[at + 1]!, cases[at + 2]!);
  }

  /** The test of the sum: exact if all cases came from `addCase()` with equal probabilities. */
  test(tests: ChanceTests): ChanceTest | Unavailable {
    if (this.of === 0) return unavailable("there are no cases yet");
    if (this.variance === 0) return unavailable("the declaration leaves nothing to chance");
    if (this.#isCount && this.#least === this.#most) return tests.binomial(this.sum, this.of, this.#least);
    const approximate = tests.normal(this.sum - this.expected, this.variance);
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
  tests: ChanceTests,
): Finding {
  const { sum, of, expected, variance } = rate;
  const parts = { condition, declared, observed: { count: sum, of, unit }, expected, basis };
  if (of > 0 && variance === 0) return { check, ...parts, test: null };
  const test = rate.test(tests);
  return isUnavailable(test)
    ? { ...cannotTell(check, declared, test.unavailable), condition }
    : { check, ...parts, test };
}

export interface Mergeable {
  /** Adds the counts of another tally of the same kind. */
  merge(other: this): void;
}

/** A tally of cases with the same declaration: of one condition, or of all conditions (`null`). */
export type Grouped<T> = Readonly<{ condition: string | null; declared: string; tally: T }>;

/** Tallies that were counted, by key: their declaration, and one tally for each condition. */
export type CountedByCondition<Counted> = readonly (readonly [
  key: string,
  declared: string,
  conditions: readonly (readonly [condition: string, counted: Counted])[],
])[];

/** Tallies by condition and by declaration. */
export class ByCondition<T extends Mergeable & Appendable<Counted>, Counted>
  implements Appendable<CountedByCondition<Counted>> {
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

  counted(): CountedByCondition<Counted> {
    return [...this.#groups].map(([key, { declared, conditions }]) =>
      [
        key,
        declared,
        [...conditions].map(([condition, tally]) => [condition, tally.counted()] as const),
      ] as const
    );
  }

  append(counted: CountedByCondition<Counted>): void {
    for (const [key, declared, conditions] of counted) {
      for (const [condition, tally] of conditions) this.of(condition, declared, key).append(tally);
    }
  }

  /**
   * All tallies.
   *
   * @param shared Whether conditions share draws. If they do, each condition has its own tally.
   */
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
