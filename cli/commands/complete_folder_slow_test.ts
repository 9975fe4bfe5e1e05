/** A run's folder is complete: commands that read it work without the original input files. */
import assert from "node:assert/strict";
import { chmodSync } from "node:fs";
import { join } from "node:path";
import { inFolder } from "../../adapters/testing/in_folder.ts";
import { ADAPTER, annotationFile, jsonLines, judgedExperiment, RULE, SMALL } from "../testing/experiments.ts";
import { contentsOfRun, type Ended, runProgram, runUnprivileged } from "../testing/processes.ts";

/** The files of a study whose code and data are in several folders. */
const STUDY = {
  "study/e.yaml": judgedExperiment("{ adapter: ../shared/talker.ts, speed: 2 }", 4)
    .replace(/turnTaking: .*/, "turnTaking: ./rule.ts").replace(
      /personas: \[\{ name: Ada.*\]/,
      "personas: people.json",
    )
    .replace(/personas: \[\{ name: Rita.*?\]/, "personas: raters.yaml"),
  "study/people.json": JSON.stringify(["Ada", "Ben", "Cleo", "Dan", "Eve"].map((name) => ({ name }))),
  "study/raters.yaml": "[{ name: Rita }, { name: Sam }]\n",
  "study/rule.ts":
    `import type { Unused } from './types.ts'; import type { z } from 'npm:zod@4.6.7'; import { two } from '../shared/two.ts';
${RULE.replace("2", "two")}`,
  "study/types.ts": "export type Unused = string;\n",
  "study/more.yaml": annotationFile().replace(/personas: \[.*?\] \}/, "personas: others.json }"),
  "study/others.json": '[{ "name": "Tom", "age": 40 }]',
  "shared/two.ts": "import two from './two.json' with { type: 'json' }; export { two };\n",
  "shared/two.json": "2",
  "shared/talker.ts": ADAPTER,
};

type Study = Readonly<{
  cwd: string;
  folder: string;
  /** Runs the program in another folder than the study's. */
  run: (...args: string[]) => Promise<Ended>;
}>;

/** Runs half of the study's discussions, annotates them, moves the run's folder, and deletes all other files. */
async function inMovedRun(test: (study: Study & { whole: ReadonlyMap<string, string> }) => Promise<void>) {
  await inFolder(async (cwd) => {
    for (const name of ["study", "shared", "elsewhere"]) await Deno.mkdir(join(cwd, name));
    for (const [name, text] of Object.entries(STUDY)) await Deno.writeTextFile(join(cwd, name), text);
    const env = { XDG_CONFIG_HOME: join(cwd, "config") };
    const run = (...args: string[]) => runProgram(args, { cwd: join(cwd, "elsewhere"), env });
    for (
      const args of [
        ["run", "../study/e.yaml", "--out", "../whole", "--quiet"],
        ["run", "../study/e.yaml", "--out", "../half", "--shard", "1/2", "--quiet"],
        ["annotate", "../half", "--with", "../study/more.yaml", "--pass", "more", "--quiet"],
      ]
    ) {
      const { code, stdout, stderr } = await run(...args);
      assert.equal(code, 0, stdout + stderr);
    }
    const whole = await contentsOfRun(join(cwd, "whole"));
    const folder = join(cwd, "mein Lauf — 実験");
    await Deno.rename(join(cwd, "half"), folder);
    for (const name of ["study", "shared", "whole"]) await Deno.remove(join(cwd, name), { recursive: true });
    await test({ cwd, folder, run, whole });
  });
}

/** Every command that reads a run, with its output for the study. */
function readers(run: string, out: string): readonly (readonly [words: readonly string[], says: RegExp])[] {
  return [
    [["status", run, "--json"], /"completed":/],
    [["plan", run, "--json"], /"notRun":\[\]/],
    [["validate", run], /: valid: 2 conditions, 8 discussions/],
    [["replay", run, "--verify"], /without a difference/],
    [["verify", run], /all unchanged/],
    [["verify", run, "--design", "--json"], /"declaredBy":"the experiment \\"e\.yaml\\""/],
    [["query", run, "select count(*)::int as n from discussions", "--json"], /"n":/],
    [["export", run, "--to", join(out, "csv"), "--format", "csv", "--json"], /"discussions":/],
    [["report", run, "--out", join(out, "report")], /discussions, /],
  ];
}

Deno.test("a run is resumed from its folder alone, and has the same discussions as an undisturbed run", () =>
  inMovedRun(async ({ folder, run, whole }) => {
    const { code, stderr } = await run("run", folder, "--quiet");
    assert.equal(code, 0, stderr);
    const resumed = await contentsOfRun(folder);
    assert.deepEqual([...resumed.keys()], [...whole.keys()]);
    for (const [discussion, content] of whole) {
      // The half that was run first also has the annotations of the pass `more`.
      assert.ok(resumed.get(discussion)!.startsWith(content), discussion);
    }
    const file = join(folder, "annotations", "more.yaml");
    const more = await run("annotate", folder, "--with", file, "--pass", "more", "--quiet");
    assert.equal(more.code, 0, more.stderr);
    const [{ n }] = jsonLines((await run("query", folder, MORE, "--json")).stdout);
    assert.equal(n, 8);
    const forked = await run(
      "fork",
      folder,
      "--condition",
      "host",
      "--at",
      "3",
      "--out",
      "branches",
      "--quiet",
    );
    assert.equal(forked.code, 0, forked.stderr);
    assert.equal((await run("verify", "branches")).code, 0);
  }));

Deno.test("verify names changed copies of inputs, and imports without a copy", () =>
  inMovedRun(async ({ cwd, folder, run }) => {
    const verified = async () => (await run("verify", folder)).stdout;
    assert.match(await verified(), /^Note: the code of "\.\/rule\.ts" imports .*: npm:zod@4\.6\.7$/m);
    const file = join(folder, "annotations", "more.yaml");
    await Deno.writeTextFile(file, `${await Deno.readTextFile(file)}# changed\n`);
    assert.match(await verified(), /^"annotations\/more\.yaml" is missing or was changed$/m);
    await Deno.writeTextFile(file, STUDY["study/more.yaml"]);
    // `run` wrote this file, because the experiment file declares the pass `mood`.
    const mood = join(folder, "annotations", "mood.yaml");
    const changed = /^"annotations\/mood\.yaml" is missing or was changed$/m;
    assert.doesNotMatch(await verified(), changed);
    await Deno.writeTextFile(mood, STUDY["study/e.yaml"].replace("How friendly", "How unfriendly"));
    assert.match(await verified(), changed);
    await Deno.remove(mood);
    assert.match(await verified(), changed);
    const code = join(folder, "inputs", "code");
    for await (const { name } of Deno.readDir(code)) {
      await Deno.rename(join(code, name), join(cwd, name));
      await Deno.symlink(join(cwd, name), join(code, name));
    }
    assert.match(await verified(), /^the copy of "inputs\/code\/.*" in "inputs" is missing or was changed$/m);
    const others = JSON.stringify(JSON.parse(STUDY["study/others.json"]));
    for await (const { name } of Deno.readDir(join(folder, "inputs"))) {
      const input = join(folder, "inputs", name);
      if (name.endsWith(".json") && JSON.stringify(JSON.parse(await Deno.readTextFile(input))) === others) {
        await Deno.remove(input);
      }
    }
    assert.match(await verified(), /^the copy of "others\.json" in "inputs" is missing or was changed$/m);
  }));

const MORE = "select count(distinct discussion)::int as n from annotations where pass = 'more'";

Deno.test("every command that reads a run works on a moved folder that it cannot write to", () =>
  inMovedRun(async ({ cwd, folder }) => {
    await setWritable(folder, false);
    try {
      for (const [words, says] of readers(folder, join(cwd, "out"))) {
        const { code, stdout, stderr } = await runUnprivileged(words, {
          cwd: "/",
          env: { XDG_CONFIG_HOME: join(cwd, "config") },
        });
        assert.equal(code, 0, `${words.join(" ")}: ${stderr}`);
        assert.match(stdout, says, words.join(" "));
      }
      // `power` can read the folder too, but refuses a pilot in which all replicates are alike.
      const power = ["power", folder, "--outcome", "mood", "--effect", "0.5"];
      const { code, stderr } = await runUnprivileged(power, { cwd: "/", env: {} });
      assert.equal(code, 2, stderr);
      assert.match(stderr, /^error Cannot plan from .*the clusters do not differ/);
    } finally {
      await setWritable(folder, true);
    }
  }));

async function setWritable(path: string, isWritable: boolean): Promise<void> {
  const { isDirectory } = await Deno.stat(path);
  if (isDirectory && isWritable) chmodSync(path, 0o755);
  if (isDirectory) {
    for await (const { name } of Deno.readDir(path)) await setWritable(join(path, name), isWritable);
  }
  chmodSync(path, isDirectory ? (isWritable ? 0o755 : 0o555) : isWritable ? 0o644 : 0o444);
}

Deno.test("commands that read a run open no files outside the run's folder", () =>
  inFolder(async (cwd) => {
    const run = (...args: string[]) => runProgram(args, { cwd });
    await Deno.writeTextFile(join(cwd, "p.json"), '[{ "name": "Ann" }, { "name": "Bob" }]');
    await Deno.writeTextFile(
      join(cwd, "e.yaml"),
      SMALL.replace("[{ name: Ann }, { name: Bob }]", "p.json, count: 1"),
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
    const missing = /because the files that "e\.yaml" names are not in the run's folder, or were changed/;
    assert.match(await declaredBy(), missing);
    assert.match(await declaredBy("--trust"), missing);
    // A path instead of a hash in the manifest is not followed either.
    const manifest = join(cwd, "run", "manifest.json");
    const text = await Deno.readTextFile(manifest);
    await Deno.writeTextFile(manifest, text.replace(/"p\.json": "\w+"/, '"p.json": "../../p"'));
    assert.match(await declaredBy(), /are not in the run's folder/);
  }));

Deno.test("verify --design checks a run without its adapter if the adapter cannot be loaded", () =>
  inFolder(async (cwd) => {
    await Deno.writeTextFile(join(cwd, "needed"), "");
    const needed = JSON.stringify(join(cwd, "needed"));
    await Deno.writeTextFile(join(cwd, "adapter.ts"), `Deno.readTextFileSync(${needed});\n${ADAPTER}`);
    await Deno.writeTextFile(join(cwd, "rule.ts"), `${RULE}\n`);
    const text = SMALL.replace("scripted", "./adapter.ts").replace(
      "turns: 2",
      "turns: 4, turnTaking: ./rule.ts",
    );
    await Deno.writeTextFile(join(cwd, "e.yaml"), text);
    assert.equal((await runProgram(["run", "e.yaml", "--quiet", "--out", "run"], { cwd })).code, 0);
    await Deno.remove(join(cwd, "needed"));
    const { code, stdout } = await runProgram(["verify", "--design", "run", "--trust", "--json"], { cwd });
    assert.equal(code, 0);
    const lines = jsonLines(stdout);
    assert.equal(
      lines.at(-1).declaredBy,
      'the experiment "e.yaml", without its code ./adapter.ts (it cannot be loaded)',
    );
    assert.equal(lines.find(({ check }) => check === "speaker draws").verdict, "pass");
  }));
