import assert from "node:assert/strict";
import postgres from "npm:postgres@3.4.9";
import { limitBoardCases } from "../../../core/ports/limit_board_conformance.ts";
import { type LimitBoard, StoreError, type WorkerReport } from "../../../core/ports/mod.ts";
import { addressOfRun, parseAddress } from "./address.ts";
import { Connection } from "./connection.ts";
import { postgresLimitBoard } from "./limit_board.ts";
import { setUp } from "./setup.ts";
import { startProcess } from "./testing/start_process.ts";
import { until } from "../../testing/until.ts";
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

/**
 * Each late try ends the connections of processes that have been frozen for three seconds. The second try is late only
 * if the machine is very slow.
 */
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
  "postgresLimitBoard() counts a worker once when two of its first exchanges run at the same time",
  async (place) => {
    const sql = await madeRun(place);
    // A third process that makes the board, and freezes before it commits.
    const freezing = postgres(place.replace(/\?.*/, ""), { max: 1 });
    const frozen = await freezing.reserve();
    await frozen`begin`;
    await frozen`insert into syndisco.limit_boards select id from syndisco.runs`;
    const waiting = async () =>
      (await sql`
        select pid from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`)
        .length;
    const boards = [1, 2].map(() => postgresLimitBoard(placeOf(place)));
    const exchanges: Promise<unknown>[] = [];
    for (const [index, board] of boards.entries()) {
      exchanges.push(board.exchange(reportOf("one", index + 1)));
      await until("the exchange waits", async () => await waiting() === index + 1);
    }
    await frozen`rollback`;
    // If the server takes the second report first, it refuses the other one.
    await Promise.allSettled(exchanges);
    assert.equal((await boards[0]!.exchange(reportOf("one", 3))).limits.slots, 10);
    const [row] = await sql`select state from syndisco.limit_states`;
    const { workers, limits } = JSON.parse(row!.state);
    assert.deepEqual([workers, limits.slots.out], [1, 10]);
    for (const board of boards) await board.close();
    frozen.release();
    for (const connection of [freezing, sql]) await connection.end();
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
    const tries: unknown[] = [];
    // As a worker does, waits before the next exchange: the limits are divided once a second.
    for (let nth = 1; tries.at(-1) !== SLOTS.max && nth <= FROZEN_TRIES_MAX; nth++) {
      const share = await board.exchange(reportOf("other", nth)).catch(String);
      tries.push(typeof share === "string" ? share : share.limits.slots);
      if (typeof share !== "string" && share.limits.slots !== SLOTS.max) await pause(share.nextMs);
    }
    child.kill("SIGKILL");
    assert.equal(tries.at(-1), SLOTS.max, `no exchange got all slots:\n${tries.join("\n")}`);
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
