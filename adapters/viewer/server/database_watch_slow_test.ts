import assert from "node:assert/strict";
import { sampleRun } from "../../../core/testing/sample_run.ts";
import { postgresRun } from "../../stores/postgres/mod.ts";
import { databaseTest } from "../../stores/postgres/testing/database.ts";
import { systemClock } from "../../system.ts";
import { WorkerIndex } from "../index/mod.ts";
import { chained, eventsOf, nameOf } from "../index/testing/many_logs.ts";
import { ViewedRun } from "./viewed_run.ts";
import { RunWatch } from "./watch_runs.ts";

const HOUR_MS = 3_600_000;

/**
 * The test asks for the list after each pause of this length, in milliseconds. This reads nothing from the
 * database.
 */
const TRY_MS = 20;
const TRIES_MAX = 3_000;

databaseTest(
  "RunWatch shows new and longer discussions of a database when a notice comes",
  async (database) => {
    const place = `${database}/sample`;
    const writer = await postgresRun(place).open(sampleRun());
    const index = new WorkerIndex(null);
    const rows = async () => (await index.list({})).rows.map(({ discussion, turns }) => [discussion, turns]);
    const watch = new RunWatch({
      runs: [new ViewedRun("sample", postgresRun(place))],
      index,
      notify: () => {},
      clock: systemClock,
      // So the watch checks the run only after notices.
      timing: { openMs: HOUR_MS, allMsMin: HOUR_MS, allMsMax: HOUR_MS },
    });
    const ended = new AbortController();
    const first = Promise.withResolvers<void>();
    const watching = watch.run(ended.signal, first.resolve);
    await first.promise;
    const lines = chained(nameOf(7), eventsOf(7));
    for (const [from, to, turns] of [[0, 3, 2], [3, 4, 3]] as const) {
      await writer.store.append(nameOf(7), from, lines.slice(from, to));
      for (let tries = 0; tries < TRIES_MAX && (await rows())[0]?.[1] !== turns; tries++) {
        await systemClock.sleep(TRY_MS);
      }
      assert.deepEqual(await rows(), [[nameOf(7), turns]]);
    }
    ended.abort();
    await watching;
    await index.close();
    await writer.close();
  },
);
