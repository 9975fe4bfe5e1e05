/**
 * Measures the store: appends to 1, 64 and 512 streams, with and without syncs, and reading.
 *
 * The baseline for appends is `writeSync` of the same bytes without a store, with and without syncs.
 */
import { EMPTY_CHAIN, encodeEvent } from "../../core/events/codec.ts";
import { readStream } from "../../core/engine/stream.ts";
import { nativeSha256 } from "../system.ts";
import { JsonlEventStore } from "./jsonl_event_store.ts";

/** How many events each measured call appends or reads. */
const EVENTS = 4096;

const folder = Deno.makeTempDirSync();
globalThis.addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));

const line = JSON.stringify({ type: "TurnTaken", data: { text: "a comment of usual length. ".repeat(20) } });
const bytes = new TextEncoder().encode(line + "\n");

for (const durable of [true, false]) {
  const group = `append ${EVENTS} events, ${durable ? "durable" : "not durable"}`;
  Deno.bench(`writeSync${durable ? " and syncDataSync" : ""}`, { group, baseline: true }, () => {
    using file = Deno.openSync(`${folder}/raw`, { create: true, append: true });
    for (let event = 0; event < EVENTS; event++) {
      file.writeSync(bytes);
      if (durable) file.syncDataSync();
    }
  });
  for (const streams of [1, 64, 512]) {
    const store = new JsonlEventStore(`${folder}/${durable}-${streams}`, { durable });
    let seq = 0;
    Deno.bench(`JsonlEventStore, ${streams} streams at a time`, { group }, async () => {
      const perStream = EVENTS / streams;
      const from = seq;
      seq += perStream;
      await Promise.all(Array.from({ length: streams }, async (_, stream) => {
        for (let event = from; event < from + perStream; event++) {
          await store.append(`s${stream}`, event, [line]);
        }
      }));
    });
  }
}

const read = new JsonlEventStore(`${folder}/read`, { durable: false });
let end = EMPTY_CHAIN;
for (let turn = 0; turn < EVENTS; turn++) {
  const data = { comment: turn, author: "Ada", text: "a comment of usual length. ".repeat(20) };
  const pending = { event: { type: "SeedCommentPosted", data } } as const;
  const encoded = encodeEvent("long", end, { pending, atMs: 0, sha256: nativeSha256 });
  await read.append("long", end.seq, [encoded.line]);
  end = encoded.end;
}

const group = `read ${EVENTS} events`;
Deno.bench("readTextFile and split", { group, baseline: true }, async () => {
  (await Deno.readTextFile(read.locate("long"))).split("\n");
});
Deno.bench("JsonlEventStore.read()", { group }, async () => {
  for await (const _ of read.read("long"));
});
Deno.bench("readStream()", { group }, async () => {
  for await (const _ of readStream(read, "long", nativeSha256));
});
