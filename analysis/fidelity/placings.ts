/** Counts how many turns each speaker has, and compares these counts with chance. */
import type { Appendable, TallyOptions } from "../projections/appendable.ts";
import type { ChanceTests } from "./chance_tests.ts";
import { cannotTell, type Finding } from "./checks.ts";
import type { Mergeable } from "./tallies.ts";

/** The chi-square approximation is used if the variance of every participant's count is at least this. */
const VARIANCE_MIN = 9;

/**
 * Discussions with more participants are not checked: memory grows with the square of their number, time with
 * its cube.
 */
const PLACES_MAX = 64;

/**
 * Counts the turns of each participant, by index in the design, and compares them with the sums of the participants'
 * chances at every turn.
 *
 * The chances of a turn may depend on earlier turns: the sum of the covariance matrices of the single draws is the
 * covariance of the differences even then.
 */
export class Placings implements Mergeable, Appendable<Float64Array> {
  /**
   * For each turn: the speaker, the number of chances, and the chances. `null` if the counts will not be added
   * to another tally.
   */
  readonly #added: number[] | null;
  #counts: number[] = [];
  #expected: number[] = [];
  /** The sum over all turns of diag(p) − p pᵀ, by rows, where p has the participants' chances of the turn. */
  #covariance: number[][] = [];
  #turns = 0;

  constructor({ isForAppending = false }: TallyOptions = {}) {
    this.#added = isForAppending ? [] : null;
  }

  add(speaker: number, chances: readonly number[]): void {
    if (chances.length > PLACES_MAX) return;
    this.#added?.push(speaker, chances.length, ...chances);
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

  counted(): Float64Array {
    return Float64Array.from(this.#added!);
  }

  append(counted: Float64Array): void {
    for (let at = 0; at < counted.length;) {
      const [speaker, length] = [counted[at]!, counted[at + 1]!];
      const end = at + 2 + length;
      this.add(speaker, [...counted.subarray(at + 2, end)]);
      at = end;
    }
  }

  /** The finding about all participants. It shows the figures of the participant who differs most. */
  finding(
    { condition, declared }: Readonly<{ condition: string | null; declared: string }>,
    tests: ChanceTests,
  ): Finding {
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
    const covariance = drawn.map((row) => drawn.map((column) => this.#covariance[row]![column]!));
    const deviation = (at: number) => Math.abs(differences[at]!) / Math.sqrt(covariance[at]![at]!);
    const most = [...drawn.keys()].reduce((best, at) => deviation(at) > deviation(best) ? at : best, 0);
    const place = drawn[most]!;
    return {
      check,
      condition,
      declared,
      observed: { count: this.#counts[place]!, of: this.#turns, unit: "share" },
      expected: this.#expected[place]!,
      basis: `turns of each participant; shown: participant ${place + 1} of the design, who differs most`,
      test: tests.differences(differences, covariance),
    };
  }
}
