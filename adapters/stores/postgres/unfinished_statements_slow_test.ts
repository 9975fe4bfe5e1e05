/** Statements, and shares in a run, when a connection breaks at a bad moment. */
import assert from "node:assert/strict";
import { sampleRun } from "../../../core/testing/sample_run.ts";
import { parseAddress } from "./address.ts";
import { Connection } from "./connection.ts";
import { postgresRun } from "./postgres_run.ts";
import { databaseTest } from "./testing/database.ts";
import { startProxy } from "./testing/proxy.ts";
import { until } from "../../testing/until.ts";

databaseTest(
  "append() finds its lines if the server finishes a broken connection's statement while the statement is sent again",
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
      await sql`set local idle_in_transaction_session_timeout = 0`;
      // Both statements wait for this lock. So each sees the streams as they were before.
      await sql`select from syndisco.claims for update`;
      const lost = proxy.lose("answer", "line 1");
      appends = Promise.all(["a", "b"].map((stream) => run.store.append(stream, 1, ["line 1"])));
      appends.catch(() => {});
      await lost;
      await until("both statements wait", async () => {
        const [{ waiting }] = await counting.run((sql) =>
          sql`
          select count(*)::int as waiting from pg_stat_activity where wait_event_type = 'Lock' and query ~ 'wanted'`
        ) as unknown as [{ waiting: number }];
        return waiting === 2;
      });
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

databaseTest(
  "a process whose connection was cut keeps its share while another process joins",
  async (address) => {
    const { port } = new URL(address);
    const proxy = startProxy(Number(port));
    const place = `${address}/sample`;
    const cut = await postgresRun(`${address.replace(port, String(proxy.port))}/sample`).join({
      run: sampleRun(),
    });
    await cut.claim("a");
    // The first process cannot connect again before the other one has joined.
    proxy.close();
    const admin = new Connection(parseAddress(address), { max: 1, isKept: true });
    await admin.run((sql) =>
      sql`select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and datname = current_database()`
    );
    const other = await postgresRun(place).join();
    const writers = await admin.run((sql) => sql`select token from syndisco.writers`);
    const claims = await admin.run((sql) => sql`select stream from syndisco.claims`);
    assert.deepEqual([writers.length, claims.map(({ stream }) => stream)], [2, ["a"]]);
    await cut.close();
    await other.close();
    await admin.end();
  },
);

databaseTest("a connection that is cut before its first answer is opened again", async (address) => {
  const { port } = new URL(address);
  const proxy = startProxy(Number(port));
  await (await postgresRun(`${address}/sample`).open(sampleRun())).close();
  const lost = proxy.lose("question", "syndisco.");
  const reader = postgresRun(`${address.replace(port, String(proxy.port))}/sample`).read();
  const [{ manifest }] = await Promise.all([reader, lost]);
  assert.equal(manifest.fingerprint, sampleRun().manifest.fingerprint);
  proxy.close();
});
