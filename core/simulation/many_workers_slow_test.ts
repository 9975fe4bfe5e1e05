import assert from "node:assert/strict";
import { SIMULATED_ON } from "../testing/environments.ts";
import { type ManyWorkersOptions, simulateManyWorkers } from "./mod.ts";

const OPTIONS: ManyWorkersOptions = {
  workers: 8,
  discussions: 64,
  slots: 64,
  latencyMs: 2_000,
  turnsPerJob: 20,
  costs: { parallel: 2, append: 0.2, appendedEvent: 0.05, job: 1.5, exchange: 0.3, network: 0.2 },
  countedMs: 60_000,
  settle: SIMULATED_ON.settle,
};

Deno.test("eight workers make at least 95 % of the turns that their model can give, and never exceed its limit", async () => {
  const { turns, turnsMax, inFlightMax, fewest, most } = await simulateManyWorkers(OPTIONS);
  assert.ok(turns >= 0.95 * turnsMax, `${turns} of ${turnsMax} turns a second`);
  assert.equal(inFlightMax, OPTIONS.slots);
  assert.ok(fewest >= 0.9 * most, `one worker made ${fewest} turns, another ${most}`);
});

Deno.test("if there are fewer slots than workers, the workers take turns, and most of the slots are used", async () => {
  const { turns, turnsMax, inFlightMax, fewest } = await simulateManyWorkers({ ...OPTIONS, workers: 100 });
  assert.ok(turns >= 0.85 * turnsMax, `${turns} of ${turnsMax} turns a second`);
  assert.ok(inFlightMax <= OPTIONS.slots);
  assert.ok(fewest > 0);
});

Deno.test("a few workers or many workers learn together how many requests a model takes", async () => {
  for (const workers of [8, 100]) {
    const learning = { workers, slots: 256, capacity: 64, isAdaptive: true, countedMs: 120_000 };
    const { turns, turnsMax } = await simulateManyWorkers({ ...OPTIONS, ...learning });
    assert.ok(turns >= 0.7 * turnsMax, `${workers} workers: ${turns} of ${turnsMax} turns a second`);
  }
});

Deno.test("with a database on two cores, five hundred workers still use the whole capacity of a large model", async () => {
  const many = { workers: 500, discussions: 16, slots: 8_000, countedMs: 5_000 };
  const { turns, turnsMax, exchanges, boardBusy } = await simulateManyWorkers({ ...OPTIONS, ...many });
  assert.ok(turns >= 0.95 * turnsMax, `${turns} of ${turnsMax} turns a second`);
  assert.ok(exchanges <= 520, `${exchanges} exchanges a second`);
  assert.ok(boardBusy < 0.8, `the board is busy for ${boardBusy} of the time`);
});
