/**
 * Appends to several streams at a time for ever, and writes a line `STREAM SEQ` for everything that is acknowledged.
 * Usage: FOLDER
 */
import { JsonlEventStore } from "../jsonl_event_store.ts";

const STREAMS = 8;
const [folder] = Deno.args;
const store = new JsonlEventStore(folder!);
const encoder = new TextEncoder();

async function appendTo(stream: string): Promise<never> {
  let seq = 0;
  for await (const _ of store.read(stream)) seq++;
  for (;; seq++) {
    await store.append(stream, seq, [JSON.stringify({ stream, seq, text: "some text ".repeat(seq % 50) })]);
    Deno.stdout.writeSync(encoder.encode(`${stream} ${seq}\n`));
  }
}

await Promise.all(Array.from({ length: STREAMS }, (_, index) => appendTo(`stream-${index}`)));
