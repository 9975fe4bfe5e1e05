import assert from "node:assert/strict";
import { openDraw } from "../../core/random/mod.ts";
import { clusterBootstrap, isUnavailable, type Unavailable, unavailable } from "../mod.ts";
import { bootstrapSums } from "./cluster_bootstrap.ts";
import { sampleVariance } from "./distributions.ts";

const meanOf = (sample: readonly (readonly number[])[]): number => {
  const all = sample.flat();
  return all.reduce((sum, value) => sum + value, 0) / all.length;
};

/** Thirty clusters of three values each. */
const CLUSTERS = Array.from({ length: 30 }, (_, cluster) => [0, 1, 2].map((row) => (cluster * 7) % 13 + row));

Deno.test("clusterBootstrap() gives the standard error of a mean over clusters", () => {
  const result = clusterBootstrap(CLUSTERS, meanOf, { seed: "42", resamples: 10_000 });
  assert(!isUnavailable(result));
  // Computed by hand: the bootstrap variance of a mean over m clusters is Σ (mean of the cluster − mean of
  // all)² / m².
  const means = CLUSTERS.map((cluster) => meanOf([cluster]));
  const centre = meanOf([means]);
  const exact = Math.sqrt(means.reduce((sum, value) => sum + (value - centre) ** 2, 0)) / means.length;
  assert.equal(result.estimate, meanOf(CLUSTERS));
  assert.ok(Math.abs(result.standardError / exact - 1) < 0.03, `${result.standardError}, not ${exact}`);
  // The 0.975 quantile of Student's t with 29 degrees of freedom is 2.04523. The expansion is √(30 / 29).
  const reach = 2.04523 * Math.sqrt(30 / 29) * exact;
  assert.ok(Math.abs(result.interval.lower - (centre - reach)) < 0.1 * exact, `${result.interval.lower}`);
  assert.ok(Math.abs(result.interval.upper - (centre + reach)) < 0.1 * exact, `${result.interval.upper}`);
});

Deno.test("bootstrapSums() adds the columns of the clusters that are drawn, for resamples that are kept or not", () => {
  for (const [clusters, resamples] of [[30, 203], [42_000, 101]] as const) {
    const sums = Float64Array.from({ length: clusters }, (_, at) => (at * 7) % 13);
    const counts = Float64Array.from({ length: clusters }, (_, at) => 1 + at % 3);
    const draw = openDraw("42", "bootstrap");
    const expected = Array.from({ length: resamples }, () => {
      let [sum, count] = [0, 0];
      for (let drawn = 0; drawn < clusters; drawn++) {
        const at = draw.below(clusters);
        sum += sums[at]!;
        count += counts[at]!;
      }
      return sum / count;
    });
    // The second bootstrap uses the resamples that were kept.
    for (let run = 0; run < 2; run++) {
      const found = bootstrapSums([sums, counts], ([sum, count]) => sum! / count!, { seed: "42", resamples });
      assert(!isUnavailable(found));
      assert.equal(found.resamples, resamples);
      assert.equal(found.standardError, Math.sqrt(sampleVariance(expected)));
    }
  }
});

Deno.test("clusterBootstrap() keeps the number of clusters in each stratum", () => {
  const clusters = ["a", "a", "b", "b", "b"];
  const shares = new Set<number>();
  clusterBootstrap(
    clusters,
    (sample) => {
      shares.add(sample.filter((stratum) => stratum === "a").length);
      return shares.size;
    },
    { seed: "42", resamples: 50 },
    clusters,
  );
  assert.deepEqual([...shares], [2]);
});

Deno.test("clusterBootstrap() expands the interval of a difference of strata by Welch's degrees of freedom", () => {
  const difference = (sample: readonly (readonly [string, number])[]) =>
    ["b", "a"].map((stratum) => meanOf([sample.filter(([of]) => of === stratum).map(([, value]) => value)]))
      .reduce((b, a) => b - a);
  // R: s <- c(30, 6); w <- sum(1 / s); df <- w^2 / sum(1 / (s^2 * (s - 1))); qt(0.975, df) * sqrt(sum(1 / (s - 1)) / w)
  for (
    const [sizes, comparesStrata, expected] of [
      [[30, 6], true, 2.5494722],
      // √(n / (n − 2)) times the quantile of t with n − 2 degrees of freedom.
      [[30, 6], false, 2.0911624],
      [[18, 18], true, 2.0911624],
    ] as const
  ) {
    const clusters = sizes.flatMap((size, stratum) =>
      Array.from({ length: size }, (_, at) => ["ab"[stratum]!, ((at + 0.5) / size) ** 0.9] as const)
    );
    const strata = clusters.map(([stratum]) => stratum);
    const options = { seed: "42", resamples: 20_000, comparesStrata };
    const result = clusterBootstrap(clusters, difference, options, strata);
    assert(!isUnavailable(result));
    const { interval: { lower, upper }, standardError } = result;
    const reach = (upper - lower) / 2 / standardError;
    assert.ok(Math.abs(reach / expected - 1) < 0.04, `${reach}, not ${expected}`);
  }
});

Deno.test("clusterBootstrap() gives equal intervals for equal seeds, and other intervals for other seeds", () => {
  const run = (seed: string) => clusterBootstrap(CLUSTERS, meanOf, { seed, resamples: 100 });
  assert.deepEqual(run("42"), run("42"));
  assert.notDeepEqual(run("42"), run("43"));
});

Deno.test("clusterBootstrap() ignores a few resamples without an estimate, and returns a reason if there are many", () => {
  const unlessMissing = (lacks: (sample: readonly number[]) => boolean) => (sample: readonly number[]) =>
    lacks(sample) ? unavailable("missing") : sample[0]! + sample.length;
  const clusters = [...Array(10).keys()];
  const few = clusterBootstrap(
    clusters,
    unlessMissing((sample) => sample.filter((one) => one === 3).length > 4),
    { seed: "42" },
  );
  assert(!isUnavailable(few));
  assert.ok(few.failed > 0 && few.resamples + few.failed === 2000);
  const many = clusterBootstrap(clusters, unlessMissing((sample) => !sample.includes(3)), { seed: "42" });
  assert.match(
    (many as Unavailable).unavailable,
    /^the statistic cannot be computed in \d+ of 2000 resamples$/,
  );
});

Deno.test("clusterBootstrap() returns a reason if there is no interval, and refuses wrong strata and levels", () => {
  const run = (clusters: readonly number[][], strata?: string[]) =>
    clusterBootstrap(clusters, meanOf, { seed: "42", resamples: 100 }, strata);
  assert.deepEqual(run([]), { unavailable: "there are no clusters" });
  assert.deepEqual(run([[1, 2]]), {
    unavailable: "there is one cluster, so the variance between clusters cannot be estimated",
  });
  assert.deepEqual(run([[1], [2], [3]], ["a", "a", "b"]), {
    unavailable: 'there is one cluster of "b", so the variance between clusters cannot be estimated',
  });
  assert.deepEqual(run([[0.1, 0.3], [0.1, 0.3], [0.1, 0.3]]), {
    unavailable: "all resamples give the same value: the clusters do not differ",
  });
  assert.deepEqual(run([[], []]), {
    unavailable: "the statistic is NaN, which is not finite or is too large",
  });
  assert.throws(() => run([[1], [2]], ["a"]), RangeError);
  assert.throws(() => clusterBootstrap([[1], [2]], meanOf, { seed: "42", level: 1 }), RangeError);
});
