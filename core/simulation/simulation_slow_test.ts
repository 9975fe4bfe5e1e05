import assert from "node:assert/strict";
import { SIMULATED_ON } from "../testing/environments.ts";
import { FAULTS, REACTIONS, simulate, type SimulationReport } from "./mod.ts";

/** How many seeds are tested. `deno task simulate --seeds N` can test more. */
const SEEDS = 2000;

const ANSWERS = ["plain", "silent", "empty", "enormous", "hostile", "unreadable", "thinking", "cut"] as const;

Deno.test(`with any faults, simulate() ends with the logs of an undisturbed run, for ${SEEDS} seeds`, async () => {
  const reports: SimulationReport[] = [];
  for (let seed = 0; seed < SEEDS; seed++) reports.push(await simulate(seed, SIMULATED_ON));
  const sum = (count: (report: SimulationReport) => number) =>
    reports.reduce((total, report) => total + count(report), 0);
  assert.deepEqual(FAULTS.filter((fault) => sum(({ faults }) => faults[fault]) === 0), []);
  assert.deepEqual(REACTIONS.filter((reaction) => sum(({ reactions }) => reactions[reaction]) === 0), []);
  assert.deepEqual(ANSWERS.filter((kind) => sum(({ answers }) => answers[kind] ?? 0) === 0), []);
});

Deno.test("simulate() gives the same report for the same seed, and different reports for different seeds", async () => {
  for (const seed of [1, 2, 3]) {
    assert.deepEqual(await simulate(seed, SIMULATED_ON), await simulate(seed, SIMULATED_ON));
  }
  assert.notDeepEqual(await simulate(1, SIMULATED_ON), await simulate(2, SIMULATED_ON));
});
