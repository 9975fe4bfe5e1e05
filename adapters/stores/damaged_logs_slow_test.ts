/** Changes bytes of logs: reading must stop at the damage, and a repair must not lose bytes. */
import assert from "node:assert/strict";
import { join } from "node:path";
import fc from "fast-check";
import { type AnnotationDesign, eventOf } from "../../core/events/mod.ts";
import { annotateDiscussions, DamagedStream, readStream, runDiscussions } from "../../core/engine/mod.ts";
import { portableSha256 } from "../../core/sha256.ts";
import type { EventStore } from "../../core/ports/mod.ts";
import { designWith, environmentWith, eventsOf, TEST_MODEL } from "../../core/testing/mod.ts";
import { inFolder } from "../testing/in_folder.ts";
import { JsonlEventStore } from "./jsonl_event_store.ts";
import { repairLog, verifyLog } from "./verify_log.ts";

const CHANGES = 400;

const PASS: AnnotationDesign = {
  pass: "mood",
  codebook: {
    version: "1",
    hash: "0".repeat(64),
    scales: [{ name: "mood", type: "ordinal", min: 1, max: 3, question: "How friendly is it?" }],
  },
  annotators: [{ name: "Rita", model: TEST_MODEL, persona: {}, instructions: "Judge." }],
  models: designWith().models,
  history: 1,
  targets: { of: "all" },
  requests: "separate",
  retries: 1,
  seed: "42",
  prompt: { version: 1 },
};

/** Runs or resumes a discussion, and annotates it. */
async function runAndAnnotate(store: EventStore, id: string): Promise<void> {
  const environment = environmentWith({ store });
  const { ended } = await runDiscussions([designWith({ id })], environment, { concurrency: 1 });
  const annotating = { ...environment, sha256: portableSha256 };
  const annotated = await annotateDiscussions(() => [id], PASS, { environment: annotating, concurrency: 1 });
  assert.deepEqual([ended, annotated.ended], [1, 1]);
}

/** The bytes of a log with annotations. */
async function logOf(folder: string, id: string): Promise<Uint8Array> {
  await withStore(folder, (store) => runAndAnnotate(store, id));
  return await Deno.readFile(join(folder, `${id}.jsonl`));
}

async function withStore<T>(folder: string, use: (store: JsonlEventStore) => Promise<T>): Promise<T> {
  const store = new JsonlEventStore(folder, { durable: false });
  try {
    return await use(store);
  } finally {
    await store.close();
  }
}

/** The events before the damage, and the error about the rest. */
async function readable(
  store: JsonlEventStore,
): Promise<{ events: unknown[]; refusal: DamagedStream | null }> {
  const events: unknown[] = [];
  try {
    for await (const envelope of readStream(store, "d1", portableSha256)) events.push(eventOf(envelope));
  } catch (error) {
    if (!(error instanceof DamagedStream)) throw error;
    return { events, refusal: error };
  }
  return { events, refusal: null };
}

Deno.test("readStream() reads a changed log up to the damage, and names the damaged line", () =>
  inFolder(async (folder) => {
    const whole = await logOf(folder, "d1");
    const other = await logOf(folder, "d2");
    const before = await withStore(folder, (store) => eventsOf(environmentWith({ store }), "d1"));
    const file = join(folder, "d1.jsonl");
    await fc.assert(
      fc.asyncProperty(changedBytes(whole, other), async (bytes) => {
        await Deno.writeFile(file, bytes);
        const { events, refusal } = await withStore(folder, readable);
        assert.deepEqual(events, before.slice(0, events.length));
        const { damage, bytesGood, bytesTorn } = verifyLog(file, portableSha256);
        assert.deepEqual(damage?.lineNumber, refusal?.lineNumber);
        if (refusal !== null) {
          assert.equal(refusal.lineNumber, events.length + 1);
          assert.ok(refusal.message.includes(`line ${refusal.lineNumber} of "${file}"`));
        } else {
          // Without damage, the file is the beginning of the log, as a killed process can leave it.
          assert.equal(bytesGood + bytesTorn, bytes.length);
          assert.deepEqual(bytes.subarray(0, bytesGood), whole.subarray(0, bytesGood));
        }
      }),
      { numRuns: CHANGES },
    );
  }));

Deno.test("repairLog() makes a log with any change resumable, and the resumed log has the same events as before", () =>
  inFolder(async (folder) => {
    const whole = await logOf(folder, "d1");
    const other = await logOf(folder, "d2");
    const before = await withStore(folder, (store) => eventsOf(environmentWith({ store }), "d1"));
    const file = join(folder, "d1.jsonl");
    await fc.assert(
      fc.asyncProperty(changedBytes(whole, other), async (bytes) => {
        await Deno.writeFile(file, bytes);
        const { report, setAside } = await repairLog(file, portableSha256);
        if (setAside !== null) {
          const aside = await Deno.readFile(setAside.file);
          assert.deepEqual(new Uint8Array([...await Deno.readFile(file), ...aside]), bytes);
          await Deno.remove(setAside.file);
        }
        assert.equal(verifyLog(file, portableSha256).events, report.events);
        await withStore(folder, (store) => runAndAnnotate(store, "d1"));
        assert.deepEqual(
          await withStore(folder, (store) => eventsOf(environmentWith({ store }), "d1")),
          before,
        );
      }),
      { numRuns: CHANGES },
    );
  }));

/** One change to bytes: flips, removes, inserts or repeats some, or replaces the rest by bytes from `elsewhere`. */
function changedBytes(bytes: Uint8Array, elsewhere: Uint8Array = bytes): fc.Arbitrary<Uint8Array> {
  const lines = [0, ...[...bytes.keys()].filter((at) => bytes[at] === 10).map((at) => at + 1)];
  const offset = fc.oneof(fc.nat(bytes.length), fc.constantFrom(...lines));
  const spliced = (at: number, removed: number, added: Iterable<number>) =>
    new Uint8Array([...bytes.subarray(0, at), ...added, ...bytes.subarray(at + removed)]);
  return fc.oneof(
    fc.tuple(offset, fc.integer({ min: 1, max: 255 })).map(([at, mask]) =>
      spliced(at, 1, at < bytes.length ? [bytes[at]! ^ mask] : [])
    ),
    fc.tuple(offset, fc.oneof(fc.nat(40), fc.nat(bytes.length))).map(([at, removed]) =>
      spliced(at, removed, [])
    ),
    fc.tuple(offset, fc.uint8Array({ maxLength: 40 })).map(([at, added]) => spliced(at, 0, added)),
    fc.tuple(offset, offset, offset).map(([at, from, to]) =>
      spliced(at, 0, bytes.subarray(Math.min(from, to), Math.max(from, to)))
    ),
    fc.tuple(offset, fc.nat(elsewhere.length), fc.nat(elsewhere.length)).map(([at, from, removed]) =>
      spliced(at, removed, elsewhere.subarray(from))
    ),
  );
}
