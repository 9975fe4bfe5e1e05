/** Code that comes with a run's folder runs only with --trust-code. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { inFolder } from "../../adapters/testing/in_folder.ts";
import { jsonLines } from "../testing/experiments.ts";
import { type Ended, runProgram } from "../testing/processes.ts";

/** Code that writes the file `mark` when it runs. */
function marking(mark: string, code: string): string {
  return `Deno.writeTextFileSync(${JSON.stringify(mark)}, "");\n${code}\n`;
}

const RULE = 'export default { name: "rule", select: (view) => view.turn % 2 };';
const SCHEDULE =
  'export default { name: "schedule", isDue: (view) => view.turn % 2 === 1, mayAbstain: true };';
const ADAPTER = `export default {
  serviceOptions: ["speed"],
  create: () => ({ generate: () => Promise.resolve({ text: "Hm.", finishReason: "stop" }) }),
};`;

type Project = Readonly<{
  cwd: string;
  /** The names of the code files that have run since the last call. Removes their marks. */
  marks: () => readonly string[];
  run: (...args: string[]) => Promise<Ended>;
}>;

/** Runs an experiment with files of its own for the strategy, the schedule and the adapter. */
async function withRun(test: (project: Project) => Promise<void>): Promise<void> {
  await inFolder(async (cwd) => {
    const names = ["rule", "schedule", "adapter"];
    const mark = (name: string) => join(cwd, `${name}.ran`);
    await Deno.mkdir(join(cwd, "exp"));
    await Deno.writeTextFile(join(cwd, "exp", "rule.ts"), marking(mark("rule"), RULE));
    await Deno.writeTextFile(join(cwd, "schedule.mjs"), marking(mark("schedule"), SCHEDULE));
    const adapter = join(cwd, "adapter.js");
    await Deno.writeTextFile(adapter, marking(mark("adapter"), ADAPTER));
    await Deno.writeTextFile(
      join(cwd, "exp", "p.json"),
      '[{ "name": "Ann" }, { "name": "Bob" }, { "name": "Cem" }]',
    );
    await Deno.writeTextFile(
      join(cwd, "exp", "e.yaml"),
      `name: own
seed: 1
models: { m: { adapter: ${JSON.stringify(adapter)}, speed: 3 } }
participants: { model: m, personas: p.json, count: 2 }
discussion: { turns: 4, turnTaking: { strategy: mention, fallback: ./rule.ts } }
moderators: { host: { model: m, instructions: Be kind., schedule: ../schedule.mjs } }
moderator: host
design: { replications: 2 }
`,
    );
    const marks = () =>
      names.filter((name) => {
        const isThere = existsSync(mark(name));
        if (isThere) Deno.removeSync(mark(name));
        return isThere;
      });
    const run = (...args: string[]) => runProgram(args, { cwd });
    const ended = await run("run", "exp/e.yaml", "--quiet", "--out", "run");
    assert.equal(ended.code, 0, ended.stderr);
    assert.deepEqual(marks(), names, "the command run loads the code of its experiment");
    await test({ cwd, marks, run });
  });
}

const ANNOTATION = `models: { m: { adapter: "./evil.ts" } }
annotators: { model: m, personas: [{ name: Rita }] }
scales: { calm: { type: ordinal, min: 1, max: 5, question: How calm? } }
`;

Deno.test("commands that read a run run no code that its experiment names", () =>
  withRun(async ({ cwd, marks, run }) => {
    const commands = [
      ["status", "run"],
      ["replay", "run", "--verify"],
      ["replay", "run", "--discussion", "base.r0001", "--state"],
      ["verify", "run"],
      ["verify", "run", "--design"],
      ["report", "run"],
      ["query", "run", "select count(*) from comments"],
      ["export", "run", "--to", "data", "--format", "csv"],
    ];
    for (const args of commands) {
      const { code, stderr } = await run(...args);
      assert.equal(code, 0, `${args.join(" ")}: ${stderr}`);
      assert.deepEqual(marks(), [], args.join(" "));
    }
    const copy = join(cwd, "run", "experiment.yaml");
    const text = await Deno.readTextFile(copy);
    await Deno.writeTextFile(join(cwd, "run", "evil.ts"), marking(join(cwd, "rule.ran"), RULE));
    const url = pathToFileURL(join(cwd, "run", "evil.ts")).href;
    const others = ["./evil.ts", "../run/evil.ts", join(cwd, "run", "evil.ts"), url, "npm:a/b", "./evil.py"];
    for (const name of others) {
      await Deno.writeTextFile(copy, text.replace("./rule.ts", JSON.stringify(name)));
      for (const args of [["replay", "run", "--verify"], ["verify", "run", "--design"], ["report", "run"]]) {
        await run(...args);
        assert.deepEqual(marks(), [], `${name}: ${args.join(" ")}`);
      }
    }
    await Deno.writeTextFile(join(cwd, "run", "a.yaml"), ANNOTATION);
    await run("reparse", "run", "--with", "run/a.yaml");
    assert.deepEqual(marks(), []);
  }));

Deno.test("replay --verify and verify --design check everything that needs no code, and list the rest", () =>
  withRun(async ({ run }) => {
    const replay = jsonLines((await run("replay", "run", "--verify", "--json")).stdout).at(-1);
    // There are two discussions of four turns, with a moderation after every second turn.
    assert.deepEqual([replay.promptsVerified, replay.problems], [12, 0]);
    assert.deepEqual(replay.assumed, ["mention", "../schedule.mjs"]);
    const { stdout } = await run("replay", "run", "--verify");
    assert.match(stdout, /^Not checked, .*: mention, \.\.\/schedule\.mjs\. --trust-code runs .*\n$/m);
    const design = await run("verify", "run", "--design");
    assert.equal(design.code, 0);
    assert.match(design.stdout, /speaker draws: .*did not load its code: mention, fallback .*rule\.ts/);
    assert.match(design.stdout, /moderator schedule: .*did not load its code: \.\.\/schedule\.mjs/);
    assert.match(design.stdout, /window length +all +12 of 12 /);
    assert.match(design.stdout, /without its code .*rule\.ts.* \(--trust-code runs it\)/);
  }));

Deno.test("--trust-code runs a run's code from any working folder, and refuses changed code", () =>
  withRun(async ({ cwd, marks, run }) => {
    for (const folder of [cwd, "/"]) {
      const args = ["verify", join(cwd, "run"), "--design", "--trust-code", "--json"];
      const { code, stdout, stderr } = await runProgram(args, { cwd: folder });
      assert.equal(code, 0, stderr);
      assert.deepEqual(marks(), ["rule", "schedule", "adapter"]);
      const lines = jsonLines(stdout);
      const verdicts = new Map(lines.map(({ check, verdict }) => [check, verdict]));
      for (const check of ["speaker draws", "moderator schedule", "designs", "what was drawn"]) {
        assert.equal(verdicts.get(check), "pass", check);
      }
    }
    const rule = join(cwd, "exp", "rule.ts");
    await Deno.writeTextFile(rule, `${await Deno.readTextFile(rule)}// changed\n`);
    await Deno.remove(join(cwd, "run", "inputs"), { recursive: true });
    const { code, stderr } = await run("replay", "run", "--verify", "--trust-code");
    assert.equal(code, 2);
    assert.match(stderr, /Cannot run "\.\/rule\.ts", .* no such file with the SHA-256 /);
    assert.ok(!marks().includes("rule"));
  }));

Deno.test("run, plan, validate and annotate refuse code in a run's folder without --trust-code", () =>
  withRun(async ({ cwd, marks, run }) => {
    await Deno.writeTextFile(join(cwd, "run", "rule.ts"), marking(join(cwd, "rule.ran"), RULE));
    await Deno.copyFile(join(cwd, "exp", "p.json"), join(cwd, "run", "p.json"));
    const file = join("run", "experiment.yaml");
    for (const args of [["run", file, "--out", "other"], ["plan", file], ["validate", file]]) {
      const { code, stderr } = await run(...args);
      assert.equal(code, 2);
      assert.match(stderr, /cannot load "\.\/rule\.ts": .* is in the run's folder .* give --trust-code\n/);
      assert.deepEqual(marks(), [], args.join(" "));
    }
    assert.ok(!existsSync(join(cwd, "other")));
    await Deno.mkdir(join(cwd, "run", "annotations"));
    const evil = join(cwd, "run", "annotations", "evil.ts");
    await Deno.writeTextFile(evil, marking(join(cwd, "adapter.ran"), ADAPTER));
    await Deno.writeTextFile(join(cwd, "run", "annotations", "a.yaml"), ANNOTATION);
    const annotated = await run("annotate", "run", "--with", "run/annotations/a.yaml");
    assert.deepEqual([annotated.code, marks()], [2, []]);
    const planned = await run("plan", file, "--trust-code");
    assert.equal(planned.code, 0, planned.stderr);
    assert.deepEqual(marks(), ["rule", "schedule", "adapter"]);
  }));

Deno.test("commands that read a run read no files outside its folder", () =>
  inFolder(async (cwd) => {
    const run = (...args: string[]) => runProgram(args, { cwd });
    await Deno.writeTextFile(join(cwd, "p.json"), '[{ "name": "Ann" }, { "name": "Bob" }]');
    await Deno.writeTextFile(
      join(cwd, "e.yaml"),
      "name: own\nseed: 1\nmodels: { m: { adapter: scripted } }\n" +
        "participants: { model: m, personas: p.json, count: 1 }\ndiscussion: { turns: 2 }\n",
    );
    assert.equal((await run("run", "e.yaml", "--quiet", "--out", "run")).code, 0);
    await Deno.remove(join(cwd, "p.json"));
    const declaredBy = async (...options: string[]) => {
      const { stdout } = await run("verify", "run", "--design", "--json", ...options);
      return jsonLines(stdout).at(-1).declaredBy;
    };
    assert.equal(await declaredBy(), 'the experiment "e.yaml"', "the folder has a copy");
    const inputs = join(cwd, "run", "inputs");
    const [{ name }] = [...Deno.readDirSync(inputs)] as [Deno.DirEntry];
    // A link to a file outside the folder is not followed.
    await Deno.rename(join(inputs, name), join(cwd, "p.json"));
    await Deno.symlink(join(cwd, "p.json"), join(inputs, name));
    assert.match(await declaredBy(), /because the files that "e\.yaml" names are not in the run's folder/);
    assert.equal(await declaredBy("--trust-code"), 'the experiment "e.yaml"');
    // A path instead of a hash in the manifest is not followed either.
    const manifest = join(cwd, "run", "manifest.json");
    const text = await Deno.readTextFile(manifest);
    await Deno.writeTextFile(manifest, text.replace(/"p\.json": "\w+"/, '"p.json": "../../p"'));
    assert.match(await declaredBy(), /are not in the run's folder/);
  }));

Deno.test("verify --design --trust-code checks a run without its adapter if the adapter's imports are missing", () =>
  inFolder(async (cwd) => {
    await Deno.mkdir(join(cwd, "exp"));
    const words = "words.ts";
    await Deno.writeTextFile(join(cwd, "exp", words), 'export const words = "Hm.";\n');
    await Deno.writeTextFile(
      join(cwd, "exp", "adapter.ts"),
      `import { words } from "./${words}";
export default { create: () => ({ generate: () => Promise.resolve({ text: words, finishReason: "stop" }) }) };
`,
    );
    await Deno.writeTextFile(join(cwd, "exp", "rule.ts"), `${RULE}\n`);
    await Deno.writeTextFile(
      join(cwd, "exp", "e.yaml"),
      `name: own
seed: 1
models: { m: { adapter: ./adapter.ts } }
participants: { model: m, personas: [{ name: Ann }, { name: Bob }] }
discussion: { turns: 4, turnTaking: ./rule.ts }
`,
    );
    assert.equal((await runProgram(["run", "exp/e.yaml", "--quiet", "--out", "run"], { cwd })).code, 0);
    await Deno.remove(join(cwd, "exp"), { recursive: true });
    const { code, stdout } = await runProgram(["verify", "--design", "run", "--trust-code", "--json"], {
      cwd,
    });
    assert.equal(code, 0);
    const lines = jsonLines(stdout);
    assert.equal(
      lines.at(-1).declaredBy,
      'the experiment "e.yaml", without its code ./adapter.ts (it cannot be loaded)',
    );
    assert.equal(lines.find(({ check }) => check === "speaker draws").verdict, "pass");
  }));
