/** Agreement between annotators: raw agreement and Krippendorff's alpha. */
import { type CodedRatings, codeRatings, pairableUnits, type Ratings } from "./coded_ratings.ts";
import { isUnavailable, type Unavailable, unavailable } from "./unavailable.ts";
import { type BootstrapEstimate, type BootstrapOptions, bootstrapPlaces } from "./cluster_bootstrap.ts";

export type { Rating, Ratings } from "./coded_ratings.ts";

/** How values are compared: as names, by their order, or by their difference. */
export type MeasurementLevel = "nominal" | "ordinal" | "interval";

/**
 * Raw agreement: for each unit, the share of equal pairs among all pairs of its values; then the mean of these
 * shares over the units. It is P̄ of Fleiss (1971), but units may have different numbers of values. It is not
 * corrected for chance, as {@linkcode krippendorffAlpha} is.
 *
 * @param ratings One row per unit, one entry per annotator. Units with fewer than two values do not count.
 * @returns The share, in [0, 1], or the reason why it cannot be computed.
 *
 * @example
 * ```ts
 * import { rawAgreement } from "../mod.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(rawAgreement([["yes", "yes", "yes"], ["no", "no", null], ["no", "yes", null]]), 2 / 3);
 * ```
 */
export function rawAgreement(ratings: Ratings): number | Unavailable {
  const { codes, unitStarts } = codeRatings(ratings);
  let [shares, units] = [0, 0];
  for (let unit = 0; unit < ratings.length; unit++) {
    const [start, end] = [unitStarts[unit]!, unitStarts[unit + 1]!];
    if (start === end) continue;
    let equal = 0;
    for (let place = start; place < end; place++) {
      for (let after = place + 1; after < end; after++) if (codes[after] === codes[place]) equal += 2;
    }
    shares += equal / ((end - start) * (end - start - 1));
    units++;
  }
  return units === 0 ? unavailable("no unit has values of two annotators") : shares / units;
}

/** Agreement beyond chance. */
export type Alpha = Readonly<{
  /**
   * 1 if annotators always agree; 0 if they agree as often as by chance; below 0 if they agree less often than
   * that.
   */
  alpha: number;
  /** The number of units with at least two values, and the number of their values. */
  units: number;
  values: number;
}>;

/**
 * Krippendorff's alpha: 1 − (observed disagreement) / (disagreement expected by chance). The source is
 * Krippendorff (2011), "Computing Krippendorff's Alpha-Reliability". Values may be missing. Units with fewer
 * than two values do not count.
 *
 * The ordinal difference of the values c and k is (n_c + … + n_k) − (n_c + n_k) / 2, where n_c is the number of values c.
 * This is the difference of their middle ranks, so an ordinal alpha is an interval alpha of middle ranks.
 *
 * @param scale `ordinal` and `interval` need numbers.
 * @throws RangeError when values are names and the scale needs numbers.
 *
 * @example
 * ```ts
 * import { isUnavailable, krippendorffAlpha } from "../mod.ts";
 * import assert from "node:assert/strict";
 *
 * const result = krippendorffAlpha([["yes", "yes"], ["no", "no"], ["yes", null], ["no", "yes"]], "nominal");
 * assert(!isUnavailable(result));
 * assert.equal(result.alpha.toFixed(3), "0.444");
 * assert.equal(result.units, 3);
 * ```
 */
export function krippendorffAlpha(ratings: Ratings, scale: MeasurementLevel): Alpha | Unavailable {
  const of = coded(ratings, scale);
  const units = pairableUnits(of);
  const alpha = alphaOf(Uint32Array.of(0), summariesOf([units], of), of);
  return isUnavailable(alpha) ? alpha : { alpha, units: units.length, values: of.codes.length };
}

/**
 * A bootstrap interval of Krippendorff's alpha. The expected disagreement is computed again in each resample.
 *
 * @param clusters The cluster of each unit, such as its discussion. Default: each unit is its own cluster.
 * @throws RangeError when `clusters` and `ratings` differ in length.
 */
export function alphaInterval(
  ratings: Ratings,
  scale: MeasurementLevel,
  options: BootstrapOptions,
  clusters?: readonly string[],
): BootstrapEstimate | Unavailable {
  if (clusters !== undefined && clusters.length !== ratings.length) {
    throw new RangeError(
      `Cannot use ${clusters.length} clusters for ${ratings.length} units: give one cluster for each unit`,
    );
  }
  const of = coded(ratings, scale);
  const members = new Map<string | number, number[]>();
  for (const unit of pairableUnits(of)) {
    const cluster = clusters?.[unit] ?? unit;
    const known = members.get(cluster);
    if (known === undefined) members.set(cluster, [unit]);
    else known.push(unit);
  }
  // Without units, no cluster can be drawn.
  if (members.size === 0) return unavailable("no unit has values of two annotators");
  const summaries = summariesOf([...members.values()], of);
  return bootstrapPlaces(members.size, (places) => alphaOf(places, summaries, of), options);
}

/**
 * Value → its position on a line. Middle ranks depend on the counts, so they are only marked as `ranks`. `null`
 * for names.
 */
type Line = Float64Array | "ranks" | null;

type Coded = Pick<CodedRatings, "codes" | "unitStarts"> & Readonly<{ steps: number; line: Line }>;

function coded(ratings: Ratings, scale: MeasurementLevel): Coded {
  const { values, ...units } = codeRatings(ratings);
  const steps = values.length;
  if (scale === "nominal") return { ...units, steps, line: null };
  const name = values.find((value) => typeof value !== "number");
  if (name !== undefined) throw new RangeError(`Cannot order "${name}": the scale ${scale} needs numbers`);
  if (scale === "ordinal") return { ...units, steps, line: "ranks" };
  const middle = steps === 0 ? 0 : (Number(values[0]) + Number(values.at(-1))) / 2;
  return { ...units, steps, line: Float64Array.from(values, (value) => Number(value) - middle) };
}

function middleRanks(counts: Float64Array): Float64Array {
  let below = 0;
  return counts.map((count) => {
    below += count;
    return below - count / 2;
  });
}

/**
 * The sums over clusters of units that alpha needs. Their size depends on the number of different values, not
 * of units.
 */
type Summaries = Readonly<{
  /** Cluster → its first index in `values` and `counts`. One more entry marks the end of the last cluster. */
  starts: Uint32Array;
  /** The values that occur in each cluster, and how often each occurs. */
  values: Uint32Array;
  counts: Float64Array;
  /** Cluster → its observed disagreement. For ranks it is 0 here, because ranks depend on the resample. */
  disagreements: Float64Array;
  /** For ranks only: the pairs of unequal values in the units of each cluster, stored like `starts` and `values`. */
  pairStarts: Uint32Array;
  ones: Uint32Array;
  others: Uint32Array;
  /** For each pair, twice the sum of 1 / (number of the unit's values − 1) over the units that have the pair. */
  weights: Float64Array;
}>;

/** @param clusters Cluster → its units. */
function summariesOf(
  clusters: readonly (readonly number[])[],
  { codes, unitStarts, steps, line }: Coded,
): Summaries {
  const [starts, values, counts] = [[0], [] as number[], [] as number[]];
  const [pairStarts, ones, others] = [[0], [] as number[], [] as number[]];
  const [weights, disagreements] = [[] as number[], [] as number[]];
  for (const units of clusters) {
    const [found, pairs] = [new Map<number, number>(), new Map<number, number>()];
    for (const unit of units) {
      const [start, end] = [unitStarts[unit]!, unitStarts[unit + 1]!];
      for (let at = start; at < end; at++) {
        const one = codes[at]!;
        found.set(one, (found.get(one) ?? 0) + 1);
        for (let after = at + 1; after < end; after++) {
          const pair = one * steps + codes[after]!;
          if (one !== codes[after]) pairs.set(pair, (pairs.get(pair) ?? 0) + 1 / (end - start - 1));
        }
      }
    }
    for (const [value, count] of found) {
      values.push(value);
      counts.push(count);
    }
    starts.push(values.length);
    let disagreement = 0;
    for (const [pair, weight] of pairs) {
      const [one, other] = [Math.floor(pair / steps), pair % steps];
      if (line !== "ranks") {
        disagreement += 2 * weight * (line === null ? 1 : (line[one]! - line[other]!) ** 2);
        continue;
      }
      ones.push(one);
      others.push(other);
      weights.push(2 * weight);
    }
    pairStarts.push(ones.length);
    disagreements.push(disagreement);
  }
  return {
    starts: Uint32Array.from(starts),
    values: Uint32Array.from(values),
    counts: Float64Array.from(counts),
    disagreements: Float64Array.from(disagreements),
    pairStarts: Uint32Array.from(pairStarts),
    ones: Uint32Array.from(ones),
    others: Uint32Array.from(others),
    weights: Float64Array.from(weights),
  };
}

/**
 * Alpha of some clusters.
 *
 * @param places The indices of the clusters. An index can occur several times.
 */
function alphaOf(
  places: Uint32Array,
  { starts, values, counts, ...paired }: Summaries,
  { steps, line }: Coded,
): number | Unavailable {
  const total = new Float64Array(steps);
  for (let drawn = 0; drawn < places.length; drawn++) {
    const end = starts[places[drawn]! + 1]!;
    for (let at = starts[places[drawn]!]!; at < end; at++) total[values[at]!]! += counts[at]!;
  }
  const all = total.reduce((sum, count) => sum + count, 0);
  if (all === 0) return unavailable("no unit has values of two annotators");
  if (total.includes(all)) {
    return unavailable("all values are equal, so the disagreement expected by chance is 0");
  }
  const positions = line === "ranks" ? middleRanks(total) : line;
  const observed = observedDisagreement(places, paired, positions ?? total);
  const expected = expectedDisagreement(total, all, positions);
  if (expected === 0) return unavailable("the values are too close to each other to be distinguished");
  return 1 - (all - 1) * observed / expected;
}

function observedDisagreement(
  places: Uint32Array,
  { disagreements, pairStarts, ones, others, weights }: Omit<Summaries, "starts" | "values" | "counts">,
  positions: Float64Array,
): number {
  let observed = 0;
  for (let drawn = 0; drawn < places.length; drawn++) {
    const place = places[drawn]!;
    const end = pairStarts[place + 1]!;
    let ofPairs = 0;
    for (let at = pairStarts[place]!; at < end; at++) {
      const difference = positions[ones[at]!]! - positions[others[at]!]!;
      ofPairs += weights[at]! * (difference * difference);
    }
    observed += disagreements[place]! + ofPairs;
  }
  return observed;
}

/** The sum of squared differences over the ordered pairs of all values. Unequal names differ by 1. */
function expectedDisagreement(counts: Float64Array, all: number, line: Float64Array | null): number {
  if (line === null) return all ** 2 - counts.reduce((sum, count) => sum + count ** 2, 0);
  const centre = counts.reduce((sum, count, value) => sum + count * line[value]!, 0) / all;
  return 2 * all * counts.reduce((sum, count, value) => sum + count * (line[value]! - centre) ** 2, 0);
}
