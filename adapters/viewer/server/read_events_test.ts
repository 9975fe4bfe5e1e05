import assert from "node:assert/strict";
import { EMPTY_CHAIN, encodeEvent } from "../../../core/events/codec.ts";
import { type EventStore, memoryEventStore } from "../../../core/ports/mod.ts";
import { sampleEvents, sealedLines } from "../../../core/testing/sample_stream.ts";
import { nativeSha256 } from "../../system.ts";
import { EventReader } from "./read_events.ts";

async function storeOf(lines: readonly string[]): Promise<EventStore> {
  const store = memoryEventStore();
  if (lines.length > 0) await store.append("s", 0, lines);
  return store;
}

Deno.test("an answer ends before its limit, and the next answers give the rest", async () => {
  const lines = sealedLines("s");
  const reader = new EventReader(await storeOf(lines), lines[0]!.length + 10);
  const seqs: number[][] = [];
  let from = 0;
  for (let isEnd = false; !isEnd;) {
    const answer = await reader.read("s", from);
    seqs.push(answer.events.map(({ seq }) => seq));
    ({ next: from, isEnd } = answer);
  }
  assert.deepEqual(seqs.flat(), lines.map((_, seq) => seq));
  assert.deepEqual(seqs[0], [0]);
  assert.ok(seqs.length < lines.length && seqs.every(({ length }) => length > 0));
});

Deno.test("an event that is longer than the limit is an answer by itself", async () => {
  const lines = sealedLines("s");
  const { events, next, isEnd } = await new EventReader(await storeOf(lines), 1).read("s", 3);
  assert.deepEqual([events.map(({ seq }) => seq), next, isEnd], [[3], 4, false]);
});

Deno.test("the answer after the last event is empty until the log grows", async () => {
  const lines = sealedLines("s");
  const store = await storeOf(lines.slice(0, 5));
  const reader = new EventReader(store);
  const { next } = await reader.read("s", 0);
  assert.deepEqual(await reader.read("s", next), { events: [], next: 5, isEnd: true, damage: null });
  await store.append("s", 5, lines.slice(5));
  assert.deepEqual((await reader.read("s", next)).events.map(({ seq }) => seq), [5, 6, 7, 8]);
});

Deno.test("an unknown discussion has no events", async () => {
  const reader = new EventReader(await storeOf([]));
  for (const name of ["s", "../s", "/etc/passwd", "a\0b", "", "a/../../b"]) {
    assert.deepEqual(await reader.read(name, 0), { events: [], next: 0, isEnd: true, damage: null });
  }
});

Deno.test("an answer has the events before damage, and says what is damaged", async () => {
  const lines = sealedLines("s");
  const reader = new EventReader(await storeOf(lines.with(2, lines[2]!.replace("No.", "Yes"))));
  const { events, isEnd, damage } = await reader.read("s", 0);
  assert.deepEqual([events.length, isEnd], [2, true]);
  assert.match(damage!, /line 3 is damaged: the hash does not match/);
});

Deno.test("a log that was replaced after an answer is reported as damaged, and not mixed with the earlier log", async () => {
  const lines = sealedLines("s");
  let store = await storeOf(lines.slice(0, 4));
  const reader = new EventReader({ ...store, read: (stream, from) => store.read(stream, from) });
  const { next } = await reader.read("s", 0);
  let end = EMPTY_CHAIN;
  const others = sampleEvents("s").map((event) => {
    const sealed = encodeEvent("s", end, { pending: { event }, atMs: 1, sha256: nativeSha256 });
    end = sealed.end;
    return sealed.line;
  });
  store = await storeOf(others);
  const { events, damage } = await reader.read("s", next);
  assert.deepEqual(events, []);
  assert.match(damage!, /line 5 is damaged: the hash does not match/);
});
