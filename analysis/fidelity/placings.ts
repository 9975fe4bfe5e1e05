/** How the turns are spread over the participants. */
import { EigenvalueDecomposition, Matrix } from "ml-matrix";
import type { Mergeable } from "./by_condition.ts";
import { chiSquareTest } from "./chance.ts";
import { cannotTell, type Finding } from "./check.ts";

/** The approximation to chi-square is used where every place has at least this variance. */
const VARIANCE_MIN = 9;

/** Eigenvalues below this share of the largest are zeros. */
const ZERO_SHARE = 1e-9;

/** Participants up to whom the spread is checked: memory and time grow with their square and cube. */
const PLACES_MAX = 64;

/**
 * Turns by the speaker's place in the design, against the chances that each place had at every turn.
 *
 * The differences of counts and summed chances have, whatever the history, the summed covariance of single draws; their
 * quadratic form with its pseudo-inverse follows chi-square, with as many degrees of freedom as its rank.
 */
export class Placings implements Mergeable {
  #counts: number[] = [];
  #expected: number[] = [];
  /** Σ diag(p) − p pᵀ, by rows. */
  #covariance: number[][] = [];
  #turns = 0;

  /** Counts a turn. @param speaker The place of whoever had it. @param chances Those of all places. */
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

  /** What was found: the place that differs most stands for all. */
  finding({ condition, declared }: Readonly<{ condition: string | null; declared: string }>): Finding {
    const check = "speaker distribution";
    const not = (reason: string) => ({ ...cannotTell(check, declared, reason), condition });
    if (this.#turns === 0) {
      return not(`nobody has had a turn, or there are more than ${PLACES_MAX} participants`);
    }
    const drawn = [...this.#counts.keys()].filter((place) => this.#covariance[place]![place]! > 0);
    if (drawn.length < 2) return not("what was declared leaves nothing to chance");
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
      basis: `turns by place among the participants; shown is place ${place + 1}, which differs most`,
      test: chiSquareTest(statistic, degrees),
    };
  }
}
