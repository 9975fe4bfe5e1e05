/**
 * Compares simulated power with formulas, with simulations that lmerTest analyses, and with the level if there
 * is no effect. The expected values come from `../testing/power_reference.R`.
 */
import assert from "node:assert/strict";
import { ANALYSIS_DEFAULT, type AnalysisDesign } from "../../core/experiment/analysis_design.ts";
import { observationsWith, type RandomDiscussions } from "../outcomes/testing/mod.ts";
import { isUnavailable } from "../statistics/unavailable.ts";
import { pilotStudy, type PlannedStudy, powerFrom, simulateExperiments, type StudyPower } from "./mod.ts";

/** The test allows this many standard deviations. A larger difference occurs by chance in 1 of 2,000 comparisons. */
const DEVIATIONS = 3.5;

const DISCUSSIONS: RandomDiscussions = {
  seed: "pilot",
  factors: { moderator: ["none", "gentle"] },
  replications: 6,
  comments: 5,
  scales: ["toxicity"],
  matched: true,
  measured: true,
};

const ORDER = { moderator: ["none", "gentle"], model: ["small", "big"] };

/** A study whose outcomes are drawn with known parameters instead of the pilot's estimates. */
function studyOf(
  discussions: Partial<RandomDiscussions>,
  analysis: Partial<AnalysisDesign>,
  { effects, ...parameters }: Readonly<Record<string, number | readonly number[]>>,
): PlannedStudy {
  const observations = observationsWith({ ...DISCUSSIONS, ...discussions });
  const own = { ...ANALYSIS_DEFAULT, outcomes: ["toxicity"], ...analysis };
  const order = Object.fromEntries(
    Object.entries(ORDER).filter(([name]) => Object.hasOwn(discussions.factors ?? DISCUSSIONS.factors, name)),
  );
  const pilot = pilotStudy(observations, own, order);
  const sources = pilot.sources.map(({ outcome, source }) => {
    assert(!isUnavailable(source), JSON.stringify(source));
    return { outcome, source: { ...source, coefficients: {}, ...parameters } };
  });
  return { pilot: { ...pilot, sources }, effects: effects as readonly number[], seed: "42" };
}

function powerAt(study: PlannedStudy, replications: number, experiments: number): StudyPower {
  const tally = simulateExperiments(study, { replications, from: 0, to: experiments });
  assert(!isUnavailable(tally), JSON.stringify(tally));
  return powerFrom(study, replications, tally);
}

/**
 * @param ofExpected The number of experiments that the expected share comes from; infinite if it comes from a
 *   formula.
 */
function assertShare(share: number, expected: number, experiments: number, ofExpected = Infinity): void {
  const variance = expected * (1 - expected) * (1 / experiments + 1 / ofExpected);
  assert.ok(Math.abs(share - expected) < DEVIATIONS * Math.sqrt(variance), `${share}, not ${expected}`);
}

/** Replications → power by `power.t.test` of R, for differences with a variance of 2 × (0.5 + 1 / 5). */
const CLOSED = {
  pairs: [[8, 0.304325], [20, 0.7089415]],
  equivalence: [[20, 0.79488], [40, 0.98972]],
  discussions: 0.752921,
} as const;

/** Shares of simulated experiments in which lmerTest finds the effect: without a correction, and with Holm's. */
const LMER = {
  experiments: 500,
  tests: [[0.564, 0.42], [0.346, 0.224], [0.472, 0.336]],
  any: 0.642,
  all: 0.078,
} as const;

const PAIRS = { block: 0.25, intercept: 0.5, slope: 0, correlation: 0, residual: 1 };

Deno.test("matched pairs of discussions have the power of the paired t test", () => {
  const study = studyOf({}, {}, { effects: [0.7], ...PAIRS });
  assert.deepEqual(study.pilot.tests.map(({ plan }) => plan.method), ["paired"]);
  for (const [replications, power] of CLOSED.pairs) {
    assertShare(powerAt(study, replications, 1000).tests[0]!.found.share, power, 1000);
  }
});

Deno.test("equivalence in matched pairs has the power of two one-sided t tests", () => {
  const study = studyOf({}, { margin: { toxicity: 0.8 } }, { effects: [0], ...PAIRS });
  for (const [replications, power] of CLOSED.equivalence) {
    assertShare(powerAt(study, replications, 1000).tests[0]!.equivalent!.share, power, 1000);
  }
});

Deno.test("figures of whole discussions have the power of Student's t test", () => {
  const study = studyOf({ matched: false }, { outcomes: ["evenness"] }, {
    effects: [1],
    block: 0,
    residual: 1,
  });
  assert.deepEqual(study.pilot.tests.map(({ plan }) => plan.method), ["linear-model"]);
  assertShare(powerAt(study, 15, 1000).tests[0]!.found.share, CLOSED.discussions, 1000);
});

Deno.test("without any effect, a family of declared tests finds one only as often as its level allows", () => {
  const effects = [["moderator"], ["moderator", "turn"]];
  const nothing = {
    effects: [0, 0],
    block: 0.25,
    intercept: 0.5,
    slope: 0.04,
    correlation: 0.3,
    residual: 1,
  };
  const study = studyOf({}, { effects }, nothing);
  const { tests } = powerAt(study, 10, 400);
  assert.deepEqual(tests.map(({ goal }) => goal), [null, null]);
  for (const { uncorrected, found, failed } of tests) {
    assertShare(uncorrected.share, 0.05, 400);
    assert.ok(found.share <= uncorrected.share && failed === 0);
  }
});

Deno.test("interactions and changes through turns have the power that lmerTest has, with Holm's correction", () => {
  const effects = [["moderator"], ["moderator", "model"], ["moderator", "turn"]];
  const study = studyOf({ factors: ORDER, comments: 6 }, { effects, test: "mixed-model" }, {
    effects: [0.6, 0.8, 0.2],
    block: 0.25,
    intercept: 0.5,
    slope: 0.04,
    correlation: 0.3,
    residual: 1,
  });
  const { tests, any, all } = powerAt(study, 10, 300);
  for (const [at, [alone, corrected]] of LMER.tests.entries()) {
    assertShare(tests[at]!.uncorrected.share, alone, 300, LMER.experiments);
    assertShare(tests[at]!.found.share, corrected, 300, LMER.experiments);
  }
  assertShare(any.share, LMER.any, 300, LMER.experiments);
  assertShare(all.share, LMER.all, 300, LMER.experiments);
});
