/** Kills real processes that annotate, and checks that a restart gives the same annotations. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { inFolder } from "../../adapters/testing/in_folder.ts";
import { openDraw } from "../../core/random/mod.ts";
import { annotatedExperiment, annotationFile, experiment, JUDGE } from "./experiments.ts";
import { contentsOfRun, ended, runProgram, startProgram } from "./processes.ts";

/** An annotator model that is slow enough for several kills. */
const SLOW = JUDGE.replace("scripted,", "scripted, latencyMs: [15, 45],");
const KILLS_MAX = 10;

/** Starts a command again and again, and kills it at random times. Returns the number of kills. */
async function runWithKills(args: readonly string[], cwd: string): Promise<number> {
  const draw = openDraw("kills", args.length);
  for (let kills = 0; kills < KILLS_MAX; kills++) {
    const child = startProgram(args, { cwd });
    const timer = setTimeout(() => child.kill("SIGKILL"), 350 + draw.below(300));
    const { code, signal, stderr } = await ended(child);
    clearTimeout(timer);
    if (signal !== null) continue;
    assert.equal(code, 0, stderr);
    return kills;
  }
  const { code, stderr } = await runProgram(args, { cwd });
  assert.equal(code, 0, stderr);
  return KILLS_MAX;
}

async function runs(args: readonly string[], cwd: string): Promise<void> {
  const { code, stderr } = await runProgram(args, { cwd });
  assert.equal(code, 0, stderr);
}

Deno.test("annotate gives the same type and data after SIGKILLs, and at any concurrency", () =>
  inFolder(async (cwd) => {
    await Deno.writeTextFile(join(cwd, "e.yaml"), experiment("{ adapter: scripted }"));
    await Deno.writeTextFile(join(cwd, "a.yaml"), annotationFile(SLOW));
    const folders = ["undisturbed", "killed", "alone"];
    for (const folder of folders) await runs(["run", "e.yaml", "--quiet", "--out", folder], cwd);
    await runs(["annotate", "undisturbed", "-w", "a.yaml", "-c", "16"], cwd);
    await runs(["annotate", "alone", "-w", "a.yaml", "-c", "1"], cwd);
    const kills = await runWithKills(["annotate", "killed", "-w", "a.yaml", "-c", "1"], cwd);
    assert.ok(kills >= 2, `only ${kills} kills hit the annotation: it is too short for this test`);
    const [undisturbed, killed, alone] = await Promise.all(
      folders.map((name) => contentsOfRun(join(cwd, name))),
    );
    assert.deepEqual(killed, undisturbed);
    assert.deepEqual(alone, undisturbed);
    await runs(["verify", "killed"], cwd);
  }));

Deno.test("run with an annotation gives the same type and data after SIGKILLs in its discussions and its annotation", () =>
  inFolder(async (cwd) => {
    const model = "{ adapter: scripted, latencyMs: [20, 60] }";
    await Deno.writeTextFile(join(cwd, "e.yaml"), annotatedExperiment(SLOW, model));
    await runs(["run", "e.yaml", "--out", "undisturbed"], cwd);
    const kills = await runWithKills(["run", "e.yaml", "--out", "killed", "-c", "1"], cwd);
    assert.ok(kills >= 2, `only ${kills} kills hit the run: it is too short for this test`);
    assert.deepEqual(await contentsOfRun(join(cwd, "killed")), await contentsOfRun(join(cwd, "undisturbed")));
  }));
