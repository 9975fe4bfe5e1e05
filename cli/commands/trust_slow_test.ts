/** Code that comes with a run's folder runs only if the user has run it before, or gives --trust. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { nativeSha256 } from "../../adapters/system.ts";
import { inFolder } from "../../adapters/testing/in_folder.ts";
import { ADAPTER, jsonLines, RULE } from "../testing/experiments.ts";
import { type Ended, runProgram } from "../testing/processes.ts";

/** Code that writes the file `mark` when it runs. */
function marking(mark: string, code: string): string {
  return `Deno.writeTextFileSync(${JSON.stringify(mark)}, "");\n${code}\n`;
}

const SCHEDULE =
  'export default { name: "schedule", isDue: (view) => view.turn % 2 === 1, mayAbstain: true };';
type Project = Readonly<{
  cwd: string;
  /** Runs the program as another user, who has run none of the code. */
  runAsOther: (...args: string[]) => Promise<Ended>;
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
    const runAs = (user: string) => (...args: string[]) =>
      runProgram(args, { cwd, env: { XDG_CONFIG_HOME: join(cwd, user) } });
    const [run, runAsOther] = [runAs("own"), runAs("other")];
    const ended = await run("run", "exp/e.yaml", "--quiet", "--out", "run");
    assert.equal(ended.code, 0, ended.stderr);
    assert.deepEqual(marks(), names, "the command run loads the code of its experiment");
    await test({ cwd, marks, run, runAsOther });
  });
}

const ANNOTATION = `models: { m: { adapter: "./evil.ts" } }
annotators: { model: m, personas: [{ name: Rita }] }
scales: { calm: { type: ordinal, min: 1, max: 5, question: How calm? } }
`;

Deno.test("commands that only read a run execute no code that the user has not run before", () =>
  withRun(async ({ cwd, marks, runAsOther: run }) => {
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
  withRun(async ({ runAsOther: run }) => {
    const replay = jsonLines((await run("replay", "run", "--verify", "--json")).stdout).at(-1);
    // There are two discussions of four turns, with a moderation after every second turn.
    assert.deepEqual([replay.promptsVerified, replay.problems], [12, 0]);
    assert.deepEqual(replay.assumed, ["mention", "../schedule.mjs"]);
    const { stdout } = await run("replay", "run", "--verify");
    assert.match(stdout, /^Not checked, .*: mention, \.\.\/schedule\.mjs\. --trust runs .*\n$/m);
    const design = await run("verify", "run", "--design");
    assert.equal(design.code, 0);
    assert.match(design.stdout, /speaker draws: .*did not load its code: mention, fallback .*rule\.ts/);
    assert.match(design.stdout, /moderator schedule: .*did not load its code: \.\.\/schedule\.mjs/);
    assert.match(design.stdout, /window length +all +12 of 12 /);
    assert.match(design.stdout, /without its code .*rule\.ts.* \(--trust runs it\)/);
  }));

/** The verdicts of `verify --design` on the checks that need the code. */
function verdictsOf(stdout: string): (string | undefined)[] {
  const verdicts = new Map(jsonLines(stdout).map(({ check, verdict }) => [check, verdict]));
  return ["speaker draws", "moderator schedule", "designs", "what was drawn"].map((check) =>
    verdicts.get(check)
  );
}

Deno.test("commands run the copies of code that the user has run before, without the original files", () =>
  withRun(async ({ cwd, marks, run, runAsOther }) => {
    const folder = join(cwd, "mein Lauf — 実験");
    await Deno.rename(join(cwd, "run"), folder);
    for (const name of ["exp", "schedule.mjs", "adapter.js"]) {
      await Deno.remove(join(cwd, name), { recursive: true });
    }
    const design = await run("verify", folder, "--design", "--json");
    assert.equal(design.code, 0, design.stderr);
    assert.deepEqual(verdictsOf(design.stdout), ["pass", "pass", "pass", "pass"]);
    assert.deepEqual(marks(), ["rule", "schedule", "adapter"]);
    for (
      const args of [["replay", folder, "--verify"], ["report", folder], ["plan", folder], [
        "validate",
        folder,
      ]]
    ) {
      const { code, stdout, stderr } = await run(...args);
      assert.equal(code, 0, stderr);
      assert.doesNotMatch(stdout, /Not checked/, args.join(" "));
      assert.ok(marks().includes("rule"), args.join(" "));
    }
    const others = await runAsOther("verify", folder, "--design", "--json");
    assert.deepEqual([others.code, marks()], [0, []]);
    const trusted = await runAsOther("verify", folder, "--design", "--json", "--trust");
    assert.deepEqual(verdictsOf(trusted.stdout), ["pass", "pass", "pass", "pass"]);
    assert.deepEqual(marks(), ["rule", "schedule", "adapter"]);
    assert.deepEqual(
      (await runAsOther("replay", folder, "--verify"), marks()),
      [],
      "trust lasts for one command",
    );
  }));

Deno.test("verify reports a changed copy of code, and no command runs it", () =>
  withRun(async ({ cwd, marks, run }) => {
    const tree = join(cwd, "run", "inputs", "code");
    const folder = [...Deno.readDirSync(tree)].find(({ name }) =>
      existsSync(join(tree, name, "rule.ts"))
    )!.name;
    const rule = join(tree, folder, "rule.ts");
    await Deno.writeTextFile(rule, `${await Deno.readTextFile(rule)}// changed\n`);
    const verified = await run("verify", "run");
    assert.equal(verified.code, 1);
    assert.match(
      verified.stdout,
      /^the copy of "inputs\/code\/\w{64}\/rule\.ts" .* is missing or was changed$/m,
    );
    const { stdout } = await run("replay", "run", "--verify");
    assert.match(stdout, /^Not checked, .*: mention/m);
    assert.ok(!marks().includes("rule"));
    const trusted = await run("replay", "run", "--verify", "--trust");
    assert.equal(trusted.code, 2);
    assert.match(trusted.stderr, /Cannot run "\.\/rule\.ts", .* its copy in the run's folder was changed/);
    assert.ok(!marks().includes("rule"));
  }));

Deno.test("run and annotate refuse untrusted code of a run's folder; plan and validate leave it out", () =>
  withRun(async ({ cwd, marks, runAsOther }) => {
    const file = join("run", "experiment.yaml");
    for (const args of [["run", "run"], ["run", file, "--out", "other"]]) {
      const { code, stderr } = await runAsOther(...args);
      assert.equal(code, 2);
      assert.match(stderr, /cannot load "\.\/rule\.ts": it came with the run's folder, .* give --trust\n/);
      assert.deepEqual(marks(), [], args.join(" "));
    }
    assert.ok(!existsSync(join(cwd, "other")));
    for (const command of ["plan", "validate"]) {
      const { code, stdout } = await runAsOther(command, file);
      assert.equal(code, 0);
      assert.match(stdout, /^Not checked, .*: .*\.\/rule\.ts.*\. --trust runs /m);
      const { notRun } = jsonLines((await runAsOther(command, file, "--json")).stdout)[0];
      assert.deepEqual(notRun.length, 3);
      assert.deepEqual(marks(), [], command);
    }
    await Deno.writeTextFile(join(cwd, "run", "evil.ts"), marking(join(cwd, "adapter.ran"), ADAPTER));
    await Deno.writeTextFile(join(cwd, "run", "a.yaml"), ANNOTATION);
    const annotated = await runAsOther("annotate", "run", "--with", "run/a.yaml");
    assert.deepEqual([annotated.code, marks()], [2, []]);
    const planned = await runAsOther("plan", file, "--trust");
    assert.equal(planned.code, 0, planned.stderr);
    assert.deepEqual(marks(), ["rule", "schedule", "adapter"]);
  }));

Deno.test("--trust runs the code of a run of an older version from its old place, if it is unchanged", () =>
  withRun(async ({ cwd, marks, run }) => {
    const file = join(cwd, "run", "manifest.json");
    const { runLog: _, code: __, ...manifest } = JSON.parse(await Deno.readTextFile(file));
    manifest.experiment.file = "exp/e.yaml";
    manifest.sources = Object.fromEntries(
      ["p.json", "./rule.ts", "../schedule.mjs", join(cwd, "adapter.js")].map((path) => {
        const text = Deno.readTextFileSync(resolve(cwd, "exp", path));
        return [path, nativeSha256(text)];
      }),
    );
    await Deno.writeTextFile(file, JSON.stringify(manifest));
    await Deno.remove(join(cwd, "run", "run.jsonl"));
    await Deno.remove(join(cwd, "run", "inputs", "code"), { recursive: true });
    assert.match((await run("replay", "run", "--verify")).stdout, /^Not checked/m);
    assert.deepEqual(marks(), []);
    assert.doesNotMatch((await run("replay", "run", "--verify", "--trust")).stdout, /^Not checked/m);
    assert.deepEqual(marks(), ["rule", "schedule", "adapter"]);
    const rule = join(cwd, "exp", "rule.ts");
    await Deno.writeTextFile(rule, `${await Deno.readTextFile(rule)}// changed\n`);
    const { code, stderr } = await run("replay", "run", "--verify", "--trust");
    assert.equal(code, 2);
    assert.match(stderr, /Cannot run "\.\/rule\.ts", .* no such file with the SHA-256 /);
    assert.ok(!marks().includes("rule"));
  }));
