import assert from "node:assert/strict";
import { sampleRun } from "../../../core/testing/sample_run.ts";
import { parseAddress } from "./address.ts";
import { Connection } from "./connection.ts";
import { postgresRun } from "./postgres_run.ts";
import { ReadAhead } from "./read_ahead.ts";
import { databaseTest, newDatabase } from "./testing/database.ts";

const STREAMS = 3_000;

/** Streams with more lines than a statement reads. */
const LONG = new Map([[700, 6_000], [701, 2_600], [702, 2_600], [2_999, 5_001]]);

/** Streams with lines that are longer than what a statement reads. */
const WIDE = [5, 6, 1_500];

const nameOf = (nth: number) => `d/${String(nth).padStart(4, "0")}`;

function linesOf(nth: number): readonly string[] {
  const length = LONG.get(nth) ?? (nth % 10 === 9 ? 0 : 1 + nth % 3);
  const lines = Array.from({ length }, (_, seq) => JSON.stringify(`${nth} ${seq}`));
  return WIDE.includes(nth) ? [...lines, JSON.stringify("é".repeat(3_000_000)), '"last"'] : lines;
}

databaseTest(
  "ReadAhead.read() reads thousands of streams with few statements, and long ones whole",
  async () => {
    const place = `${await newDatabase()}/sample`;
    const writer = await postgresRun(place).open(sampleRun());
    const appends: Promise<void>[] = [];
    for (let nth = 0; nth < STREAMS; nth++) {
      const lines = linesOf(nth);
      if (lines.length > 0) appends.push(writer.store.append(nameOf(nth), 0, lines));
    }
    await Promise.all(appends);
    await writer.close();
    const connection = new Connection(parseAddress(place), { max: 4, isKept: false });
    const [{ id: run }] = await connection.run((sql) => sql<[{ id: number }]>`select id from syndisco.runs`);
    let statements = 0;
    const counted: Connection["run"] = (work) => {
      statements++;
      return connection.run(work);
    };
    const counting = new Proxy(connection, {
      get: (target, key) => key === "run" ? counted : Reflect.get(target, key),
    });
    const names = Array.from({ length: STREAMS }, (_, nth) => nameOf(nth));
    const ahead = new ReadAhead({ connection: counting, run }, names);
    for (let nth = 0; nth < STREAMS; nth++) {
      const lines = await Array.fromAsync(ahead.read(nameOf(nth)));
      // A comparison of long lists in a failing assertion would take minutes.
      assert.ok(lines.length === linesOf(nth).length && lines.join() === linesOf(nth).join(), nameOf(nth));
    }
    assert.ok(statements < 50, `${statements} statements`);
    assert.deepEqual(await Array.fromAsync(ahead.read(nameOf(17))), linesOf(17));
    assert.deepEqual(await Array.fromAsync(ahead.read("unknown")), []);
  },
);
