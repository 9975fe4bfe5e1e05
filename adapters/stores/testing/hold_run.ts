/** Opens a run folder, says `open` or what is in the way, and holds it until stdin ends. Usage: FOLDER [INDEX COUNT] */
import { openRunFolder } from "../run_folder.ts";
import { sampleRun } from "./sample_run.ts";

const [folder, index, count] = Deno.args;
const part = index === undefined ? undefined : { index: Number(index), count: Number(count) };
try {
  await openRunFolder(folder!, sampleRun(), part && { part });
  write("open");
  for await (const _ of Deno.stdin.readable);
} catch (error) {
  write(error instanceof Error ? error.message : error);
}

function write(line: unknown): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`));
}
