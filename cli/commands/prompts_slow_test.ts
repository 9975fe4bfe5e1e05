import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { inFolder } from "../../adapters/testing/in_folder.ts";
import { ADAPTER, jsonLines, judgedExperiment, RULE, SMALL } from "../testing/experiments.ts";
import { runProgram } from "../testing/processes.ts";

Deno.test("prompts shows each request of a run as it was sent, with its reply and its reading", async () => {
  await inFolder(async (cwd) => {
    const text = judgedExperiment('{ adapter: scripted, replies: ["<think>Hm.</think>Yes.", "PASS"] }', 1);
    await Deno.writeTextFile(join(cwd, "e.yaml"), text);
    const run = await runProgram(["run", "e.yaml", "--out", "run", "--quiet"], { cwd });
    assert.equal(run.code, 0, run.stderr);
    const all = await runProgram(["prompts", "run", "-d", "host", "--json"], { cwd });
    assert.equal(all.code, 0, all.stderr);
    const requests = jsonLines(all.stdout);
    // Ten turns, a moderator after three of them, and the questions about four comments to two annotators.
    const roles = (wanted: string) => requests.filter(({ role }) => role === wanted).length;
    assert.deepEqual([roles("participant"), roles("moderator")], [10, 3]);
    assert.ok(roles("annotator") >= 8);
    assert.deepEqual([...new Set(requests.map(({ prompt }) => prompt.check))], ["same"]);
    const thought = requests.find(({ data }) => data.thoughts !== undefined);
    const shown = await runProgram(["prompts", "run", "-d", "host", "--at", String(thought.event)], { cwd });
    assert.match(shown.stdout, /\nPrompt, as in the log \(equal SHA-256\)\n {2}\[system\]\n/);
    assert.match(
      shown.stdout,
      /\nReply, .*\n {2}<think>Hm\.<\/think>Yes\.\nThoughts\n {2}Hm\.\nRead as\n {2}comment \d+: Yes\.\n/,
    );
    const opening = await runProgram(["prompts", "run", "-d", "host", "--at", "0"], { cwd });
    assert.equal(opening.code, 2);
    assert.match(opening.stderr, /Cannot show the prompt of event 0 of "host.*": no model was asked for it/);
    const late = await runProgram(["prompts", "run", "-d", "host", "--at", "9999"], { cwd });
    assert.match(late.stderr, /Cannot show event 9999 of "host.*": its last event is \d+\n/);
  });
});

Deno.test("prompts runs no code of a run that came from elsewhere", async () => {
  await inFolder(async (cwd) => {
    await Deno.writeTextFile(join(cwd, "rule.ts"), `console.log("executed");\n${RULE}`);
    await Deno.writeTextFile(join(cwd, "adapter.ts"), `console.log("executed");\n${ADAPTER}`);
    await Deno.writeTextFile(
      join(cwd, "e.yaml"),
      `name: own
seed: 1
models: { m: { adapter: ./adapter.ts } }
participants: { model: m, personas: [{ name: Ann }, { name: Bob }] }
discussion: { turns: 2, turnTaking: ./rule.ts }
`,
    );
    const env = { XDG_CONFIG_HOME: join(cwd, "sender") };
    const run = await runProgram(["run", "e.yaml", "--out", "run", "--quiet"], { cwd, env });
    assert.equal(run.code, 0, run.stderr);
    for (const rest of [[], ["-d", "base"]]) {
      const received = { XDG_CONFIG_HOME: join(cwd, "receiver") };
      const { code, stdout, stderr } = await runProgram(["prompts", "run", ...rest], { cwd, env: received });
      assert.equal(code, 0, stderr);
      assert.match(stdout, /You are Ann/);
      assert.doesNotMatch(stdout + stderr, /executed/);
    }
  });
});

Deno.test("prompts says why a run has no experiment file", async () => {
  await inFolder(async (cwd) => {
    const comments = fileURLToPath(new URL("../../examples/import/comments.csv", import.meta.url));
    const imported = await runProgram(["import", comments, "--out", "imported"], { cwd });
    assert.equal(imported.code, 0, imported.stderr);
    const other = await runProgram(["prompts", "imported"], { cwd });
    assert.equal(other.code, 2);
    assert.match(other.stderr, /run "imported": the run was imported, so it has no .* --discussion\n/);
    await Deno.writeTextFile(join(cwd, "e.yaml"), SMALL);
    const run = await runProgram(["run", "e.yaml", "--out", "run", "--quiet"], { cwd });
    assert.equal(run.code, 0, run.stderr);
    await Deno.remove(join(cwd, "run", "experiment.yaml"));
    const lost = await runProgram(["prompts", "run"], { cwd });
    assert.equal(lost.code, 3);
    assert.match(lost.stderr, /"run.experiment\.yaml": it does not exist\. Restore it from a copy\n/);
  });
});
