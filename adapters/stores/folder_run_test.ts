import { runConformance } from "../../core/ports/run_conformance.ts";
import { folderRun } from "./folder_run.ts";

const makeHarness = async () => {
  const folder = await Deno.makeTempDir();
  const open = () => folderRun(`${folder}/runs/sample`, { durable: false });
  return { home: open(), again: open, cleanup: () => Deno.remove(folder, { recursive: true }) };
};

for (const test of runConformance("folderRun()", makeHarness)) Deno.test(test);
