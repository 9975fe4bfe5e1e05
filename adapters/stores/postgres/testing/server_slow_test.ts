/** The private servers of tests: their data outlive a stop and a kill. */
import assert from "node:assert/strict";
import postgres from "npm:postgres@3.4.9";
import { databaseTest } from "./database.ts";
import { needsServer, startServer } from "./server.ts";

async function answer(address: string, query: string): Promise<unknown> {
  const sql = postgres(address, { max: 1 });
  try {
    return (await sql.unsafe(query)).at(-1);
  } finally {
    await sql.end();
  }
}

databaseTest("each test has a database of its own", async (address) => {
  assert.deepEqual({
    ...await answer(
      address,
      "select count(*)::int as tables from pg_tables where schemaname = 'public'",
    ) as object,
  }, { tables: 0 });
  await answer(address, "create table here (n int)");
});

databaseTest("each test has a database of its own, also the second one", async (address) => {
  assert.deepEqual({
    ...await answer(
      address,
      "select count(*)::int as tables from pg_tables where schemaname = 'public'",
    ) as object,
  }, { tables: 0 });
});

Deno.test({
  ...needsServer("a server keeps its data when it is stopped, and when it is killed"),
  async fn() {
    await using server = await startServer();
    const address = await server.makeDatabase();
    await answer(address, "create table kept (n int)");
    for (const end of ["SIGINT", "SIGKILL"] as const) {
      await answer(address, "insert into kept values (1)");
      await server.stop(end);
      await assert.rejects(answer(address, "select 1"));
      await server.start();
    }
    assert.deepEqual({ ...await answer(address, "select count(*)::int as kept from kept") as object }, {
      kept: 2,
    });
  },
});
