import assert from "node:assert/strict";
import {
  isUnavailable,
  type ModelData,
  type Power,
  powerOf,
  type PowerQuestion,
  replicationsFor,
  type Unavailable,
} from "../mod.ts";

// Expected values: statsmodels 0.14.6 (TTestIndPower) and SciPy 1.17.1, computed by ../testing/power_reference.py.

const ROWS = 5;
const GROUPS = [...Array(8).keys()].flatMap((group) => new Array<number>(ROWS).fill(group));

/** The same pilot as in the script: four groups in each arm, five rows in each group. */
const PILOT: ModelData = {
  outcome: GROUPS.map((group, row) => (group * 7) % 5 + ((row % ROWS) ** 2 + group) % 4),
  group: GROUPS.map(String),
  predictors: { arm: { values: GROUPS.map((group) => group < 4 ? "a" : "b"), reference: "a" } },
};

const QUESTION: PowerQuestion = {
  pilot: PILOT,
  coefficient: "arm[b]",
  effect: 2,
  seed: "42",
  simulations: 1000,
};

function found(result: Power | Unavailable): Power {
  assert(!isUnavailable(result), JSON.stringify(result));
  return result;
}

for (
  const [replications, power, halfWidth] of [
    [5, 0.248738653041351, 3.0832194949250273],
    [12, 0.5744288984100185, 1.8256790686461404],
    [30, 0.9372681530128238, 1.1223715405916783],
  ] as const
) {
  Deno.test(`powerOf() comes near the known power and precision of ${replications} replications`, () => {
    const result = found(powerOf(QUESTION, replications));
    // Four standard deviations: of a share of 1,000, and of a mean of 1,000 half-widths, each known to 1 / √(2 df).
    const distance = 4 * Math.sqrt(power * (1 - power) / 1000);
    assert.ok(Math.abs(result.power - power) < distance, `${result.power}, not ${power}`);
    assert.ok(result.powerInterval.lower < result.power && result.power < result.powerInterval.upper);
    const ofMean = 4 / Math.sqrt(2 * (2 * replications - 2) * 1000);
    assert.ok(Math.abs(result.halfWidth / halfWidth - 1) < ofMean, `${result.halfWidth}, not ${halfWidth}`);
    assert.deepEqual([result.replications, result.simulations, result.failed], [replications, 1000, 0]);
  });
}

Deno.test("replicationsFor() finds about the number that statsmodels solves for", () => {
  const { replications, power } = found(replicationsFor({ ...QUESTION, simulations: 500 }, { power: 0.8 }));
  // statsmodels gives 19.7. Each replication adds 0.016 of power here; 500 simulations estimate power to ±0.05 at worst.
  assert.ok(Math.abs(replications - 20) <= 3, `${replications}`);
  assert.ok(power >= 0.8);
});

Deno.test("replicationsFor() finds the number for a half-width", () => {
  // SciPy: 1.387 at 20 replications, 1.122 at 30.
  const narrow = found(replicationsFor({ ...QUESTION, simulations: 200 }, { halfWidth: 1.39 }));
  assert.ok(Math.abs(narrow.replications - 20) <= 1, `${narrow.replications}`);
});

Deno.test("replicationsFor() reports the power of the greatest allowed number if that power is too small", () => {
  const result = replicationsFor({ ...QUESTION, simulations: 100 }, { power: 0.8 }, 5);
  assert.match(
    (result as Unavailable).unavailable,
    /^5 replications give a power of 0\.[123]\d and a half-width of [23]\.\d\d$/,
  );
});

Deno.test("powerOf() keeps a pilot's covariates, their centres and interactions", () => {
  const turns = GROUPS.map((_group, row) => row % ROWS);
  const pilot: ModelData = {
    ...PILOT,
    predictors: { ...PILOT.predictors, turn: { values: turns, centred: true } },
    terms: [["arm"], ["turn"], ["arm", "turn"]],
  };
  const asked = { ...QUESTION, pilot, coefficient: "arm[b]:turn", simulations: 200 };
  // An effect of four half-widths is found almost always; an effect of 0, in 1 of 20 experiments.
  const { power, halfWidth } = found(powerOf({ ...asked, effect: 0 }, 20));
  assert.ok(power < 0.1, `${power}`);
  const strong = found(powerOf({ ...asked, effect: 4 * halfWidth }, 20));
  assert.equal(strong.power, 1);
});

Deno.test("powerOf() and replicationsFor() give equal results to equal seeds", () => {
  const asked = { ...QUESTION, simulations: 100 };
  assert.deepEqual(powerOf(asked, 6), powerOf(asked, 6));
  const { replications } = found(replicationsFor(asked, { power: 0.3 }));
  assert.deepEqual(replicationsFor(asked, { power: 0.3 }), powerOf(asked, replications));
  assert.notEqual(found(powerOf({ ...asked, seed: "43" }, 6)).halfWidth, found(powerOf(asked, 6)).halfWidth);
});

Deno.test("powerOf() and replicationsFor() return a reason if the pilot has too few groups", () => {
  const pilot = { ...PILOT, group: PILOT.group.map(() => "0") };
  const reason = {
    unavailable: "all rows are in one group, so the variance between groups cannot be estimated",
  };
  assert.deepEqual(powerOf({ ...QUESTION, pilot }, 10), reason);
  assert.deepEqual(replicationsFor({ ...QUESTION, pilot }, { power: 0.8 }), reason);
});

Deno.test("powerOf() and replicationsFor() refuse unknown coefficients and impossible numbers", () => {
  assert.throws(() => powerOf({ ...QUESTION, coefficient: "arm[c]" }, 10), {
    message: 'The model has no coefficient "arm[c]": expected one of Intercept, arm[b]',
  });
  for (const replications of [1, 2.5, NaN]) assert.throws(() => powerOf(QUESTION, replications), RangeError);
  for (const target of [{ power: 1 }, { power: 0 }, { halfWidth: 0 }, { halfWidth: NaN }]) {
    assert.throws(() => replicationsFor(QUESTION, target), RangeError);
  }
});
