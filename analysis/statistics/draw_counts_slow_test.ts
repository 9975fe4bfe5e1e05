/** Checks by simulation that tests and intervals keep their level with the few draws of large samples. */
import assert from "node:assert/strict";
import { type Draw, openDraw } from "../../core/random/mod.ts";
import { isUnavailable, permutationTest, type Unavailable } from "../mod.ts";
import { bootstrapSums } from "./cluster_bootstrap.ts";
import { drawNormal } from "./distributions.ts";
import { affordable } from "./draw_counts.ts";

const TRIALS = 4000;

/** The sizes of two conditions without any difference. */
const SIZES = [120, 80] as const;

/** So few drawn discussions are allowed that each test makes the least number of draws. */
const DRAWN_MAX = 1;

const drawsOf = (most: number, least: number) => affordable({ most, least }, 200, DRAWN_MAX);

function known<T>(result: T | Unavailable): T {
  assert(!isUnavailable(result), JSON.stringify(result));
  return result;
}

/** How many of the experiments hold, for each of several conditions. */
function counts(
  holds: (samples: readonly number[][], seed: string) => readonly boolean[],
): readonly number[] {
  const all: number[] = [];
  for (let trial = 0; trial < TRIALS; trial++) {
    const draw: Draw = openDraw("sim", trial);
    const samples = SIZES.map((size) => Array.from({ length: size }, () => drawNormal(draw)));
    for (const [at, held] of holds(samples, String(trial)).entries()) {
      all[at] = (all[at] ?? 0) + Number(held);
    }
  }
  return all;
}

/** A binomial share differs from its mean by more standard deviations than this only once in two thousand checks. */
const DEVIATIONS = 3.5;

function assertLevel(count: number, level: number): void {
  const reach = DEVIATIONS * Math.sqrt(level * (1 - level) / TRIALS);
  assert.ok(
    Math.abs(count / TRIALS - level) < reach,
    `${count / TRIALS}, not ${level} ± ${reach.toFixed(4)}`,
  );
}

for (const [most, least] of [[9999, 999], [999, 199]] as const) {
  Deno.test(`permutationTest() keeps its level with ${least} arrangements`, () => {
    const [at5, at1] = counts(([values, reference], seed) => {
      const permutations = drawsOf(most, least);
      const { p, arrangements } = known(permutationTest(values!, reference!, { seed, permutations }));
      assert.equal(arrangements, least);
      return [p <= 0.05, p <= 0.01];
    });
    assertLevel(at5!, 0.05);
    assertLevel(at1!, 0.01);
  });
}

for (const [most, least] of [[2000, 500], [499, 199]] as const) {
  Deno.test(`intervals of a mean and of a difference keep their level with ${least} resamples`, () => {
    const strata = SIZES.flatMap((size, stratum) => Array(size).fill(String(stratum)));
    const missed = counts(([values, reference], seed) => {
      const options = { seed, resamples: drawsOf(most, least) };
      const shares = [
        ...values!.map((value) => value / values!.length),
        ...reference!.map((value) => -value / reference!.length),
      ];
      return [
        known(bootstrapSums([Float64Array.from(values!)], ([sum]) => sum! / values!.length, options)),
        known(bootstrapSums(
          [Float64Array.from(shares)],
          ([difference]) => difference!,
          { ...options, comparesStrata: true },
          strata,
        )),
      ].map(({ interval: { lower, upper }, resamples }) => {
        assert.equal(resamples, least);
        return lower > 0 || upper < 0;
      });
    });
    for (const count of missed) assertLevel(count, 0.05);
  });
}
