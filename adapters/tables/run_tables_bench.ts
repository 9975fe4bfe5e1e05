/**
 * Measures the time and the memory of one query of a run with a million events. The memory can be read only on
 * Linux.
 */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { EMPTY_CHAIN, encodeEvent } from "../../core/events/codec.ts";
import type { DiscussionEvent } from "../../core/events/mod.ts";
import { sampleEvents } from "../../core/testing/sample_stream.ts";
import { nativeSha256 } from "../system.ts";
import type { RunWriter } from "../../core/ports/mod.ts";
import { folderRun } from "../stores/mod.ts";
import { sampleRun } from "../../core/testing/sample_run.ts";

const ASK_MANY = fileURLToPath(new URL("testing/ask_many.ts", import.meta.url));

const DISCUSSIONS = 20_000;
const EVENTS = 50;

/** The most memory that the query may use: DuckDB's memory, and the memory of Deno and its buffers. */
const PEAK_BYTES_MAX = 1.5 * 1024 ** 3;

const folder = Deno.makeTempDirSync();
globalThis.addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));

/** A discussion of `EVENTS` events. */
function* eventsOf(id: string): Generator<DiscussionEvent> {
  const [opened, , taken] = sampleEvents(id);
  if (taken?.type !== "TurnTaken") throw new TypeError("Cannot make events: the sample has changed");
  yield opened!;
  const turns = EVENTS - 2;
  for (let turn = 0; turn < turns; turn++) {
    const participant = turn % 2 === 0 ? "Ada" : "Bob";
    const text = `Comment ${turn} of ${id}. ${"The square should be open to everyone. ".repeat(7)}`;
    yield { type: "TurnTaken", data: { ...taken.data, turn, comment: turn, participant, text } };
  }
  yield { type: "DiscussionCompleted", data: { reason: "turns", turns, comments: turns } };
}

async function append({ store }: RunWriter, stream: string): Promise<void> {
  const lines: string[] = [];
  let end = EMPTY_CHAIN;
  for (const event of eventsOf(stream)) {
    const pending = { event, meta: { attempts: 1, latencyMs: 812 } };
    const sealed = encodeEvent(stream, end, { pending, atMs: Date.UTC(2026, 0, 1), sha256: nativeSha256 });
    lines.push(sealed.line);
    end = sealed.end;
  }
  await store.append(stream, 0, lines);
  store.release(stream);
}

const run = await folderRun(folder, { durable: false }).open(sampleRun());
for (let number = 0; number < DISCUSSIONS; number++) await append(run, `d${number}`);
await run.close();

const group = "a run of 1,000,000 events";

Deno.bench("reading all bytes of its logs", { group, baseline: true, n: 3, warmup: 0 }, () => {
  const discussions = join(folder, "discussions");
  for (const { name } of Deno.readDirSync(discussions)) Deno.readFileSync(join(discussions, name));
});

Deno.bench("one query, in a new process", { group, n: 3, warmup: 0 }, async () => {
  const { success, stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", ASK_MANY, folder],
    stderr: "inherit",
  }).output();
  const bytes = Number(new TextDecoder().decode(stdout));
  if (!success || !(bytes <= PEAK_BYTES_MAX)) {
    throw new Error(`The query used ${bytes} bytes of memory, expected at most ${PEAK_BYTES_MAX}`);
  }
});
