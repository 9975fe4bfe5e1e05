/** The cluster bootstrap: how much an estimate would vary with other discussions, not only with other comments. */
import { openDraw } from "../../core/random/mod.ts";
import {
  checkLevel,
  criticalValue,
  type Interval,
  isComputable,
  LEVEL,
  percentileInterval,
  sampleVariance,
  twoSidedP,
} from "./distributions.ts";
import { isUnavailable, type Unavailable, unavailable } from "./unavailable.ts";

/** The default number of resamples. Between seeds, each end of a 0.95 interval varies by about 0.06 standard errors. */
export const RESAMPLES = 2000;

const FAILED_SHARE_MAX = 0.05;

/** A standard error below this share of its estimate comes from rounding. */
const ROUNDING = 1e-12;

/** The options of a bootstrap. */
export type BootstrapOptions = Readonly<{
  /** Equal seeds give equal intervals. */
  seed: string;
  /** Default {@linkcode RESAMPLES}. */
  resamples?: number;
  /** The level of the interval. Default 0.95. */
  level?: number;
}>;

/** An estimate, and how it varies over resamples. */
export type BootstrapEstimate = Readonly<{
  estimate: number;
  /** Between two quantiles of the resamples' estimates, which lie further apart if there are few clusters. */
  interval: Interval;
  /** The standard deviation of the resamples' estimates. */
  standardError: number;
  /** The number of resamples with an estimate, and of ignored resamples without one. */
  resamples: number;
  failed: number;
}>;

/**
 * The cluster bootstrap (Davison and Hinkley 1997, section 3.8). It draws whole clusters with replacement. With few
 * clusters, an interval between plain quantiles is too narrow, so the interval is expanded as Hesterberg proposes
 * (2015, "What Teachers Should Know About the Bootstrap").
 *
 * @param clusters One entry per cluster, such as a discussion, with the data that the statistic needs.
 * @param statistic Must not keep the sample, which the next resample overwrites.
 * @param strata The stratum of each cluster, such as its condition. Each resample keeps the number of clusters in each stratum.
 *   Default: one stratum.
 * @throws RangeError when `strata` and `clusters` differ in length, or the level is not between 0 and 1.
 *
 * @example
 * ```ts
 * import { clusterBootstrap, isUnavailable } from "../mod.ts";
 * import assert from "node:assert/strict";
 *
 * const discussions = [[1, 2, 2], [5, 6], [3, 3, 4], [8, 7]];
 * const mean = (sample: readonly number[][]) => sample.flat().reduce((a, b) => a + b) / sample.flat().length;
 * const result = clusterBootstrap(discussions, mean, { seed: "42" });
 * assert(!isUnavailable(result));
 * assert.equal(result.estimate, 4.1);
 * assert(result.interval.lower < 4.1 && 4.1 < result.interval.upper);
 * ```
 */
export function clusterBootstrap<C>(
  clusters: readonly C[],
  statistic: (sample: readonly C[]) => number | Unavailable,
  { seed, resamples = RESAMPLES, level = LEVEL }: BootstrapOptions,
  strata: readonly string[] = clusters.map(() => ""),
): BootstrapEstimate | Unavailable {
  checkLevel(level);
  if (strata.length !== clusters.length) {
    throw new RangeError(
      `Cannot use ${strata.length} strata for ${clusters.length} clusters: give one stratum for each cluster`,
    );
  }
  if (clusters.length === 0) return unavailable("there are no clusters");
  const estimate = statistic(clusters);
  if (isUnavailable(estimate)) return estimate;
  if (!isComputable(estimate)) {
    return unavailable(`the statistic is ${estimate}, which is not finite or is too large`);
  }
  const pools = [...Map.groupBy(clusters.keys(), (index) => strata[index]!)];
  for (const [stratum, pool] of pools) {
    if (pool.length === 1) {
      const where = stratum === "" ? "" : ` of "${stratum}"`;
      return unavailable(
        `there is one cluster${where}, so the variance between clusters cannot be estimated`,
      );
    }
  }

  const draw = openDraw(seed, "bootstrap");
  const drawnFrom = pools.map(([, pool]) => pool.map((index) => clusters[index]!));
  // All resamples use one array, because a new one for each takes as long as the draws.
  const sample = clusters.slice();
  const replicates: number[] = [];
  for (let resample = 0; resample < resamples; resample++) {
    let size = 0;
    for (const pool of drawnFrom) {
      for (let drawn = 0; drawn < pool.length; drawn++) sample[size++] = draw.pick(pool);
    }
    const replicate = statistic(sample);
    if (!isUnavailable(replicate) && isComputable(replicate)) replicates.push(replicate);
  }
  const failed = resamples - replicates.length;
  if (replicates.length < 2 || failed > FAILED_SHARE_MAX * resamples) {
    return unavailable(`the statistic cannot be computed in ${failed} of ${resamples} resamples`);
  }
  const standardError = Math.sqrt(sampleVariance(replicates));
  if (standardError <= ROUNDING * Math.abs(estimate)) {
    return unavailable("all resamples give the same value: the clusters do not differ");
  }
  return {
    estimate,
    interval: percentileInterval(replicates, expandedTail(level, clusters.length, pools.length), level),
    standardError,
    resamples: replicates.length,
    failed,
  };
}

/** The share of replicates to leave out at each end: less than (1 − level) / 2 if there are few clusters. */
function expandedTail(level: number, clusters: number, strata: number): number {
  const df = clusters - strata;
  return twoSidedP(criticalValue(level, df) * Math.sqrt(clusters / df), null) / 2;
}
