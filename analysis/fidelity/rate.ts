/** Sums over chances of their own: how often something happened that was more or less likely each time. */
import { isUnavailable, type Unavailable, unavailable } from "../statistics/unavailable.ts";
import { binomialTest, normalTest } from "./chance.ts";
import { cannotTell, type ChanceTest, type Finding } from "./check.ts";

/** A figure that chance decides on, case by case; its memory does not grow with the number of cases. */
export class Rate {
  /** What was observed, summed. */
  sum = 0;
  /** Cases. */
  of = 0;
  /** What was expected, summed, and its variance. */
  expected = 0;
  variance = 0;
  #least = Infinity;
  #most = -Infinity;
  #isCount = true;

  /** Something that happens or not. @param happened Whether it did. @param probability How likely it was. */
  addCase(happened: boolean, probability: number): void {
    this.#least = Math.min(this.#least, probability);
    this.#most = Math.max(this.#most, probability);
    this.#add(happened ? 1 : 0, probability, probability * (1 - probability));
  }

  /** A figure. @param value What it was. @param mean What was to be expected. @param variance Its variance. */
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

  /** Whether every case is something that happens or not; else the mean of the figures is what can be shown. */
  get isCount(): boolean {
    return this.#isCount;
  }

  /** Takes in the cases of another rate. */
  merge(other: Rate): void {
    this.sum += other.sum;
    this.of += other.of;
    this.expected += other.expected;
    this.variance += other.variance;
    this.#least = Math.min(this.#least, other.#least);
    this.#most = Math.max(this.#most, other.#most);
    this.#isCount &&= other.#isCount;
  }

  /** The test of the sum: exact where all cases were equally likely. */
  test(): ChanceTest | Unavailable {
    if (this.of === 0) return unavailable("there was no such case");
    if (this.variance === 0) return unavailable("what was declared leaves nothing to chance");
    if (this.#isCount && this.#least === this.#most) return binomialTest(this.sum, this.of, this.#least);
    const approximate = normalTest(this.sum - this.expected, this.variance);
    return isUnavailable(approximate)
      ? unavailable(`of ${this.of} cases, ${approximate.unavailable}`)
      : approximate;
  }
}

/** The finding about a figure that chance decides on; one whose chances are all 0 or 1 must be met exactly. */
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
