/** What becomes of a statement that the server finishes after its connection broke. */
import assert from "node:assert/strict";
import { sampleRun } from "../../../core/testing/sample_run.ts";
import { parseAddress } from "./address.ts";
import { Connection } from "./connection.ts";
import { postgresRun } from "./postgres_run.ts";
import { databaseTest } from "./testing/database.ts";
import { startProxy } from "./testing/proxy.ts";

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

databaseTest(
  "append() finds its lines when the server finishes the statement of a broken connection while it is sent again",
  async (address) => {
    const { port } = new URL(address);
    const proxy = startProxy(Number(port));
    const place = `${address.replace(port, String(proxy.port))}/sample`;
    const run = await postgresRun(place).join({ run: sampleRun() });
    for (const stream of ["a", "b"]) {
      await run.claim(stream);
      await run.store.append(stream, 0, ["0"]);
    }
    const other = new Connection(parseAddress(address), { max: 1, isKept: true });
    const counting = new Connection(parseAddress(address), { max: 1, isKept: true });
    let appends: Promise<unknown>;
    await other.once(async (sql) => {
      // Both statements wait for this lock. So each sees the streams as they were before.
      await sql`select from syndisco.claims for update`;
      const lost = proxy.lose("answer", "line 1");
      appends = Promise.all(["a", "b"].map((stream) => run.store.append(stream, 1, ["line 1"])));
      appends.catch(() => {});
      await lost;
      for (let waiting = 0; waiting < 2; await pause(20)) {
        [{ waiting }] = await counting.run((sql) =>
          sql`
          select count(*)::int as waiting from pg_stat_activity where wait_event_type = 'Lock' and query ~ 'wanted'`
        ) as unknown as [{ waiting: number }];
      }
    });
    await appends!;
    await run.close();
    for (const connection of [other, counting]) await connection.end();
    proxy.close();
    const { store } = await postgresRun(`${address}/sample`).read();
    for (const stream of ["a", "b"]) {
      assert.deepEqual(await Array.fromAsync(store.read(stream)), ["0", "line 1"]);
    }
  },
);
