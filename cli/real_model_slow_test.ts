/** Runs an experiment with a real model, kills it and resumes it. */
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { join } from "node:path";
import { needsRealModel, REAL_MODEL_NAME, realModel } from "../adapters/models/testing/real_model.ts";
import { inFolder } from "../adapters/testing/in_folder.ts";
import { contentsOfRun, type Ended, ended, startProgram } from "./testing/processes.ts";
import { logBytes, runUntil } from "./testing/torture.ts";

const EXAMPLE = fileURLToPath(new URL("../examples/real-model/experiment.yaml", import.meta.url));

/** The time limit of a process. A busy machine needs minutes. */
const RUN_MS_MAX = 600_000;

/** When the logs have this many bytes, some comments are written, and others are still missing. */
const SOME_BYTES = 8000;

async function run(...args: readonly string[]): Promise<Ended> {
  return await ended(startProgram(args), RUN_MS_MAX);
}

Deno.test({
  ...needsRealModel(
    "a run of a real model that is killed and resumed has the same logs as an undisturbed run",
  ),
  fn: () =>
    inFolder(async (folder) => {
      await Deno.symlink(realModel(), join(folder, REAL_MODEL_NAME));
      const file = join(folder, "experiment.yaml");
      await Deno.writeTextFile(
        file,
        (await Deno.readTextFile(EXAMPLE)).replace("replications: 2", "replications: 1"),
      );
      const [undisturbed, killed] = [join(folder, "undisturbed"), join(folder, "killed")];
      const first = await run("run", file, "--out", undisturbed, "--quiet");
      assert.equal(first.code, 0, first.stderr);
      const isHalfDone = () => logBytes(killed) > SOME_BYTES;
      const half = await runUntil(isHalfDone, ["run", file, "--out", killed], RUN_MS_MAX);
      assert.equal(half.signal, "SIGKILL");
      const resumed = await run("run", file, "--out", killed, "--quiet");
      assert.equal(resumed.code, 0, resumed.stderr);
      const logs = await contentsOfRun(killed);
      assert.deepEqual(logs, await contentsOfRun(undisturbed));
      const count = (type: string) => [...logs.values()].join("").split(`{"type":"${type}"`).length - 1;
      assert.deepEqual([count("DiscussionCompleted"), count("AnnotationPassCompleted")], [2, 2]);
      const verified = await run("verify", killed, "--design");
      assert.equal(verified.code, 0, verified.stdout + verified.stderr);
    }),
});
