import assert from "node:assert/strict";
import fc from "fast-check";
import { sealedLines } from "../testing/sample_stream.ts";
import { type EventStore, memoryEventStore } from "../ports/mod.ts";
import { portableSha256 } from "../sha256.ts";
import { DamagedStream, readStream, readStreamInPieces } from "./stream.ts";

async function storeOf(lines: readonly string[], stream = "s"): Promise<EventStore> {
  const store = memoryEventStore();
  await store.append(stream, 0, lines);
  return store;
}

async function readUntilDamage(store: EventStore, stream = "s"): Promise<[number, DamagedStream]> {
  let events = 0;
  try {
    for await (const { seq } of readStream(store, stream, portableSha256)) assert.equal(seq, events++);
  } catch (error) {
    assert.ok(error instanceof DamagedStream);
    return [events, error];
  }
  return assert.fail("no damage was found");
}

Deno.test("readStream() gives the events of a stream in order", async () => {
  const types: string[] = [];
  for await (const { type } of readStream(await storeOf(sealedLines("s")), "s", portableSha256)) {
    types.push(type);
  }
  assert.equal(types.length, 9);
  assert.deepEqual([types[0], types[8]], ["DiscussionOpened", "DiscussionCompleted"]);
});

Deno.test("readStream() of an unknown stream gives no events", async () => {
  for await (const _ of readStream(memoryEventStore(), "s", portableSha256)) assert.fail();
});

Deno.test("readStream() throws at the first damaged line, after all events before it", async () => {
  const lines = sealedLines("s");
  const store = await storeOf(lines.with(2, lines[2]!.replace("No.", "Yes")));
  const [events, damage] = await readUntilDamage(store);
  assert.deepEqual([events, damage.lineNumber, damage.kind, damage.stream], [2, 3, "wrong-hash", "s"]);
  assert.match(damage.message, /^Cannot read "s": line 3 is damaged: the hash does not match/);
});

Deno.test("readStream() names the file if the store has files", async () => {
  const store = await storeOf(["no event"]);
  const [, damage] = await readUntilDamage({ ...store, locate: (stream) => `runs/x/${stream}.jsonl` });
  assert.match(damage.message, /line 1 of "runs\/x\/s\.jsonl" is damaged: the line is not JSON/);
});

Deno.test("readStream() refuses lines that belong to another stream", async () => {
  const [events, damage] = await readUntilDamage(await storeOf(sealedLines("s"), "t"), "t");
  assert.deepEqual([events, damage.kind], [0, "wrong-place"]);
});

/** The numbers of the events, and the message about the damage if there is any. */
async function outcomeOf(pieces: AsyncIterable<readonly Readonly<{ seq: number }>[]>) {
  const seqs: number[] = [];
  try {
    for await (const events of pieces) for (const { seq } of events) seqs.push(seq);
  } catch (error) {
    assert.ok(error instanceof DamagedStream);
    return { seqs, damage: error.message };
  }
  return { seqs, damage: null };
}

Deno.test("readStreamInPieces() gives the events and the damage of readStream(), in pieces of any length", async () => {
  const lines = sealedLines("s");
  const changed = fc.option(fc.nat(lines.length - 1));
  await fc.assert(fc.asyncProperty(changed, fc.integer({ min: 1, max: 10 }), async (damaged, length) => {
    const store = await storeOf(damaged === null ? lines : lines.with(damaged, "no event"));
    const inPieces: EventStore = {
      ...store,
      readInPieces: async function* (stream) {
        const all = await Array.fromAsync(store.read(stream));
        for (let at = 0; at < all.length; at += length) yield all.slice(at, at + length);
      },
    };
    const single = async function* () {
      for await (const event of readStream(store, "s", portableSha256)) yield [event];
    };
    const expected = await outcomeOf(single());
    assert.equal(expected.seqs.length, damaged ?? lines.length);
    for (const one of [store, inPieces]) {
      assert.deepEqual(await outcomeOf(readStreamInPieces(one, "s", portableSha256)), expected);
    }
  }));
});
