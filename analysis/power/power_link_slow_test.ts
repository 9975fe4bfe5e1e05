/**
 * Compares the simulated power of yes-or-no and ordinal outcomes with simulations that glmer and clmm analyse.
 * The expected values come from `../testing/power_link_reference.R`.
 */
import assert from "node:assert/strict";
import type { Scale } from "../../core/annotation/scales/mod.ts";
import { ANALYSIS_DEFAULT, type AnalysisDesign } from "../../core/experiment/analysis_design.ts";
import { observationsWith } from "../outcomes/testing/mod.ts";
import { isUnavailable } from "../statistics/unavailable.ts";
import { type OutcomeSource, pilotStudy, type PlannedStudy, powerFrom, simulateExperiments } from "./mod.ts";

/** The test allows this many standard deviations. A larger difference occurs by chance in 1 of 2,000 comparisons. */
const DEVIATIONS = 3.5;

const [REPLICATIONS, EXPERIMENTS, EXPERIMENTS_OF_R] = [30, 500, 1000] as const;

type Case = Readonly<{
  scale: Scale;
  model: Partial<AnalysisDesign>;
  categoryOf: (value: number) => number | boolean;
  source: Pick<OutcomeSource, "intercept" | "categories" | "thresholds">;
  effect: number;
  found: number;
  halfWidth: number;
}>;

const CASES: Readonly<Record<"logistic" | "ordinal", Case>> = {
  logistic: {
    scale: { name: "rude", type: "boolean", question: "?" },
    model: {},
    categoryOf: (value) => value > 0,
    source: { intercept: 0.8, categories: [0, 1], thresholds: [0.4] },
    effect: 0.9,
    found: 0.766,
    halfWidth: 0.664136,
  },
  ordinal: {
    scale: { name: "tone", type: "ordinal", min: 1, max: 3, question: "?" },
    model: { model: { tone: "ordinal" } },
    categoryOf: (value) => 1 + [-1, 0.5].filter((cut) => value > cut).length,
    source: { intercept: 0.8, categories: [1, 2, 3], thresholds: [-1, 0.5] },
    effect: 0.8,
    found: 0.72,
    halfWidth: 0.617677,
  },
};

/**
 * A study of conditions that are not matched. Its outcome is drawn with known parameters, not with a pilot's
 * estimates.
 */
function studyOf({ scale, model, categoryOf, source, effect }: Case): PlannedStudy {
  const factors = { moderator: ["none", "gentle"] };
  const drawn = observationsWith({
    ...{ seed: "pilot", factors, replications: 6, comments: 6 },
    ...{ scales: [scale.name], matched: false },
  });
  const observations = drawn.map((observation) => ({
    ...observation,
    judgements: observation.judgements.map((judgements) => ({
      ...judgements,
      scale,
      values: judgements.values.map((list) =>
        list.map((value) => value === null ? null : categoryOf(Number(value)))
      ),
    })),
  }));
  const analysis = { ...ANALYSIS_DEFAULT, outcomes: [scale.name], ...model };
  const pilot = pilotStudy(observations, analysis, factors);
  const sources = pilot.sources.map(({ outcome, source: estimated }) => {
    assert(!isUnavailable(estimated), JSON.stringify(estimated));
    return { outcome, source: { ...estimated, coefficients: {}, ...source } };
  });
  return { pilot: { ...pilot, sources }, effects: [effect], seed: "42" };
}

for (const kind of ["logistic", "ordinal"] as const) {
  Deno.test(`experiments with a ${kind} model have the power that R's mixed models give them`, () => {
    const { found, halfWidth, ...rest } = CASES[kind];
    const study = studyOf({ ...rest, found, halfWidth });
    assert.deepEqual(
      study.pilot.tests.map(({ plan, unit }) => [plan.method, unit]),
      [[`${kind}-mixed-model`, "log-odds"]],
    );
    const tally = simulateExperiments(study, { replications: REPLICATIONS, from: 0, to: EXPERIMENTS });
    assert(!isUnavailable(tally), JSON.stringify(tally));
    const [test] = powerFrom(study, REPLICATIONS, tally).tests;
    assert.equal(test!.failed, 0);
    const error = Math.sqrt(found * (1 - found) * (1 / EXPERIMENTS + 1 / EXPERIMENTS_OF_R));
    const { share } = test!.found;
    assert.ok(Math.abs(share - found) < DEVIATIONS * error, `${share}, not ${found}`);
    // Robust intervals are a little wider than the intervals of the R packages, because they are corrected for
    // few clusters.
    const wider = test!.halfWidth! / halfWidth - 1;
    assert.ok(wider > -0.01 && wider < 0.06, `${test!.halfWidth}, not ${halfWidth}`);
  });
}
