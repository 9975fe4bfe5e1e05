import assert from "node:assert/strict";
import { DamagedLine } from "../events/event_type.ts";
import { portableSha256 } from "../sha256.ts";
import {
  encodeRunEvent,
  headOf,
  logEndsOf,
  recordAsOf,
  recordHeadOf,
  type RunEvent,
  type RunLog,
  runLogAfter,
  runLogAfterAll,
} from "./mod.ts";

/** A log in the form of the first version, which later versions must read. Another program computed the hashes. */
const CREATED =
  '{"stream":"run","seq":0,"at":"2026-01-01T00:00:00.000Z","type":"RunCreated","v":1,"data":{"experiment":{"name":"e","file":"e.yaml","sha256":"0000000000000000000000000000000000000000000000000000000000000000"},"fingerprint":"f","resolved":{"name":"e"},"sources":{},"seed":"1","plan":{"discussions":4,"conditions":2,"replications":2},"versions":{"syndisco":"0.1.0"},"shards":0,"analysis":null},"hash":"20594f9da1cdddfcddb36593cd11b14dc633f9b9ae3dfca529cccdadd8979d34"}';
const EXTENDED =
  '{"stream":"run","seq":1,"at":"2026-01-02T00:00:00.000Z","type":"PlanExtended","v":1,"data":{"experiment":{"name":"e","file":"e.yaml","sha256":"0000000000000000000000000000000000000000000000000000000000000000"},"plan":{"discussions":8,"conditions":2,"replications":4}},"hash":"6dd8c5f933a66a5da38e2e14d388de67eea6210ff2a7f62713ca303f885845c0"}';

function logOf(...lines: readonly string[]): RunLog {
  return runLogAfterAll(null, lines, portableSha256)!;
}

Deno.test("runLogAfter() gives the latest record of a log, and keeps the earlier records", () => {
  const log = logOf(CREATED, EXTENDED);
  assert.deepEqual(log.entries.map(({ hash }) => hash), [
    "20594f9da1cdddfcddb36593cd11b14dc633f9b9ae3dfca529cccdadd8979d34",
    "6dd8c5f933a66a5da38e2e14d388de67eea6210ff2a7f62713ca303f885845c0",
  ]);
  assert.deepEqual([log.createdAt, log.record.analysis], ["2026-01-01T00:00:00.000Z", null]);
  assert.equal(log.record.plan.discussions, 8);
  assert.equal(recordAsOf(log, log.entries[0]!.hash)!.plan.discussions, 4);
  assert.equal(recordAsOf(log, "0".repeat(64)), null);
});

Deno.test("runLogAfterAll() continues a log, and does not change the old log", () => {
  const created = runLogAfter(null, CREATED, portableSha256);
  assert.deepEqual(runLogAfterAll(created, [EXTENDED], portableSha256), logOf(CREATED, EXTENDED));
  assert.equal(created.entries.length, 1);
  assert.equal(created.records.length, 1);
  assert.deepEqual(runLogAfterAll(created, [], portableSha256), created);
  assert.equal(runLogAfterAll(null, [], portableSha256), null);
});

Deno.test("encodeRunEvent() writes the lines of the first version", () => {
  const created = logOf(CREATED);
  const sealed = (log: RunLog | null, line: string) => {
    const { type, data, at } = JSON.parse(line);
    return encodeRunEvent(log, { type, data } as RunEvent, { atMs: Date.parse(at), sha256: portableSha256 });
  };
  assert.equal(sealed(null, CREATED), CREATED);
  assert.equal(sealed(created, EXTENDED), EXTENDED);
  assert.equal(headOf(created), JSON.parse(CREATED).hash);
});

Deno.test("runLogAfter() refuses a line that cannot follow the log", () => {
  const created = logOf(CREATED);
  const { data } = JSON.parse(CREATED);
  const again = encodeRunEvent(created, { type: "RunCreated", data }, { atMs: 0, sha256: portableSha256 });
  for (
    const [log, line] of [[null, EXTENDED], [created, CREATED], [created, again], [created, "{}"]] as const
  ) {
    assert.throws(() => runLogAfter(log, line, portableSha256), DamagedLine);
  }
});

const WRONG_SHAPES: readonly (readonly [type: RunEvent["type"], data: object, place: RegExp])[] = [
  ["PlanExtended", { plan: { discussions: 8 } }, /data\.experiment/],
  ["ModelsReached", { reached: [{ model: "m", spec: "s" }] }, /data\.reached\.0\.address/],
  ["RunStarted", { command: "run", options: {}, models: {}, versions: {} }, /data\.code/],
  ["RunEnded", { command: "run", outcome: "good", reason: null, discussions: {} }, /data\.outcome/],
  ["LogsRecorded", {}, /data\.logs/],
  ["LogsRecorded", { logs: { x: "y" } }, /data\.logs\.x/],
  ["ResultsViewed", { command: "report", outcomes: null, finished: "2", planned: 4 }, /data\.finished/],
];

Deno.test("runLogAfter() names the line and the member of an event with a wrong shape", () => {
  const created = logOf(CREATED);
  const options = { atMs: 0, sha256: portableSha256 };
  for (const [type, data, place] of WRONG_SHAPES) {
    const line = encodeRunEvent(created, { type, data } as RunEvent, options);
    assert.throws(() => runLogAfter(created, line, portableSha256), (error) => {
      assert.ok(error instanceof DamagedLine);
      assert.equal(error.kind, "wrong-shape");
      assert.match(error.message, new RegExp(`^line 2 is not a ${type}: ${place.source}`));
      return true;
    });
  }
  const { plan: _, ...data } = JSON.parse(CREATED).data;
  const first = encodeRunEvent(null, { type: "RunCreated", data }, options);
  assert.throws(() => runLogAfter(null, first, portableSha256), /line 1 is not a RunCreated: data\.plan/);
});

Deno.test("events about logs, looks and processes do not change the record that runLogAfter() gives", () => {
  const events: RunEvent[] = [
    {
      type: "RunStarted",
      data: { command: "run", options: {}, models: { m: "scripted" }, versions: {}, code: {} },
    },
    { type: "LogsRecorded", data: { logs: { a: [3, "1"], b: [5, "2"] } } },
    { type: "ResultsViewed", data: { command: "report", outcomes: null, finished: 2, planned: 4 } },
    { type: "LogsRecorded", data: { logs: { a: [7, "3"] } } },
    {
      type: "RunEnded",
      data: { command: "run", outcome: "complete", reason: null, discussions: { ended: 4, failed: 0 } },
    },
  ];
  const created = logOf(CREATED);
  const log = events.reduce((held, event) => {
    const line = encodeRunEvent(held, event, { atMs: 0, sha256: portableSha256 });
    return runLogAfter(held, line, portableSha256);
  }, created);
  assert.deepEqual(log.record, created.record);
  assert.equal(recordHeadOf(log), headOf(created));
  assert.deepEqual(log.entries.slice(1).map(({ type, data }) => ({ type, data })), events);
  assert.deepEqual([...logEndsOf(log)], [["a", [7, "3"]], ["b", [5, "2"]]]);
});
