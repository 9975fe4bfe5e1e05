import assert from "node:assert/strict";
import postgres from "npm:postgres@3.4.9";
import { limitBoardCases } from "../../../core/ports/limit_board_conformance.ts";
import { type LimitBoard, StoreError, type WorkerReport } from "../../../core/ports/mod.ts";
import { addressOfRun, parseAddress } from "./address.ts";
import { Connection } from "./connection.ts";
import { postgresLimitBoard } from "./limit_board.ts";
import { setUp } from "./setup.ts";
import { startProcess } from "./testing/start_process.ts";
import { until } from "./testing/until.ts";
import { databaseTest, databaseTestOf, newDatabase } from "./testing/database.ts";

/** The place of the only run. */
function placeOf(database: string): string {
  return addressOfRun(database, "pilot");
}

/** Makes the tables and a run. Returns a connection for statements. */
async function madeRun(place: string) {
  const connection = new Connection(parseAddress(place), { max: 1, isKept: false });
  await setUp(connection);
  await connection.end();
  const sql = postgres(place.replace(/\?.*/, ""), { max: 1, onnotice: () => {} });
  await sql`insert into syndisco.runs (name) values ('pilot')`;
  return sql;
}

/** Moves all times of a state into the past. */
function earlier(state: string, ms: number): string {
  return JSON.stringify(
    JSON.parse(
      state,
      (key, value) =>
        typeof value === "number" && key.endsWith("Ms") && key !== "requestMs" ? value - ms : value,
    ),
  );
}

const CASES = limitBoardCases("postgresLimitBoard()", {
  makeHarness: async () => {
    const place = await newDatabase();
    const sql = await madeRun(place);
    const boards: LimitBoard[] = [];
    return {
      open: () => {
        const board = postgresLimitBoard(placeOf(place));
        boards.push(board);
        return Promise.resolve(board);
      },
      pass: async (ms) => {
        for (const { state } of await sql`select state from syndisco.limit_states`) {
          await sql`update syndisco.limit_states set state = ${earlier(state, ms)}`;
        }
        for (const { worker, state } of await sql`select worker, state from syndisco.limit_workers`) {
          await sql`update syndisco.limit_workers set seen_ms = seen_ms - ${ms}::float8, state = ${
            earlier(state, ms)
          }
            where worker = ${worker}`;
        }
      },
      cleanup: async () => {
        for (const board of boards) await board.close();
        await sql.end();
      },
    };
  },
});
for (const { name, fn, ignore } of CASES) {
  const test = databaseTestOf(name);
  Deno.test({ ...test, ignore: ignore || test.ignore === true, fn });
}

/** Each try takes at most four seconds. After the first, the connection of a frozen process is ended. */
const FROZEN_TRIES_MAX = 8;

const SLOTS = { kind: "slots", max: 10, wants: 10, least: 1, keeps: 0, spent: 0 } as const;

function reportOf(worker: string, nth: number, keeps = 0): WorkerReport {
  return { worker, nth, requestMs: 60_000, limits: { slots: { ...SLOTS, keeps } }, pauses: {} };
}

databaseTest(
  "postgresLimitBoard() gives out no slots after a crash, until all workers have had time to report",
  async (place) => {
    const sql = await madeRun(place);
    const board = postgresLimitBoard(placeOf(place));
    assert.equal((await board.exchange(reportOf("one", 1))).limits.slots, 10);
    // The server empties tables that are not logged when it starts after a crash.
    await sql`truncate syndisco.limit_states, syndisco.limit_workers`;
    assert.equal((await board.exchange(reportOf("other", 1))).limits.slots, 0);
    assert.equal((await board.exchange(reportOf("one", 2, 10))).limits.slots, 10);
    await board.close();
    await sql.end();
  },
);

databaseTest(
  "postgresLimitBoard() fails with a StoreError while its connection is broken, and continues later",
  async (place) => {
    const sql = await madeRun(place);
    const board = postgresLimitBoard(placeOf(place));
    await board.exchange(reportOf("one", 1));
    await sql`select pg_terminate_backend(backend) from syndisco.limit_workers`;
    const results = [];
    for (let nth = 2; nth < 5; nth++) {
      results.push(await board.exchange(reportOf("one", nth)).catch((error) => error));
    }
    for (const result of results.slice(0, -1)) {
      assert.ok(result instanceof StoreError || result.limits.slots === 10, String(result));
    }
    assert.equal(results.at(-1).limits.slots, 10);
    await board.close();
    await sql.end();
  },
);

databaseTest(
  "postgresLimitBoard() continues for other processes while one is frozen in the middle of an exchange",
  async (address) => {
    const place = placeOf(address);
    const sql = await madeRun(address);
    // In the first exchange, the driver prepares each statement, so the process also waits in the middle of statements.
    const { child } = startProcess("exchange", place);
    const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
    const isWithin = async () => {
      // The server still runs the statements that the process sent before it was frozen.
      await pause(100);
      const [row] = await sql`
        select count(*)::int as count from pg_stat_activity
        where (state = 'idle in transaction' or state = 'active' and wait_event = 'ClientRead')
          and query ~ 'limit_(states|workers)' and datname = current_database()`;
      return row!.count > 0;
    };
    for (child.kill("SIGSTOP"); !await isWithin(); child.kill("SIGSTOP")) {
      child.kill("SIGCONT");
      await pause(10 * Math.random());
    }
    const board = postgresLimitBoard(place);
    const share = async (nth: number) =>
      (await board.exchange(reportOf("other", nth)).catch(() => null))?.limits.slots;
    let nth = 1;
    while (await share(nth) !== 10 && nth < FROZEN_TRIES_MAX) nth++;
    child.kill("SIGKILL");
    assert.ok(nth < FROZEN_TRIES_MAX, "the board is blocked");
    await board.close();
    await sql.end();
  },
);

databaseTest(
  "postgresLimitBoard() waits for other programs that use the database, and does not end their connections",
  async (address) => {
    const sql = await madeRun(address);
    const board = postgresLimitBoard(placeOf(address));
    await board.exchange(reportOf("one", 1));
    // One connection reads the tables for a long time, as a backup does. An upgrade waits for it, and exchanges wait
    // for the upgrade.
    const [reader, upgrade] = [0, 1].map(() => postgres(address.replace(/\?.*/, ""), { max: 1 }));
    const reading = await reader!.reserve();
    await reading`begin`;
    await reading`select state from syndisco.limit_states`;
    const upgraded = upgrade!.begin((changing) => changing`lock table syndisco.limit_states`);
    const waiting = async () =>
      (await sql`
        select pid from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`)
        .length;
    await until("the upgrade waits", async () => await waiting() > 0);
    for (const nth of [2, 3]) await assert.rejects(board.exchange(reportOf("one", nth)), StoreError);
    assert.equal((await reading`select state from syndisco.limit_states`).length, 1);
    await reading`commit`;
    await upgraded;
    assert.equal((await board.exchange(reportOf("one", 4))).limits.slots, 10);
    await board.close();
    reading.release();
    for (const connection of [reader!, upgrade!, sql]) await connection.end();
  },
);

databaseTest(
  "postgresLimitBoard() listens once, but not if it is closed during its first exchange",
  async (place) => {
    const sql = await madeRun(place);
    const listening = async () =>
      (await sql`
        select pid from pg_stat_activity where datname = current_database() and query ilike 'listen%'`)
        .length;
    const closed = postgresLimitBoard(placeOf(place));
    const first = closed.exchange(reportOf("one", 1)).catch(() => {});
    await closed.close();
    await first;
    const board = postgresLimitBoard(placeOf(place));
    await Promise.all([board.exchange(reportOf("two", 1)), board.leave("three")]);
    for (let tries = 0; await listening() === 0 && tries < 1_000; tries++) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    assert.equal(await listening(), 1);
    await board.close();
    await sql.end();
  },
);
