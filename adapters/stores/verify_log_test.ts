import assert from "node:assert/strict";
import { sealedLines } from "../../core/testing/sample_stream.ts";
import { portableSha256 } from "../../core/sha256.ts";
import { StoreError } from "../../core/ports/mod.ts";
import { JsonlEventStore } from "./jsonl_event_store.ts";
import { repairLog, verifyLog } from "./verify_log.ts";

const lines = sealedLines("s");
const encoder = new TextEncoder();
const whole = encoder.encode(lines.join("\n") + "\n");
/** Where each line begins, in bytes. */
const starts = lines.map((_, index) =>
  encoder.encode(lines.slice(0, index).map((line) => line + "\n").join("")).length
);

async function inLog(
  bytes: Uint8Array,
  test: (file: string, folder: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeFile(`${folder}/s.jsonl`, bytes);
    await test(`${folder}/s.jsonl`, folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(parts.flatMap((part) => [...part]));
}

function names(folder: string): string[] {
  return [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
}

Deno.test("verifyLog() reports no damage in an intact log", () =>
  inLog(whole, async (file) => {
    const { events, ended, damage, bytesGood, bytesTotal, bytesTorn, stream } = verifyLog(
      file,
      portableSha256,
    );
    assert.deepEqual([stream, events, ended, damage], ["s", 9, true, null]);
    assert.deepEqual([bytesGood, bytesTotal, bytesTorn], [whole.length, (await Deno.stat(file)).size, 0]);
  }));

Deno.test("verifyLog() names the line and the byte at which damage begins", () =>
  inLog(
    joined(whole.subarray(0, starts[4]! + 10), new Uint8Array([0xff]), whole.subarray(starts[4]! + 11)),
    (file) => {
      const { damage, events } = verifyLog(file, portableSha256);
      assert.equal(events, 4);
      assert.deepEqual(damage, {
        lineNumber: 5,
        byte: starts[4],
        kind: "not-utf8",
        message: "the line is not UTF-8 text",
      });
      return Promise.resolve();
    },
  ));

Deno.test("verifyLog() does not count a torn last line as damage", () =>
  inLog(whole.subarray(0, whole.length - 1), (file) => {
    const { damage, events, bytesTorn } = verifyLog(file, portableSha256);
    assert.deepEqual([damage, events, bytesTorn], [null, 8, whole.length - 1 - starts[8]!]);
    return Promise.resolve();
  }));

Deno.test("verifyLog() says which file it cannot read", () => {
  assert.throws(() => verifyLog("no/such.jsonl", portableSha256), (error) => {
    assert.ok(error instanceof StoreError);
    return /^Cannot read "no\/such\.jsonl": it does not exist/.test(error.message);
  });
  assert.throws(() => verifyLog("notes.txt", portableSha256), RangeError);
});

Deno.test("repairLog() does not change an intact log", () =>
  inLog(whole, async (file, folder) => {
    assert.equal((await repairLog(file, portableSha256)).setAside, null);
    assert.deepEqual(await Deno.readFile(file), whole);
    assert.deepEqual(names(folder), ["s.jsonl"]);
  }));

Deno.test("repairLog() moves damage to a new file byte for byte, and never overwrites an earlier file", () =>
  inLog(whole, async (file, folder) => {
    const rests = [
      joined(new Uint8Array([0, 0xff, 10]), whole.subarray(starts[5])),
      whole.subarray(starts[2]),
    ];
    for (const [index, rest] of rests.entries()) {
      await Deno.writeFile(file, joined(whole.subarray(0, starts[4]), rest));
      const { report, setAside } = await repairLog(file, portableSha256);
      assert.equal(report.damage?.lineNumber, 5);
      assert.deepEqual(setAside, { file: `${file}.damaged-${index + 1}`, bytes: rest.length });
      assert.deepEqual(await Deno.readFile(setAside!.file), rest);
      assert.deepEqual(await Deno.readFile(file), whole.slice(0, starts[4]));
    }
    assert.deepEqual(names(folder), ["s.jsonl", "s.jsonl.damaged-1", "s.jsonl.damaged-2"]);
    const store = new JsonlEventStore(folder);
    assert.deepEqual(await Array.fromAsync(store.streams()), ["s"]);
    await store.append("s", 4, [lines[4]!]);
    await store.close();
    assert.deepEqual(verifyLog(file, portableSha256).events, 5);
  }));
