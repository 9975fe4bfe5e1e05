/** These tests check that nothing is lost, and nothing is written twice, when servers, networks and processes fail. */
import assert from "node:assert/strict";
import { ClaimLost, type EventStore, type RunWriter } from "../../../core/ports/mod.ts";
import { RunError } from "../../../core/run_log/mod.ts";
import { sampleRun } from "../../../core/testing/sample_run.ts";
import { parseAddress } from "./address.ts";
import { Connection } from "./connection.ts";
import { postgresRun } from "./postgres_run.ts";
import { lockDescription } from "./run_rows.ts";
import { databaseTest, databaseTestOf } from "./testing/database.ts";
import { startProcess } from "./testing/start_process.ts";
import { startProxy } from "./testing/proxy.ts";
import { startServer } from "./testing/server.ts";
import { until } from "../../testing/until.ts";

const STREAMS = 16;

const SEEN = {
  type: "ResultsViewed",
  data: { command: "r", outcomes: null, finished: 1, planned: 1 },
} as const;

/** Cuts all other connections to the database. */
const CUT_ALL =
  "select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and datname = current_database()";

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Appends to streams until it is told to stop. Returns how many events each stream must have. */
function appending(
  store: EventStore,
): Readonly<{ stop: () => Promise<readonly number[]>; count: () => number }> {
  let isStopped = false;
  let count = 0;
  const loops = Array.from({ length: STREAMS }, async (_, index) => {
    let seq = 0;
    for (; !isStopped; seq++, count++) await store.append(`s${index}`, seq, [`${index} ${seq}`]);
    return seq;
  });
  return {
    count: () => count,
    stop: () => {
      isStopped = true;
      return Promise.all(loops);
    },
  };
}

async function assertWhole(store: EventStore, lengths: readonly number[]): Promise<void> {
  for (const [index, length] of lengths.entries()) {
    const expected = Array.from({ length }, (_, seq) => `${index} ${seq}`);
    assert.deepEqual(await Array.fromAsync(store.read(`s${index}`)), expected);
  }
}

/** Runs a statement as the administrator of the database. */
async function asked(place: string, statement: string): Promise<readonly Record<string, unknown>[]> {
  const connection = new Connection(parseAddress(place), { max: 1, isKept: false });
  return await connection.run((sql) => sql.unsafe(statement)) as unknown as Record<string, unknown>[];
}

Deno.test({
  ...databaseTestOf(
    "appends continue after the server was stopped or killed, and each line is stored exactly once",
  ),
  async fn() {
    await using server = await startServer();
    const place = `${await server.makeDatabase()}/sample`;
    const run = await postgresRun(place).open(sampleRun());
    const writing = appending(run.store);
    for (const end of ["SIGINT", "SIGKILL", "SIGKILL"] as const) {
      await pause(300);
      await server.stop(end);
      const before = writing.count();
      await server.start();
      await until("appends go on", () => writing.count() >= before + 10 * STREAMS);
    }
    const lengths = await writing.stop();
    assert.ok(lengths.every((length) => length > 10));
    assert.equal((await postgresRun(place).holders()).length, 1);
    await run.record(SEEN, 0);
    await run.close();
    await assertWhole((await postgresRun(place).read()).store, lengths);
    await (await postgresRun(place).reopen()).close();
  },
});

databaseTest("appends continue when connections are cut again and again", async (address) => {
  const place = `${address}/sample`;
  const run = await postgresRun(place).open(sampleRun());
  const writing = appending(run.store);
  for (let round = 0; round < 20; round++) {
    const before = writing.count();
    await asked(place, CUT_ALL);
    await until("appends go on", () => writing.count() >= before + STREAMS);
  }
  const lengths = await writing.stop();
  await run.close();
  await assertWhole((await postgresRun(place).read()).store, lengths);
});

databaseTest("follow() gives each line once, although its connections are cut", async (address) => {
  const place = `${address}/sample`;
  const run = await postgresRun(place).open(sampleRun());
  await run.store.append("a", 0, ["0"]);
  const reader = await postgresRun(place).read();
  const until = new AbortController();
  const followed: string[] = [];
  for await (const line of reader.store.follow("a", { signal: until.signal })) {
    followed.push(line);
    if (followed.length === 60) until.abort();
    else if (followed.length % 20 === 0) {
      await asked(place, CUT_ALL);
    }
    if (followed.length < 60) await run.store.append("a", followed.length, [String(followed.length)]);
  }
  assert.deepEqual(followed, Array.from({ length: 60 }, (_, seq) => String(seq)));
  await run.close();
});

for (const loss of ["answer", "question"] as const) {
  databaseTest(
    `append() finds out whether its lines were stored when the network loses its ${loss}`,
    async (address) => {
      const { port } = new URL(address);
      const proxy = startProxy(Number(port));
      const place = `${address.replace(port, String(proxy.port))}/sample`;
      const run = await postgresRun(place).open(sampleRun());
      await run.store.append("a", 0, ["0"]);
      for (const seq of [1, 2]) {
        const lost = proxy.lose(loss, `line ${seq}`);
        await Promise.all([
          run.store.append("a", seq, [`line ${seq}`]),
          run.store.append("b", seq - 1, ["b"]),
          lost,
        ]);
      }
      const lost = proxy.lose(loss, "ResultsViewed");
      await Promise.all([run.record(SEEN, 0), lost]);
      await run.close();
      proxy.close();
      const reader = await postgresRun(`${address}/sample`).read();
      assert.deepEqual(await Array.fromAsync(reader.store.read("a")), ["0", "line 1", "line 2"]);
      assert.deepEqual(await Array.fromAsync(reader.store.read("b")), ["b", "b"]);
      assert.ok(reader.log.kind === "kept");
      assert.equal(reader.log.log.entries.filter(({ type }) => type === "ResultsViewed").length, 1);
    },
  );
}

databaseTest("a run whose process was killed can be opened at once", async (address) => {
  const place = `${address}/sample`;
  const { child, ended, hasWritten } = startProcess("write-alone", place, "a");
  await hasWritten();
  await assert.rejects(postgresRun(place).reopen(), { name: "RunError", kind: "in-use" });
  child.kill("SIGKILL");
  const acknowledged = (await ended).length;
  const run = await reopened(place);
  const lines = await Array.fromAsync(run.store.read("a"));
  assert.ok(
    lines.length === acknowledged || lines.length === acknowledged + 1,
    `${lines.length} of ${acknowledged}`,
  );
  await run.close();
});

/** Opens a run again after its process was killed. The server needs a moment to notice the end of the process. */
async function reopened(place: string): Promise<RunWriter> {
  let run: RunWriter | null = null;
  await until("the run is free", async () => {
    try {
      run = await postgresRun(place).reopen();
      return true;
    } catch (error) {
      if (!(error instanceof RunError && error.kind === "in-use")) throw error;
      return false;
    }
  });
  return run!;
}

databaseTest(
  "a frozen process that wakes up after another process took its run cannot write any more",
  async (address) => {
    const place = `${address}/sample`;
    const { child, ended, hasWritten } = startProcess("write-alone", place, "a");
    await hasWritten();
    child.kill("SIGSTOP");
    await assert.rejects(postgresRun(place).reopen(), { name: "RunError", kind: "in-use" });
    await asked(place, "update syndisco.writers set seen_at = now() - interval '2 minutes'");
    const run = await postgresRun(place).reopen();
    const before = await Array.fromAsync(run.store.read("a"));
    await run.store.append("a", before.length, ["mine"]);
    child.kill("SIGCONT");
    assert.equal((await ended).at(-1), "ClaimLost");
    await run.store.append("a", before.length + 1, ["mine too"]);
    assert.deepEqual((await Array.fromAsync(run.store.read("a"))).slice(before.length), ["mine", "mine too"]);
    await run.close();
  },
);

databaseTest(
  "a frozen worker that wakes up cannot write to a stream that another worker has claimed",
  async (address) => {
    const place = `${address}/sample`;
    const { child, ended, hasWritten } = startProcess("write-together", place, "a");
    await hasWritten();
    child.kill("SIGSTOP");
    const run = await postgresRun(place).join();
    await run.claim("a");
    const before = await Array.fromAsync(run.store.read("a"));
    await run.store.append("a", before.length, ["mine"]);
    child.kill("SIGCONT");
    assert.equal((await ended).at(-1), "ClaimLost");
    assert.deepEqual((await Array.fromAsync(run.store.read("a"))).slice(before.length), ["mine"]);
    await run.close();
  },
);

databaseTest("a process that freezes within a transaction does not stop the others", async (address) => {
  const place = `${address}/sample`;
  const run = await postgresRun(place).join({ run: sampleRun() });
  const frozen = new Connection(parseAddress(place), { max: 1, isKept: true });
  const { promise: hasLock, resolve } = Promise.withResolvers<void>();
  const standing = frozen.transaction(async (sql) => {
    await lockDescription(sql, "sample");
    resolve();
    // Nothing more is sent, as if the process had stopped here.
    await new Promise(() => {});
  });
  standing.catch(() => {});
  await hasLock;
  await run.record(SEEN, 0);
  await run.close();
  await frozen.end();
});

databaseTest("of several processes that open a run at once, exactly one gets it", async (address) => {
  const place = `${address}/sample`;
  const openings = await Promise.allSettled(
    Array.from({ length: 8 }, () => postgresRun(place).open(sampleRun())),
  );
  const open = openings.flatMap((opening) => opening.status === "fulfilled" ? [opening.value] : []);
  assert.equal(open.length, 1);
  for (const opening of openings) {
    assert.ok(opening.status === "fulfilled" || opening.reason instanceof RunError, String(opening));
  }
  await open[0]!.close();
});

databaseTest(
  "an append that is in flight while another process claims its stream is stored whole or not at all",
  async (address) => {
    const place = `${address}/sample`;
    const runs = [await postgresRun(place).join({ run: sampleRun() }), await postgresRun(place).join()];
    const acknowledged: string[] = [];
    for (let round = 0; round < 30; round++) {
      const [owner, rival] = round % 2 === 0 ? runs : [...runs].reverse();
      await owner!.claim("a");
      const appends = Array.from({ length: 3 }, async (_, index) => {
        const line = `${round} ${index}`;
        try {
          await owner!.store.append("a", acknowledged.length + index, [line]);
          return line;
        } catch (error) {
          assert.ok(error instanceof ClaimLost || (error as Error).name === "StreamConflict", String(error));
          return null;
        }
      });
      await rival!.claim("a");
      acknowledged.push(...(await Promise.all(appends)).filter((line) => line !== null));
      assert.deepEqual(await Array.fromAsync(rival!.store.read("a")), acknowledged);
    }
    for (const run of runs) await run.close();
  },
);
