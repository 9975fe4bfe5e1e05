import assert from "node:assert/strict";
import { DamagedLine } from "../events/event_type.ts";
import { portableSha256 } from "../sha256.ts";
import { asOf, encodeRunEvent, headOf, type RunEvent, type RunLog, runLogAfter } from "./mod.ts";

/** A log in the form of the first version, which later versions must read. Another program computed the hashes. */
const CREATED =
  '{"stream":"run","seq":0,"at":"2026-01-01T00:00:00.000Z","type":"RunCreated","v":1,"data":{"experiment":{"name":"e","file":"e.yaml","sha256":"0000000000000000000000000000000000000000000000000000000000000000"},"fingerprint":"f","resolved":{"name":"e"},"sources":{},"seed":"1","plan":{"discussions":4,"conditions":2,"replications":2},"versions":{"syndisco":"0.1.0"},"shards":0,"analysis":null},"hash":"20594f9da1cdddfcddb36593cd11b14dc633f9b9ae3dfca529cccdadd8979d34"}';
const EXTENDED =
  '{"stream":"run","seq":1,"at":"2026-01-02T00:00:00.000Z","type":"PlanExtended","v":1,"data":{"experiment":{"name":"e","file":"e.yaml","sha256":"0000000000000000000000000000000000000000000000000000000000000000"},"plan":{"discussions":8,"conditions":2,"replications":4}},"hash":"6dd8c5f933a66a5da38e2e14d388de67eea6210ff2a7f62713ca303f885845c0"}';

function logOf(...lines: readonly string[]): RunLog {
  return lines.reduce<RunLog | null>((log, line) => runLogAfter(log, line, portableSha256), null)!;
}

Deno.test("runLogAfter() gives the latest record of a log, and keeps the earlier records", () => {
  const log = logOf(CREATED, EXTENDED);
  assert.deepEqual(log.hashes, [
    "20594f9da1cdddfcddb36593cd11b14dc633f9b9ae3dfca529cccdadd8979d34",
    "6dd8c5f933a66a5da38e2e14d388de67eea6210ff2a7f62713ca303f885845c0",
  ]);
  assert.deepEqual([log.createdAt, log.record.analysis], ["2026-01-01T00:00:00.000Z", null]);
  assert.equal(log.record.plan.discussions, 8);
  assert.equal(asOf(log, log.hashes[0]!)!.record.plan.discussions, 4);
  assert.equal(asOf(log, "0".repeat(64)), null);
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
