import assert from "node:assert/strict";
import { sampleRun } from "../../../core/testing/sample_run.ts";
import { postgresLimitBoard } from "./limit_board.ts";
import { postgresRun } from "./postgres_run.ts";
import { databaseTest } from "./testing/database.ts";

databaseTest(
  "pausedModels() gives the pauses that all workers know, while a process writes to the run",
  async (database) => {
    const place = `${database}/sample`;
    const home = postgresRun(place);
    const writer = await home.open(sampleRun());
    assert.deepEqual(await home.pausedModels(), []);
    const board = postgresLimitBoard(place);
    const failed = {
      kind: "failed",
      cause: "rate-limited",
      reason: "wait a minute",
      waitMs: 60_000,
    } as const;
    await board.exchange({
      worker: "one",
      nth: 1,
      requestMs: 60_000,
      limits: {},
      pauses: { talker: failed },
    });
    const [paused, ...others] = await home.pausedModels();
    assert.deepEqual(others, []);
    const { until, ...pause } = paused!;
    assert.deepEqual(pause, { model: "talker", cause: "rate-limited", reason: "wait a minute" });
    assert.equal(new Date(until).toISOString(), until);
    await board.close();
    await writer.close();
    assert.deepEqual(await home.pausedModels(), []);
  },
);
