import assert from "node:assert/strict";
import { hashOf } from "../events/codec.ts";
import { DamagedLine } from "../events/event_type.ts";
import { memoryEventStore, StoreError } from "./mod.ts";
import { eventStoreConformance } from "./event_store_conformance.ts";
import type { LogEnd } from "../events/mod.ts";
import type { LogsRecorded } from "../run_log/mod.ts";
import { LOGS_PER_EVENT_MAX, RecordingStore } from "./recording_store.ts";

/** A line with a hash that is easy to read. */
const line = (digit: number) => `{"hash":"x","hash":"${String(digit).repeat(64)}"}`;
const hash = (digit: number) => hashOf(line(digit));

function recordingWith(ends: Readonly<Record<string, LogEnd>> = {}) {
  const events: LogsRecorded["data"]["logs"][] = [];
  const held = memoryEventStore();
  const clock = { nowMs: 0, fails: false };
  const store = new RecordingStore(held, {
    ends: new Map(Object.entries(ends)),
    record(event) {
      if (clock.fails) return Promise.reject(new StoreError("the disk is full"));
      events.push(event.data.logs);
      return Promise.resolve();
    },
    now: () => clock.nowMs,
  });
  return { store, held, events, clock };
}

const makeStore = () => {
  const { store } = recordingWith();
  return Promise.resolve({ store, reopen: () => Promise.resolve(store), cleanup: () => Promise.resolve() });
};

for (const test of eventStoreConformance("RecordingStore", makeStore)) Deno.test(test);

Deno.test("RecordingStore records the ends of logs that were read or appended to", async () => {
  const { store, held, events } = recordingWith({ b: [2, hash(2)] });
  await held.append("a", 0, [line(0), line(1)]);
  await held.append("b", 0, [line(1), line(2)]);
  await Array.fromAsync(store.read("a"));
  await Array.fromAsync(store.read("b"));
  await store.append("c", 0, [line(3)]);
  await store.recordAll();
  await store.recordAll();
  assert.deepEqual(events, [{ a: [2, hash(1)], c: [1, hash(3)] }], "the end of b is recorded already");
  await store.append("c", 1, [line(4)]);
  store.release("c");
  assert.equal(events.length, 1, "one released log waits for others");
  await store.recordAll();
  assert.deepEqual(events[1], { c: [2, hash(4)] });
});

Deno.test("RecordingStore does not record a log that was not read to its end", async () => {
  const { store, held, events } = recordingWith();
  await held.append("a", 0, [line(0), line(1)]);
  for await (const _ of store.read("a")) break;
  store.release("a");
  await store.recordAll();
  assert.deepEqual(events, []);
});

Deno.test("RecordingStore records released logs when there are enough of them, or after a minute", async () => {
  const { store, events, clock } = recordingWith();
  for (let at = 0; at < LOGS_PER_EVENT_MAX; at++) {
    assert.equal(events.length, 0);
    await store.append(`s${at}`, 0, [line(0)]);
    store.release(`s${at}`);
  }
  await store.append("late", 0, [line(0)]);
  assert.deepEqual(events.map((logs) => Object.keys(logs).length), [LOGS_PER_EVENT_MAX]);
  clock.nowMs = 60_000;
  store.release("late");
  await store.append("next", 0, [line(0)]);
  assert.deepEqual(Object.keys(events[1]!), ["late"]);
  for (let at = 0; at < 2 * LOGS_PER_EVENT_MAX; at++) await store.append(`open${at}`, 0, [line(0)]);
  await store.recordAll();
  assert.deepEqual(events.slice(2).map((logs) => Object.keys(logs).length), [256, 256, 1]);
});

Deno.test("RecordingStore refuses a log that lacks a recorded event", async () => {
  const { store, held } = recordingWith({ cut: [3, hash(2)], changed: [2, hash(1)], gone: [1, hash(0)] });
  await held.append("cut", 0, [line(0), line(1)]);
  await held.append("changed", 0, [line(0), line(7), line(8)]);
  const read: string[] = [];
  const refused = async (stream: string, message: RegExp) =>
    await assert.rejects(async () => {
      for await (const text of store.read(stream)) read.push(text);
    }, (error) => {
      assert.ok(error instanceof DamagedLine && error.kind === "lost-events");
      assert.match(error.message, message);
      return true;
    });
  await refused("cut", /records 3 events, but this log has only 2\. Restore the log/);
  await refused("changed", /records a different event as number 2, so this log was changed/);
  await refused("gone", /records 1 events, but this log has only 0/);
  assert.deepEqual(read, [line(0), line(1), line(0)]);
});

Deno.test("after an end could not be recorded, RecordingStore refuses appends", async () => {
  const { store, clock } = recordingWith();
  await store.append("a", 0, [line(0)]);
  clock.fails = true;
  await assert.rejects(store.recordAll(), StoreError);
  await assert.rejects(store.append("a", 1, [line(1)]), /the disk is full/);
  await assert.rejects(store.recordAll(), StoreError);
});

Deno.test("after a failed append, RecordingStore reports no second error", async () => {
  const { store, held, clock } = recordingWith();
  await store.append("a", 0, [line(0)]);
  held.append = () => Promise.reject(new StoreError("the disk is full"));
  await assert.rejects(store.append("a", 1, [line(1)]), StoreError);
  clock.fails = true;
  await store.recordAll();
});

Deno.test("RecordingStore keeps the end of its own append, even if lines that were read ahead end earlier", async () => {
  const { store, held, events } = recordingWith();
  await held.append("a", 0, [line(0)]);
  held.readAhead = () =>
    async function* () {
      yield line(0);
    };
  const ahead = store.readAhead(["a"]);
  await store.append("a", 1, [line(1)]);
  store.release("a");
  for (const _ of ["its end waits", "its end is recorded"]) {
    assert.deepEqual(await Array.fromAsync(ahead("a")), [line(0)]);
    await store.recordAll();
  }
  assert.deepEqual(events, [{ a: [2, hash(1)] }]);
});
