/** Appends two lines to each of many streams, without ever releasing one. Usage: FOLDER STREAMS */
import { JsonlEventStore } from "../jsonl_event_store.ts";

const [folder, streams] = Deno.args;
const store = new JsonlEventStore(folder!, { durable: false });
for (const seq of [0, 1]) {
  for (let stream = 0; stream < Number(streams); stream++) {
    await store.append(`s${stream}`, seq, [String(seq)]);
  }
}
await store.close();
