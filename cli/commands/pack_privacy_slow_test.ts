/** Checks what archives leave out, and what they anonymise. */
import assert from "node:assert/strict";
import { basename, join } from "node:path";
import { inFolder } from "../../adapters/testing/in_folder.ts";
import { experiment, filesIn, jsonLines } from "../testing/experiments.ts";
import { ELSEWHERE, madeRun, names } from "../testing/packing.ts";
import { runProgram } from "../testing/processes.ts";

const SCRIPTED = "{ adapter: scripted }";

Deno.test("--without-prompts-log leaves no prompt in an archive, except in the experiment file and the run's own logs", () =>
  inFolder(async (cwd) => {
    const prompt = "You are taking part in an online discussion.";
    const run = await madeRun(cwd, experiment(SCRIPTED), { more: ["--log-level", "trace"] });
    await Deno.copyFile(join(run, "log.jsonl"), join(run, "log.jsonl.1"));
    await Deno.copyFile(join(run, "log.jsonl"), join(run, "log.2-of-8.jsonl"));
    assert.ok((await Deno.readTextFile(join(run, "log.jsonl"))).includes(prompt));
    const { code, stdout } = await runProgram(["pack", run, "--without-prompts-log"], { cwd });
    assert.equal(code, 0);
    const leftOut = ["log.2-of-8.jsonl", "log.jsonl", "log.jsonl.1"];
    assert.match(
      stdout,
      /^Left out, because it can contain prompts: log\.2-of-8\.jsonl, log\.jsonl, log\.jsonl\.1\n/,
    );
    const { stdout: told } = await runProgram(["unpack", "tiny.tar.gz", "--out", "b"], { cwd });
    assert.match(told, /Left out of the archive: log\.2-of-8\.jsonl, log\.jsonl, log\.jsonl\.1\n/);
    assert.deepEqual(JSON.parse(await Deno.readTextFile(join(cwd, "b", "archive.json"))).leftOut, leftOut);
    for (const [path, text] of await filesIn(join(cwd, "b"))) {
      const isOwn = /discussions|experiment\.yaml|run\.jsonl|manifest\.json/.test(path);
      assert.ok(isOwn || !text.includes(prompt), path);
    }
  }));

Deno.test("--anonymise removes names from operations logs and reports, and lists names in files that hashes protect", () =>
  inFolder(async (cwd) => {
    const home = join(cwd, "Jane Doe");
    await Deno.mkdir(home);
    const opening = `Read ${home}/notes/a.txt first.`;
    const text = `${experiment(SCRIPTED)}openings: ["${opening}"]\n`;
    const run = await madeRun(home, text, { more: ["--log-level", "trace"] });
    const options = { cwd: home, env: { ...ELSEWHERE, USER: "jdoe", HOME: home } };
    assert.equal((await runProgram(["report", run], options)).code, 0);
    await Deno.writeTextFile(
      join(run, "report", "data", "notes.csv"),
      `author\njdoe on ${Deno.hostname()}\n`,
    );
    await Deno.writeFile(join(run, "picture.png"), new Uint8Array([137, 80, 78, 71, 0, 255]));
    const { code, stdout } = await runProgram(["pack", run, "--anonymise", "--json"], options);
    assert.equal(code, 1);
    const lines = jsonLines(stdout);
    const remaining = lines.filter(({ type }) => type === "remains");
    assert.equal(lines.at(-1).remainingCount, remaining.length);
    const files = new Set<string>(remaining.map(({ file }) => file));
    const logs = names(join(run, "discussions")).map((name) => `discussions/${name}`);
    assert.deepEqual([...files].sort(), [...logs, "experiment.yaml", "picture.png"].sort());
    assert.deepEqual(
      remaining.find(({ file }) => file === "experiment.yaml"),
      {
        type: "remains",
        file: "experiment.yaml",
        line: 7,
        kind: "path",
        text: `${home}/notes/a.txt`,
        count: 1,
      },
    );
    const unpacked = await runProgram(["unpack", "tiny.tar.gz", "--out", "b"], options);
    assert.equal(unpacked.code, 0, unpacked.stderr);
    assert.match(unpacked.stdout, /Private names were replaced in \d+ files? before packing\n/);
    assert.match(unpacked.stdout, /all unchanged/);
    for (const [path, text] of await filesIn(join(home, "b"))) {
      if (files.has(path.slice(join(home, "b").length + 1)) || basename(path) === "archive.json") continue;
      assert.ok(!text.includes("jdoe") && !text.includes(cwd), path);
    }
    const notes = await Deno.readTextFile(join(home, "b/report/data/notes.csv"));
    assert.equal(notes, "author\nremoved-user on removed-host\n");
    // The list of the report's files is still correct, so the report can be replaced.
    const again = await runProgram(["report", "b"], options);
    assert.equal(again.code, 0, again.stderr);
  }));

Deno.test("--anonymise replaces whole names with spaces, and lists paths whose end is unclear", () =>
  inFolder(async (cwd) => {
    const run = await madeRun(cwd, experiment(SCRIPTED));
    const [jürgen, jo, eva] = ["Jürgen Müller", "jo smith", "Eva Maria"].map((name) =>
      ["", "home", name].join("/")
    );
    const windows = ["C:", "Users", "Anna Maria", "x"].join("\\");
    await Deno.writeTextFile(
      join(run, "note.txt"),
      `${jürgen}/x and ${windows}\n\\\\server\\share\\y\nin ${jo}/a.csv by ${eva}\n`,
    );
    const options = { cwd, env: { ...ELSEWHERE, USER: "Jürgen Müller" } };
    const { code, stdout } = await runProgram(["pack", run, "--anonymise"], options);
    assert.equal(code, 1);
    assert.match(stdout, /^ {2}note\.txt:3: a path with an unclear end, ".*Eva Maria"$/m);
    const unpacked = await runProgram(["unpack", "tiny.tar.gz", "--out", "b"], options);
    assert.equal(unpacked.code, 0, unpacked.stderr);
    assert.equal(
      await Deno.readTextFile(join(cwd, "b/note.txt")),
      "removed-path/x and removed-path/x\nremoved-path/y\nin removed-path/a.csv by removed-path Maria\n",
    );
    const note = JSON.parse(await Deno.readTextFile(join(cwd, "b/archive.json")));
    assert.deepEqual(
      note.anonymised.remaining.find(({ file }: { file: string }) => file === "note.txt"),
      { file: "note.txt", line: 3, kind: "unclear", count: 1 },
    );
  }));
