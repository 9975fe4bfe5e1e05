import assert from "node:assert/strict";
import { compareOutcomes, type Observation } from "../../analysis/outcomes/mod.ts";
import { CROSSED, observationsWith } from "../../analysis/outcomes/testing/mod.ts";
import { ANALYSIS_DEFAULT, type AnalysisDesign } from "../../core/experiment/analysis_design.ts";
import { BrokenWorker } from "../testing/broken_worker.ts";
import { compareOnCores } from "./compare_on_cores.ts";

const ANALYSIS: AnalysisDesign = {
  ...ANALYSIS_DEFAULT,
  outcomes: ["toxicity"],
  effects: [["moderator"], ["model"], ["moderator", "model"], ["turn", "moderator"]],
};

const OPTIONS = { seed: "42", declared: "before" } as const;

/** All figures that are computed when they are read. */
function allFigures(observations: readonly Observation[], analysis: AnalysisDesign) {
  return structuredClone(compareOutcomes(observations, analysis, OPTIONS));
}

Deno.test("compareOnCores() gives the same figures with any number of workers", async () => {
  const expected = allFigures(CROSSED, ANALYSIS);
  assert.ok(expected.multiverses.length > 0);
  for (const workers of [0, 1, 3]) {
    const warn = (line: string) => assert.fail(line);
    const found = await compareOnCores(CROSSED, ANALYSIS, OPTIONS, { workers, warn });
    assert.deepEqual(structuredClone(found), expected);
  }
});

Deno.test("compareOnCores() gives the same figures of more discussions than a multiverse may have", async () => {
  const factors = { moderator: ["none", "gentle"] };
  const random = { seed: "7", factors, replications: 2501, comments: 1, scales: ["toxicity"], matched: true };
  const observations = observationsWith(random);
  const analysis = { ...ANALYSIS, effects: [["moderator"]] };
  const found = await compareOnCores(observations, analysis, OPTIONS, { workers: 1 });
  assert.deepEqual(structuredClone(found), allFigures(observations, analysis));
});

Deno.test("compareOnCores() sends comments to workers if only incomplete discussions are too many for a multiverse", async () => {
  const factors = { moderator: ["none", "gentle"] };
  const random = { seed: "7", factors, replications: 30, comments: 4, scales: ["toxicity"], matched: true };
  const completed = observationsWith(random);
  const incomplete = { ...completed[0]!, end: "aborted" } as const;
  const observations = [...completed, ...Array.from({ length: 5000 }, () => incomplete)];
  const analysis: AnalysisDesign = { ...ANALYSIS, effects: [["moderator"]], silences: "include" };
  const warn = (line: string) => assert.fail(line);
  const found = await compareOnCores(observations, analysis, OPTIONS, { workers: 1, warn });
  assert.deepEqual(structuredClone(found), allFigures(observations, analysis));
});

Deno.test("compareOnCores() fails with the error of this thread, not of the workers that it then ends", async () => {
  const looks = [{ run: "first", history: null, ended: 1, planned: 1 }] as never;
  await assert.rejects(
    compareOnCores(CROSSED, ANALYSIS, { ...OPTIONS, looks }, { workers: 2 }),
    TypeError,
  );
});

Deno.test("compareOnCores() compares outcomes itself if workers fail, and says so once", async () => {
  const { Worker } = globalThis;
  globalThis.Worker = BrokenWorker as unknown as typeof Worker;
  const factors = { moderator: ["none", "gentle"] };
  const random = { seed: "7", factors, replications: 5, comments: 4, scales: ["toxicity"], matched: true };
  const observations = observationsWith({ ...random, measured: true });
  const analysis: AnalysisDesign = { ...ANALYSIS, effects: [["moderator"]] };
  try {
    const warnings: string[] = [];
    const warn = (line: string) => warnings.push(line);
    const found = await compareOnCores(observations, analysis, OPTIONS, { workers: 2, warn });
    const expected = allFigures(observations, analysis);
    assert.deepEqual(structuredClone(found), expected);
    const { length } = expected.outcomes;
    assert.ok(length > 4);
    assert.deepEqual(warnings, [
      `Compared ${length} of ${length} outcomes without workers, which takes longer and loses nothing, because ` +
      "workers failed: Cannot compare outcomes: a worker failed: it is broken",
    ]);
  } finally {
    globalThis.Worker = Worker;
  }
});
