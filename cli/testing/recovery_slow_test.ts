/** Checks that a run resumes after a full disk, and after a move of its folder. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { mountSmallDisk, NO_SMALL_DISK } from "../../adapters/stores/testing/small_disk.ts";
import { inFolder } from "../../adapters/testing/in_folder.ts";
import { judgedExperiment } from "./experiments.ts";
import { logBytes, runUntil } from "./torture.ts";
import { contentsOfRun, runProgram } from "./processes.ts";

const SCRIPTED = "{ adapter: scripted, silence: 0.1 }";
const PAGE_BYTES = 4096;
const DISK_PAGES = 64;

/** Each attempt has this many more free pages on the disk than the one before, until the whole run fits. */
const PAGES_STEP = 4;

Deno.test({
  name: "run exits with 3 and one message on a full disk, and resumes when there is room" +
    (NO_SMALL_DISK === null ? "" : ` (skipped: ${NO_SMALL_DISK})`),
  ignore: NO_SMALL_DISK !== null,
  fn: () =>
    inFolder(async (folder) => {
      const file = join(folder, "experiment.yaml");
      await Deno.writeTextFile(
        file,
        judgedExperiment(SCRIPTED, 1).replace("perDiscussion: 4", "perDiscussion: 40"),
      );
      const undisturbed = join(folder, "undisturbed");
      assert.equal((await runProgram(["run", file, "--out", undisturbed])).code, 0);
      const stages = new Set<string>();
      for (let free = 0;; free += PAGES_STEP) {
        using disk = mountSmallDisk(DISK_PAGES * PAGE_BYTES);
        const filler = join(disk.path, "filler");
        // The file that fills the disk can fail at its end, because the folder needs a page, too. Then the
        // disk is full.
        await Deno.writeFile(filler, new Uint8Array((DISK_PAGES - free) * PAGE_BYTES)).catch(() => {});
        const out = join(disk.path, "run");
        const { code, stderr } = await runProgram(["run", file, "--out", out, "--quiet"]);
        if (code === 0) break;
        assert.equal(code, 3, stderr);
        assert.match(
          stderr,
          // First, a warning can say that the operations log is incomplete.
          /^(?:"[^\n]+log\.jsonl" is incomplete: [^\n]+\n)?error Cannot [^\n]+: the disk is full\. Free some space, then [^\n]+\n$/,
        );
        stages.add(stageOf(out));
        await Deno.remove(filler);
        const again = await runProgram(["run", file, "--out", out, "--quiet"]);
        assert.deepEqual([again.code, again.stderr], [0, ""]);
        assert.deepEqual(await contentsOfRun(out), await contentsOfRun(undisturbed));
      }
      assert.deepEqual(stages, new Set(["beginning", "discussing", "annotating"]));
    }),
});

/** The stage of a run when the disk was full. */
function stageOf(out: string): string {
  if (logBytes(out) === 0) return "beginning";
  const logs = join(out, "discussions");
  const texts = [...Deno.readDirSync(logs)].map(({ name }) => Deno.readTextFileSync(join(logs, name)));
  return texts.some((text) => text.includes("AnnotationPassStarted")) ? "annotating" : "discussing";
}

Deno.test("run resumes a killed run after its folder was moved", () =>
  inFolder(async (folder) => {
    const [here, there] = [join(folder, "here"), join(folder, "there")];
    await Deno.mkdir(here);
    await Deno.writeTextFile(
      join(here, "e.yaml"),
      judgedExperiment(SCRIPTED.replace("}", ", latencyMs: 30 }"), 1),
    );
    const run = (place: string, out: string) => ["run", join(place, "e.yaml"), "--out", join(place, out)];
    assert.equal((await runProgram(run(here, "undisturbed"))).code, 0);
    const killed = await runUntil(() => logBytes(join(here, "killed")) > 8000, run(here, "killed"));
    assert.equal(killed.signal, "SIGKILL");
    await Deno.rename(here, there);
    const { code, stderr } = await runProgram(run(there, "killed"));
    assert.equal(code, 0, stderr);
    assert.deepEqual(
      await contentsOfRun(join(there, "killed")),
      await contentsOfRun(join(there, "undisturbed")),
    );
  }));
