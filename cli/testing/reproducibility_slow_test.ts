/** Checks on real processes that the same file and seed give the same logs, at any concurrency and after kills. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { inFolder } from "../../adapters/testing/in_folder.ts";
import { judgedExperiment } from "./experiments.ts";
import { torture } from "./torture.ts";
import { contentsOfRun, runProgram } from "./processes.ts";

/** For more kills, use `deno task torture --kills N`. */
const KILLS = 15;

async function runOnce(file: string, out: string, ...args: string[]): Promise<Map<string, string>> {
  const { code, stderr } = await runProgram(["run", file, "--out", out, ...args]);
  assert.equal(code, 0, stderr);
  return await contentsOfRun(out);
}

Deno.test("run and its annotation give the same type and data at any concurrency", () =>
  inFolder(async (folder) => {
    const file = join(folder, "experiment.yaml");
    await Deno.writeTextFile(
      file,
      judgedExperiment("{ adapter: scripted, latencyMs: [1, 12], silence: 0.1 }"),
    );
    const alone = await runOnce(file, join(folder, "alone"), "--concurrency", "1");
    const together = await runOnce(file, join(folder, "together"), "--concurrency", "12");
    assert.equal(alone.size, 12);
    assert.deepEqual(together, alone);
  }));

for (const answering of ["script", "server"] as const) {
  Deno.test(`run and its annotation give the same type and data after ${KILLS} SIGKILLs, with answers from a ${answering}`, () =>
    inFolder(async (folder) => {
      const { kills } = await torture(folder, { kills: KILLS, seed: 1, answering });
      assert.equal(kills, KILLS);
    }));
}
