import assert from "node:assert/strict";
import { CLAIM_CASES } from "../../core/ports/claims_conformance.ts";
import { runConformance } from "../../core/ports/run_conformance.ts";
import { sampleRun } from "../../core/testing/sample_run.ts";
import { inFolder } from "../testing/in_folder.ts";
import { folderRun } from "./folder_run.ts";

const makeHarness = async () => {
  const folder = await Deno.makeTempDir();
  const open = () => folderRun(`${folder}/runs/sample`, { durable: false });
  return { home: open(), again: open, cleanup: () => Deno.remove(folder, { recursive: true }) };
};

const skip = [{ reason: "processes cannot share a folder", tests: Object.keys(CLAIM_CASES) }];

for (const test of runConformance("folderRun()", makeHarness, skip)) Deno.test(test);

Deno.test("join() of a folder says how processes can share a run", () =>
  inFolder(async (folder) => {
    await assert.rejects(
      folderRun(folder).join(),
      /^RunError: Cannot join the run .* --shard, or keep the run in a database/,
    );
  }));

Deno.test("writeText() does not make a run folder again after it disappeared", () =>
  inFolder(async (folder) => {
    const run = await folderRun(`${folder}/run`).open(sampleRun());
    await Deno.rename(`${folder}/run`, `${folder}/moved`);
    for (const name of ["prices.json", "annotations/mood.yaml"]) {
      await assert.rejects(run.writeText(name, "{}"), /^RunError: Cannot write ".*": it does not exist/);
      assert.deepEqual([...Deno.readDirSync(folder)].map(({ name }) => name), ["moved"]);
    }
    await Deno.rename(`${folder}/moved`, `${folder}/run`);
    await run.writeText("annotations/mood.yaml", "a: 1");
    assert.equal(await Deno.readTextFile(`${folder}/run/annotations/mood.yaml`), "a: 1");
    await run.close();
  }));

Deno.test("reopen() names the command that writes a missing manifest again from the run's log", () =>
  inFolder(async (folder) => {
    const home = folderRun(folder);
    await (await home.open(sampleRun())).close();
    const problem = /^RunError: .*its "manifest\.json" is missing\. Give this folder to the command "run"/;
    await Deno.remove(`${folder}/manifest.json`);
    await assert.rejects(home.reopen(), problem);
    await Deno.remove(`${folder}/discussions`, { recursive: true });
    await assert.rejects(home.reopen(), problem);
  }));
