/**
 * Checks by simulation that several looks together find a nonexistent effect only as often as their error rate
 * allows.
 */
import assert from "node:assert/strict";
import { openDraw } from "../../core/random/mod.ts";
import { holm } from "./corrections.ts";
import { criticalValue, drawNormal, mean, sampleVariance, twoSidedP } from "./distributions.ts";
import { nominalLevel, repeatedP } from "./group_sequential.ts";

const ALPHA = 0.05;

/** A binomial share differs from its mean by more standard deviations than this only once in two thousand checks. */
const DEVIATIONS = 3.5;

function assertShare(found: number, trials: number, expected: number): void {
  const reach = DEVIATIONS * Math.sqrt(expected * (1 - expected) / trials);
  const share = found / trials;
  assert.ok(
    Math.abs(share - expected) < reach,
    `${share} of ${trials}, not ${expected} ± ${reach.toFixed(4)}`,
  );
}

/** The figures of a growing sample at each look: mean, standard error, and Student's p. */
function looksAt(sizes: readonly number[], name: string, trial: number) {
  const draw = openDraw("looks", name, trial);
  const values = Array.from({ length: sizes.at(-1)! }, () => drawNormal(draw));
  return sizes.map((size) => {
    const seen = values.slice(0, size);
    const [centre, error] = [mean(seen), Math.sqrt(sampleVariance(seen) / size)];
    return { centre, error, df: size - 1, p: twoSidedP(centre / error, size - 1) };
  });
}

/** The numbers of discussions at the looks, and the planned maximum, which is the last of these numbers or larger. */
const TIMES = [
  { sizes: [30, 60, 90, 120], planned: 120 },
  { sizes: [17, 80, 90], planned: 100 },
];

for (const { sizes, planned } of TIMES) {
  const fractions = sizes.map((_, look) => sizes.slice(0, look + 1).map((size) => size / planned));
  const levels = fractions.map((times) => nominalLevel(times, ALPHA));

  Deno.test(`looks at ${sizes.join(", ")} of ${planned} spend at most the error rate`, () => {
    const trials = 20_000;
    let [found, wronglyCovered, uncorrected] = [0, 0, 0];
    for (let trial = 0; trial < trials; trial++) {
      const looks = looksAt(sizes, `rate/${planned}`, trial);
      if (looks.some(({ p }, look) => p <= levels[look]!)) found++;
      if (
        looks.some(({ centre, error, df }, look) =>
          Math.abs(centre) > criticalValue(1 - levels[look]!, df) * error
        )
      ) wronglyCovered++;
      if (looks.some(({ p }) => p <= ALPHA)) uncorrected++;
    }
    // The error rate that is spent until the last look. At the planned maximum, all of it is spent.
    const expected = planned === sizes.at(-1) ? ALPHA : SPENT_AT_NINE_TENTHS;
    assertShare(found, trials, expected);
    assert.equal(wronglyCovered, found, "a repeated interval misses the truth when its look finds an effect");
    assert.ok(
      uncorrected / trials > 0.09,
      `${uncorrected / trials}: looks without a correction find too much`,
    );
  });
}

/** 4 (1 − Φ(2.241403 / √0.9)), from a table of the normal distribution. */
const SPENT_AT_NINE_TENTHS = 0.0363;

Deno.test("Holm's correction of repeated p values keeps the error rate over three tests and three looks", () => {
  const [sizes, trials, tests] = [[20, 50, 80], 2_000, 3];
  const fractions = sizes.map((_, look) => sizes.slice(0, look + 1).map((size) => size / 80));
  let found = 0;
  for (let trial = 0; trial < trials; trial++) {
    const samples = Array.from({ length: tests }, (_, test) => looksAt(sizes, `holm/${test}`, trial));
    const isFound = fractions.some((times, look) => {
      const ps = samples.map((looks) => looks[look]!.p);
      // A repeated p is at least p. So if all p are larger than this, no repeated p can be small enough.
      if (Math.min(...ps) > ALPHA / tests) return false;
      return holm(ps.map((p) => p > ALPHA ? 1 : repeatedP(p, times))).some((p) => p <= ALPHA);
    });
    if (isFound) found++;
  }
  // The expected share is the share for three independent tests, each at a third of the error rate.
  assertShare(found, trials, 1 - (1 - ALPHA / tests) ** tests);
});
