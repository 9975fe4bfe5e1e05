import { join } from "node:path";
import { hashOf } from "../../../core/events/codec.ts";

/**
 * Cuts a run's log after the first start of a command. A process leaves such a log if it is killed before it records
 * the ends of the discussions' logs.
 */
export function forgetEnds(run: string, command: "run" | "annotate" | "reparse" = "run"): void {
  const file = join(run, "run.jsonl");
  const lines = Deno.readTextFileSync(file).split("\n");
  const start = lines.findIndex((line) => line.includes(`"RunStarted","v":1,"data":{"command":"${command}"`));
  Deno.writeTextFileSync(file, `${lines.slice(0, start + 1).join("\n")}\n`);
  const manifest = join(run, "manifest.json");
  const runLogEnd = [start + 1, hashOf(lines[start]!)];
  Deno.writeTextFileSync(
    manifest,
    JSON.stringify({ ...JSON.parse(Deno.readTextFileSync(manifest)), runLogEnd }),
  );
}
