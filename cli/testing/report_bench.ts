/**
 * Measures the time of a report of a big run, and of the steps in it. The run has 221,000 events of 1,000 discussions, with
 * 30,000 comments. Making the run takes longer than all measurements.
 */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { nativeSha256 } from "../../adapters/system.ts";
import { folderRun } from "../../adapters/stores/mod.ts";
import { AHEAD_MAX, TextPool } from "../../adapters/workers/mod.ts";
import { type MeasureTexts, measureTexts } from "../../analysis/mod.ts";
import { observe } from "../../analysis/outcomes/mod.ts";
import { readStream } from "../../core/engine/mod.ts";
import { readSlots } from "../../analysis/projections/mod.ts";
import { makeBigRun } from "./big_run.ts";

const MAIN = fileURLToPath(new URL("../main.ts", import.meta.url));
const folder = await Deno.makeTempDir();
globalThis.addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));
await makeBigRun(folder);
const { store } = await folderRun(folder).read();

async function observeStream(stream: string, measure: MeasureTexts): Promise<void> {
  const slots = await readSlots(readStream(store, stream, nativeSha256));
  await observe("big", slots!, measure);
}

const options = { n: 3, warmup: 1 } as const;

Deno.bench("read all bytes of the logs", { ...options, baseline: true }, () => {
  const discussions = join(folder, "discussions");
  for (const { name } of Deno.readDirSync(discussions)) Deno.readFileSync(join(discussions, name));
});

Deno.bench("readStream() of every discussion", options, async () => {
  for await (const stream of store.streams()) for await (const _ of readStream(store, stream, nativeSha256));
});

Deno.bench("observe() every discussion, texts measured in this thread", options, async () => {
  for await (const stream of store.streams()) {
    await observeStream(stream, (texts) => Promise.try(measureTexts, texts));
  }
});

Deno.bench("observe() every discussion, texts measured by a TextPool", options, async () => {
  using pool = new TextPool();
  const observed: Promise<unknown>[] = [];
  for await (const stream of store.streams()) {
    observed.push(observeStream(stream, pool.measure));
    if (observed.length >= AHEAD_MAX) await observed.shift();
  }
  await Promise.all(observed);
});

Deno.bench("report in all forms, as a separate process", options, async () => {
  const args = ["run", "-A", MAIN, "report", folder];
  const { success, stderr } = await new Deno.Command(Deno.execPath(), { args, stdin: "null" }).output();
  if (!success) throw new Error(`Cannot measure: ${new TextDecoder().decode(stderr)}`);
});
