import assert from "node:assert/strict";
import { ANALYSIS_DEFAULT, type AnalysisDesign } from "../../core/experiment/analysis_design.ts";
import { observationsWith } from "../outcomes/testing/mod.ts";
import { isUnavailable } from "../statistics/unavailable.ts";
import { lookRule } from "./look_rule.ts";
import {
  addTallies,
  type Experiments,
  pilotStudy,
  type PlannedStudy,
  powerCurve,
  powerFrom,
  type PowerTally,
  simulateExperiments,
  type StudyPower,
} from "./mod.ts";

/** A small study of two matched conditions and two outcomes, one of whole discussions. */
function smallStudy(test: AnalysisDesign["test"] = null): PlannedStudy {
  const observations = observationsWith({
    seed: "pilot",
    factors: { moderator: ["none", "gentle"] },
    replications: 4,
    comments: 3,
    scales: ["toxicity"],
    matched: true,
    measured: true,
  });
  const outcomes = ["toxicity", "evenness"];
  const analysis = { ...ANALYSIS_DEFAULT, outcomes, test, margin: { toxicity: 5 } };
  const pilot = pilotStudy(observations, analysis, { moderator: ["none", "gentle"] });
  return { pilot, effects: [0, 10], seed: "42" };
}

function known<T extends object>(value: T | Readonly<{ unavailable: string }>): T {
  assert(!isUnavailable(value), JSON.stringify(value));
  return value;
}

Deno.test("simulateExperiments() gives the same counts in one part or several, and finds a large effect", () => {
  const study = smallStudy();
  const simulate = (from: number, to: number) =>
    known(simulateExperiments(study, { replications: 8, from, to }));
  const whole = simulate(0, 8);
  const { halfWidths, squaredHalfWidths, ...counts } = whole.tests[0]!;
  const { halfWidths: sum, squaredHalfWidths: squares, ...others } = addTallies(
    simulate(0, 3),
    simulate(3, 8),
  ).tests[0]!;
  assert.ok(Math.abs(sum - halfWidths) < 1e-9 && Math.abs(squares - squaredHalfWidths) < 1e-9);
  assert.deepEqual(others, counts);
  // All experiments find the effect of ten. The other effect is 0: all experiments show that it is within a
  // margin of five.
  assert.deepEqual([whole.tests[1]!.found, whole.tests[0]!.equivalent, whole.all], [8, 8, 8]);
  assert.deepEqual(study.pilot.tests.map(({ plan }) => plan.method), ["paired", "paired"]);
});

Deno.test("simulateExperiments() permutes within replicates: four replicates are too few, and eight are enough", () => {
  const study = smallStudy("permutation");
  // There are 2ⁿ ways to swap the two discussions within n replicates. Two of them have a difference as large
  // as observed.
  for (const [replications, found] of [[4, 0], [8, 8]] as const) {
    const { tests } = known(simulateExperiments(study, { replications, from: 0, to: 8 }));
    assert.deepEqual([tests[1]!.found, tests[1]!.failed], [found, 0]);
  }
});

/** Counts by which the power is 0.04 for each replication, and the half-width of the interval is 1 / replications. */
function tallyOf(replications: number, experiments: number): PowerTally {
  const found = Math.min(experiments, Math.round(0.04 * replications * experiments));
  const halfWidths = experiments / replications;
  const test = {
    found,
    uncorrected: found,
    equivalent: 0,
    failed: 0,
    halfWidths,
    squaredHalfWidths: experiments / replications ** 2,
    intervals: experiments,
  };
  return { experiments, any: found, all: found, tests: [test, test] };
}

Deno.test("powerCurve() finds the smallest number of replications, and the power at numbers around it", async () => {
  const study = { ...smallStudy(), effects: [1, 0] };
  const search = { asked: [0], simulations: 1000 };
  const simulate = ({ replications, from, to }: Experiments) =>
    Promise.resolve(tallyOf(replications, to - from));
  const find = async (target: { power: number } | { halfWidth: number }, max?: number) =>
    (await powerCurve(study, { ...search, target, ...max === undefined ? {} : { max } }, simulate)).answer;
  assert.equal((known(await find({ power: 0.8 })) as StudyPower).replications, 20);
  assert.equal((known(await find({ halfWidth: 0.1 })) as StudyPower).replications, 10);
  assert.deepEqual(await find({ power: 0.9 }, 10), {
    unavailable: "10 replications give a power of 0.40 and a half-width of 0.100",
  });
  const without = (experiments: Experiments) =>
    simulate(experiments).then(({ tests, ...counts }) => ({
      ...counts,
      tests: tests.map((test) => ({ ...test, halfWidths: 0, squaredHalfWidths: 0, intervals: 0 })),
    }));
  const { answer, curve: tried } = await powerCurve(
    study,
    { ...search, target: { halfWidth: 0.1 }, max: 10 },
    without,
  );
  assert.deepEqual(tried.map(({ replications }) => replications), [2, 4, 8, 10]);
  assert.deepEqual(answer, { unavailable: "10 replications give a power of 0.40 and no interval" });
  // All experiments were simulated only for the answer and for the number of replications next to it.
  const around = await powerCurve(study, { ...search, target: { power: 0.8 } }, simulate);
  assert.deepEqual(
    around.curve.map(({ replications, simulations }) => [replications, simulations]),
    [[5, 200], [10, 200], [15, 200], [19, 1000], [20, 1000], [30, 200]],
  );
  const { curve } = await powerCurve(study, { ...search, target: { replications: 12 } }, simulate);
  assert.deepEqual(
    curve.map(({ replications, discussions, tests }) => [replications, discussions, tests[0]!.found.share]),
    [[3, 6, 0.12], [6, 12, 0.24], [9, 18, 0.36], [12, 24, 0.48], [18, 36, 0.72]],
  );
});

Deno.test("powerFrom() computes the interval of the mean half-width", () => {
  // Half-widths of 1, 2, 3 and 4: R's mean(x) ± qnorm(0.975) * sd(x) / sqrt(4).
  const widths = { halfWidths: 10, squaredHalfWidths: 30, intervals: 4 };
  const test = { found: 0, uncorrected: 0, equivalent: 0, failed: 0, ...widths };
  const { tests } = powerFrom(smallStudy(), 2, { experiments: 4, any: 0, all: 0, tests: [test, test] });
  const { halfWidth, halfWidthInterval } = tests[0]!;
  assert.equal(halfWidth, 2.5);
  assert.ok(Math.abs(halfWidthInterval!.lower - 1.234848849) < 1e-6, `${halfWidthInterval!.lower}`);
  assert.ok(Math.abs(halfWidthInterval!.upper - 3.765151151) < 1e-6);
});

Deno.test("lookRule() gives the threshold of p at the last of the declared looks", () => {
  // The published boundary of the last of two looks is 1.969 standard deviations.
  const two = lookRule({ level: 0.95, looks: [50, 100] }, 1)!;
  assert.equal(two.nominal.toFixed(3), "0.049");
  const interval = { level: 0.95, lower: 0, upper: 1 };
  const figures = {
    estimate: 1,
    standardError: 1,
    df: null,
    interval,
    p: two.nominal,
    discussions: 2,
    values: 2,
  };
  const { figures: repeated } = two.repeated({ figures, equivalence: null });
  assert(!isUnavailable(repeated));
  assert.equal(repeated.p.toFixed(3), "0.050");
  assert.equal(lookRule({ level: 0.95 }, 1), null);
});
