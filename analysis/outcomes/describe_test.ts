import assert from "node:assert/strict";
import { FIRST } from "../testing/mod.ts";
import { isUnavailable, type Unavailable } from "../statistics/unavailable.ts";
import type { Interval } from "../statistics/distributions.ts";
import {
  binsOf,
  bootstrapped,
  describe,
  descriptionsOf,
  groupings,
  meanEstimate,
  type Observation,
  ofStudentsT,
  outcomeValues,
  placesPerBin,
  sharesIn,
  stepBins,
  timeCourse,
  wholeBins,
} from "./mod.ts";

const near = (found: unknown, expected: number) =>
  assert.ok(typeof found === "number" && Math.abs(found - expected) < 1e-9, `${found}, not ${expected}`);

function assertInterval(found: Interval | Unavailable, lower: number, upper: number): void {
  assert(!isUnavailable(found), JSON.stringify(found));
  near(found.lower, lower);
  near(found.upper, upper);
}

Deno.test("describe() agrees with figures that were calculated by hand", () => {
  const found = describe([[1, 2], [], [3, 4, 8]], bootstrapped({ seed: "42" }));
  assert.deepEqual([found.discussions, found.values], [2, 5]);
  near(found.mean, 18 / 5);
  near(found.deviation, Math.sqrt(29.2 / 4));
  near(found.deviationBetween, 3.5 / Math.SQRT2);
  assert.deepEqual([found.median, found.least, found.greatest], [3, 1, 8]);
  assert(!isUnavailable(found.interval));
  // The bootstrap draws two of two discussions with replacement, so the mean has one of three values.
  assert.deepEqual([found.interval.lower, found.interval.upper], [1.5, 5]);
});

Deno.test("describe() returns a reason for each figure that it cannot compute", () => {
  const none = { unavailable: "there are no values" };
  const empty = describe([[], []], bootstrapped({ seed: "42" }));
  assert.deepEqual([empty.discussions, empty.values, empty.mean, empty.interval], [0, 0, none, none]);
  const one = describe([[5]], bootstrapped({ seed: "42" }));
  assert.deepEqual([one.mean, one.median], [5, 5]);
  assert.deepEqual([one.deviation, one.deviationBetween], [
    { unavailable: "there is one value" },
    { unavailable: "there is one discussion" },
  ]);
  assert.ok(isUnavailable(one.interval));
  const wrong = describe([[NaN, 1]], bootstrapped({ seed: "42" }));
  assert.deepEqual(wrong.median, { unavailable: "value 1 of 2 is NaN, which is not finite or is too large" });
});

// Expected intervals: scipy.stats.t.interval of SciPy 1.17.1.
Deno.test("meanEstimate() gives SciPy's interval of Student's t", () => {
  const { discussions, mean, interval } = meanEstimate(FIRST, 0.95);
  assert.equal(discussions, 10);
  near(mean, 0.75);
  assertInterval(interval, -0.5297804135262318, 2.0297804135262316);
  assertInterval(ofStudentsT(0.9)([[3], [4], [8]]), 0.5396483499498297, 9.460351650050168);
});

Deno.test("descriptionsOf() cuts intervals of means at the limits of the outcome", () => {
  const value = (value: number) => [{ value, time: null, position: null }];
  const outcome = {
    ...{
      name: "silence-rate",
      declared: true,
      unit: "discussion",
      scale: null,
      comments: null,
      silences: "exclude",
      missing: 0,
      missingIn: new Uint32Array(2),
    } as const,
    values: outcomeValues([value(0), value(0.1)]),
  };
  const all = { by: null, groups: [{ name: "all", members: [0, 1] }], reference: null };
  const [described] = descriptionsOf(outcome, all, { seed: "1", level: 0.95 });
  // The upper end is the mean plus 12.7062 standard errors (Student's t with one degree of freedom). The lower
  // end is cut.
  assertInterval(described!.interval, 0, 0.05 + 12.7062047364 * 0.05);
});

Deno.test("meanEstimate() returns a reason if there is no interval", () => {
  assert.deepEqual(meanEstimate([2], 0.95), {
    discussions: 1,
    mean: 2,
    interval: {
      unavailable: "there is one discussion, so the variance between discussions cannot be estimated",
    },
  });
  assert.deepEqual(meanEstimate([0.1, 0.1, 0.1], 0.95).interval, {
    unavailable: "all discussions have the same value",
  });
  assert.deepEqual(meanEstimate([], 0.95).mean, { unavailable: "no discussion has a value" });
});

Deno.test("timeCourse() averages the values of each discussion at a point, then averages over discussions", () => {
  const at = (time: number | null, value: number) => ({ time, value, position: 0 });
  const values = outcomeValues([[at(9, 9)], [at(0, 1), at(0, 3), at(2, 5)], [at(0, 4), at(null, 9)], []]);
  const points = timeCourse(values, [1, 2, 3], { width: 1, level: 0.95 });
  assert.deepEqual(points.map(({ from, to, discussions, mean }) => [from, to, discussions, mean]), [
    [0, 0, 2, 3],
    [2, 2, 1, 5],
  ]);
  const wide = timeCourse(values, [1, 2, 3], { width: 3, level: 0.95 });
  assert.deepEqual(wide.map(({ from, to, discussions, mean }) => [from, to, discussions, mean]), [
    [0, 2, 2, 3.5],
  ]);
});

Deno.test("placesPerBin() makes at most forty points", () => {
  const through = (places: number) => ({ times: Float64Array.from({ length: places }, (_, time) => time) });
  assert.deepEqual([0, 40, 41, 80, 81].map((places) => placesPerBin(through(places))), [1, 1, 2, 2, 3]);
});

Deno.test("binsOf() follows Freedman and Diaconis within its limits", () => {
  // By hand: the quartiles of 0 to 999 are 249.25 and 749.75, and 2 × 500.5 / 10 = 100.1.
  const bins = binsOf(Array.from({ length: 1000 }, (_, value) => value));
  assert.equal(bins.length, 10);
  assert.deepEqual([bins[0]!.from, bins.at(-1)!.to], [0, 999]);
  assert.equal(binsOf([0, 1, 2, 3]).length, 5);
  assert.equal(binsOf([0, ...Array(20).fill(5), 9]).length, 30, "quartiles that are equal");
  assert.deepEqual(binsOf([2, 2]), []);
  assert.deepEqual(binsOf([]), []);
});

Deno.test("wholeBins() makes bins of whole width that cover every value", () => {
  assert.deepEqual(wholeBins([17, 19]), [{ from: 16.5, to: 17.5 }, { from: 17.5, to: 18.5 }, {
    from: 18.5,
    to: 19.5,
  }]);
  const wide = wholeBins([0, 100]);
  assert.deepEqual([wide[0], wide.at(-1)], [{ from: -0.5, to: 3.5 }, { from: 99.5, to: 103.5 }]);
  assert.deepEqual([wholeBins([4, 4]), wholeBins([])], [[], []]);
});

Deno.test("sharesIn() puts every value into one bin", () => {
  assert.deepEqual(sharesIn([1, 2.5, 3, 2.4], stepBins(1, 3)), [0.25, 0.25, 0.5]);
  const bins = [{ from: 0, to: 0.1 }, { from: 0.1, to: 0.2 }, { from: 0.2, to: 0.3 }];
  assert.deepEqual(sharesIn([0, 0.1, 0.2, 0.3], bins), [0.25, 0.25, 0.5]);
});

Deno.test("groupings() groups by analysed factors, and by conditions if these divide the discussions differently", () => {
  const at = (arm: string, model: string, condition = `${arm}-${model}`) =>
    ({ run: "r", condition, factors: { arm, model } }) as unknown as Observation;
  const crossed = [at("b", "x"), at("a", "x"), at("b", "y"), at("a", "y")];
  const found = (...args: Parameters<typeof groupings>) =>
    groupings(...args).map(({ by, groups, reference }) =>
      `${by} (${reference}): ${groups.map(({ name, members }) => `${name} ${members}`).join("; ")}`
    );
  const conditions = "condition (b-x): b-x 0; b-y 2; a-x 1; a-y 3";
  assert.deepEqual(found(crossed, { effects: null, reference: { arm: "b" } }, {}), [
    "arm (b): b 0,2; a 1,3",
    "model (x): x 0,1; y 2,3",
    conditions,
  ]);
  assert.deepEqual(found(crossed, { effects: [["arm", "turn"]], reference: {} }, { arm: ["b", "a"] }), [
    "arm (b): b 0,2; a 1,3",
    conditions,
  ]);
  assert.deepEqual(found(crossed.slice(0, 2), { effects: null, reference: {} }, {}), ["arm (a): a 1; b 0"]);
  assert.deepEqual(found([crossed[0]!], { effects: null, reference: {} }, {}), [
    "null (null): all discussions 0",
  ]);
});
