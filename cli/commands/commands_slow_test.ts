import assert from "node:assert/strict";
import { join } from "node:path";
import { inFolder } from "../../adapters/testing/in_folder.ts";
import { experiment, jsonLines } from "../testing/experiments.ts";
import { runProgram } from "../testing/processes.ts";

Deno.test("init, validate, plan, run, status, replay, report and verify work on one experiment after each other", async () => {
  await inFolder(async (cwd) => {
    const init = await runProgram(["init"], { cwd });
    assert.equal(init.code, 0, init.stderr);
    assert.match(init.stdout, /run experiment\.yaml/);
    const again = await runProgram(["init"], { cwd });
    assert.equal(again.code, 2);
    assert.match(again.stderr, /Cannot write "experiment\.yaml": the file exists/);

    const valid = await runProgram(["validate", "experiment.yaml"], { cwd });
    // The file declares two levels of the moderator, five replications and eight turns.
    assert.equal(
      valid.stdout,
      "experiment.yaml: valid: 2 conditions, 10 discussions, 80 turns\n" +
        "analysis: words by moderator (reference none); 1 test, Holm\n",
    );

    const plan = jsonLines((await runProgram(["plan", "experiment.yaml", "--json"], { cwd })).stdout)[0];
    assert.deepEqual(plan.analysis.effects, [["moderator"]]);
    // In five discussions, the on-demand moderator is asked after each of the eight turns.
    assert.deepEqual(
      plan.models.map(({ participant, moderator, certainty }: Record<string, unknown>) => ({
        participant,
        moderator,
        certainty,
      })),
      [{ participant: 80, moderator: 40, certainty: "exact" }],
    );
    assert.deepEqual([...Deno.readDirSync(cwd)].map(({ name }) => name), ["experiment.yaml"]);

    const run = await runProgram(["run", "experiment.yaml"], { cwd });
    assert.equal(run.code, 0, run.stderr);
    assert.match(run.stdout, /10 of 10 ended/);
    assert.match(run.stderr, /^discussions 0\/10, turns 0\/80/);
    assert.ok(!(run.stdout + run.stderr).includes("\x1b"));

    const status =
      jsonLines((await runProgram(["status", "runs/first-experiment", "--json"], { cwd })).stdout)[0];
    assert.deepEqual(
      [status.planned, status.completed, status.half, status.notBegun, status.turns, status.running],
      [10, 10, 0, 0, 80, []],
    );

    const replay = await runProgram(["replay", "runs/first-experiment", "--verify"], { cwd });
    assert.equal(replay.code, 0);
    assert.match(
      replay.stdout,
      /^10 discussions, .*: 120 prompts rendered again without a difference; no divergences\n$/,
    );

    const report = await runProgram(["report", "runs/first-experiment"], { cwd });
    assert.equal(report.code, 0, report.stderr);
    assert.match(report.stdout, /words by moderator\[gentle\]: \S+ \(\S+ to \S+\), p /);

    const verify = await runProgram(["verify", "runs/first-experiment"], { cwd });
    assert.equal(verify.code, 0);
    assert.match(verify.stdout, /^10 logs \(10 of finished discussions\), .*: all unchanged\n$/);
  });
});

Deno.test("validate lists every problem with its line and column, and run writes nothing", async () => {
  await inFolder(async (cwd) => {
    const file = join(cwd, "wrong.yaml");
    await Deno.writeTextFile(
      file,
      experiment("{ adapter: scripted }").replace("turns: 4", "turns: four").replace("seed", "sed"),
    );
    const { code, stdout, stderr } = await runProgram(["validate", "wrong.yaml"], { cwd });
    assert.equal(code, 2);
    assert.equal(stdout, "");
    assert.match(stderr, /^wrong\.yaml:2:1: sed: unknown key; did you mean "seed"\?$/m);
    assert.match(stderr, /^wrong\.yaml:5:22: discussion\.turns: expected a whole number/m);
    const json = jsonLines((await runProgram(["validate", "wrong.yaml", "--json"], { cwd })).stdout)[0];
    assert.equal(json.valid, false);
    const run = await runProgram(["run", "wrong.yaml"], { cwd });
    assert.equal(run.code, 2);
    assert.doesNotMatch(run.stderr, /\n +at /);
    assert.deepEqual([...Deno.readDirSync(cwd)].map(({ name }) => name), ["wrong.yaml"]);
    assert.equal((await runProgram(["run", "absent.yaml"], { cwd })).code, 2);
  });
});

Deno.test("schema writes a JSON Schema", async () => {
  const { code, stdout } = await runProgram(["schema"]);
  assert.equal(code, 0);
  assert.equal(JSON.parse(stdout).type, "object");
});

Deno.test("completions writes a script that bash accepts, and completes commands and options", async () => {
  const { code, stdout } = await runProgram(["completions", "bash"]);
  assert.equal(code, 0);
  const bash = await new Deno.Command("bash", { args: ["-n", "-c", stdout] }).output();
  assert.equal(bash.code, 0, new TextDecoder().decode(bash.stderr));
  assert.equal((await runProgram(["completions", "bash", "st"])).stdout, "status");
  assert.match((await runProgram(["completions", "bash", "run", "--sh"])).stdout, /^--shard$/m);
  assert.equal((await runProgram(["completions", "klingon"])).code, 2);
});
