import assert from "node:assert/strict";
import { join } from "node:path";
import { runHolding } from "../../adapters/tables/testing/run_holding.ts";
import { inFolder } from "../../adapters/testing/in_folder.ts";
import type { DiscussionEvent } from "../../core/events/mod.ts";
import { sampleEvents } from "../../core/testing/sample_stream.ts";
import { jsonLines } from "../testing/experiments.ts";
import { runProgram } from "../testing/processes.ts";

/** The events of the sample, with `text` as the last comment. */
function sampleSaying(id: string, text: string): DiscussionEvent[] {
  return sampleEvents(id).map((event) =>
    event.type === "TurnTaken" && event.data.turn === 2 ? { ...event, data: { ...event.data, text } } : event
  );
}

/** The events of the sample with another seed. */
function sampleSeeded(id: string, seed: string): DiscussionEvent[] {
  return sampleEvents(id).map((event) =>
    event.type === "DiscussionOpened" ? { ...event, data: { ...event.data, seed } } : event
  );
}

const LAST = "select text, position from comments where comment = 3";

/** The paths of all files in a folder and its sub-folders. */
function contents(folder: string): string[] {
  return [...Deno.readDirSync(folder)].flatMap(({ name, isDirectory }) =>
    isDirectory ? contents(join(folder, name)) : [join(folder, name)]
  ).sort();
}

Deno.test("query prints a table, and escapes control characters in it", () =>
  inFolder(async (cwd) => {
    await runHolding(join(cwd, "run"), { d: sampleSaying("d", "\x1b[31mred\u202e\n\0 \ud800") });
    const before = contents(cwd);
    const { code, stdout, stderr } = await runProgram(["query", "run", LAST], { cwd });
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^text +position\n\\u\{1b\}\[31mred\\u\{202e\}\\n\\u\{0\} \ufffd +5\n$/);
    const json = await runProgram(["query", "run", LAST, "--json"], { cwd });
    assert.doesNotMatch(json.stdout, /[^\P{Cc}\n]|\u202e/u);
    assert.deepEqual(jsonLines(json.stdout), [
      { text: "\x1b[31mred\u202e\n\u{100000} \u{10d800}", position: 5 },
    ]);
    assert.deepEqual(contents(cwd), before);
  }));

Deno.test("query --csv guards formulas against spreadsheets; with --raw, it does not", () =>
  inFolder(async (cwd) => {
    await runHolding(join(cwd, "run"), { d: sampleSaying("d", '=cmd("x")') });
    const csv = await runProgram(["query", "run", LAST, "--csv"], { cwd });
    assert.equal(csv.stdout, `text,position\n"'=cmd(""x"")",5\n`);
    const raw = await runProgram(["query", "run", LAST, "--csv", "--raw"], { cwd });
    assert.equal(raw.stdout, 'text,position\n"=cmd(""x"")",5\n');
  }));

Deno.test("query writes a Parquet file, and leaves no file behind when the query fails", () =>
  inFolder(async (cwd) => {
    await runHolding(join(cwd, "run"), { d: sampleEvents("d") });
    const done = await runProgram(["query", "run", "from comments", "--parquet", "c.parquet"], { cwd });
    assert.equal(done.stderr, "Wrote c.parquet: 4 rows\n");
    // Parquet files begin and end with these bytes.
    const bytes = await Deno.readFile(join(cwd, "c.parquet"));
    assert.deepEqual([bytes.slice(0, 4), bytes.slice(-4)].map((part) => new TextDecoder().decode(part)), [
      "PAR1",
      "PAR1",
    ]);
    const wrong = await runProgram(["query", "run", "from nothing", "--parquet", "n.parquet"], { cwd });
    assert.equal(wrong.code, 2);
    assert.deepEqual([...Deno.readDirSync(cwd)].map(({ name }) => name).sort(), ["c.parquet", "run"]);
  }));

Deno.test("query names each run after its folder, and refuses the same run twice", () =>
  inFolder(async (cwd) => {
    await runHolding(join(cwd, "one"), { d: sampleEvents("d") });
    await runHolding(join(cwd, "two"), { d: sampleSeeded("d", "another"), e: sampleEvents("e").slice(0, 2) });
    const sql = "select run, count(*)::int as comments from comments group by run order by run";
    const { stdout } = await runProgram(["query", "one", "two", sql, "--json"], { cwd });
    assert.deepEqual(jsonLines(stdout), [{ run: "one", comments: 4 }, { run: "two", comments: 5 }]);
    const twice = await runProgram(["query", "one", "one/", sql], { cwd });
    assert.equal(twice.code, 2);
    assert.match(twice.stderr, /Cannot read the run "one\/" twice/);
    await Deno.symlink("one", join(cwd, "link"));
    assert.equal((await runProgram(["query", "one", "link", sql], { cwd })).code, 2);
    await Deno.mkdir(join(cwd, "deep"));
    await runHolding(join(cwd, "deep/one"), { d: sampleSeeded("d", "a third") });
    const paths = await runProgram(["query", "one", "deep/one", sql, "--json"], { cwd });
    assert.deepEqual(jsonLines(paths.stdout).map(({ run }) => run), ["deep/one", "one"]);
  }));

Deno.test("query reports a log under two names as damaged, and refuses a discussion that is in two runs", () =>
  inFolder(async (cwd) => {
    const run = await runHolding(join(cwd, "run"), { d: sampleEvents("d") });
    await runHolding(join(cwd, "copy"), { d: sampleEvents("d"), e: sampleEvents("e") });
    const refused = await runProgram(["query", "run", "copy", "select 1"], { cwd });
    assert.equal(refused.code, 3);
    assert.match(refused.stderr, /Cannot read the discussion "d" twice: "run\/.*" and "copy\/.*"/);
    await Deno.copyFile(run.store.locate!("d"), run.store.locate!("renamed"));
    const { code, stdout, stderr } = await runProgram(
      ["query", "run", "select discussion, count(*) n from comments group by 1", "--csv"],
      { cwd },
    );
    assert.equal(code, 1);
    assert.equal(stdout, "discussion,n\nd,4\n");
    assert.match(stderr, /Cannot read "renamed": line 1 of .* belongs to the stream "d"/);
  }));

Deno.test("query prints DuckDB's error message for a wrong query", () =>
  inFolder(async (cwd) => {
    await runHolding(join(cwd, "run"), { d: sampleEvents("d") });
    const wrong = await runProgram(["query", "run", "select txt from comments"], { cwd });
    assert.equal(wrong.code, 2);
    assert.match(wrong.stderr, /^error Cannot run the query: Binder Error: .*"txt"/);
    assert.doesNotMatch(wrong.stderr, /\n\n|\n +at /);
    const writing = await runProgram(["query", "run", "copy comments to 'x.csv'"], { cwd });
    assert.equal(writing.code, 2);
    assert.deepEqual([...Deno.readDirSync(cwd)].map(({ name }) => name), ["run"]);
    assert.equal((await runProgram(["query", "run", " "], { cwd })).code, 2);
    assert.equal((await runProgram(["query", "absent", "select 1"], { cwd })).code, 3);
  }));

Deno.test("query reads damaged logs up to the damage, reports them, and exits with 1", () =>
  inFolder(async (cwd) => {
    const run = await runHolding(join(cwd, "run"), { a: sampleEvents("a"), b: sampleEvents("b") });
    const file = run.store.locate!("a");
    await Deno.writeTextFile(file, (await Deno.readTextFile(file)).replace('"turn":0', '"turn":7'));
    const { code, stdout, stderr } = await runProgram(
      ["query", "run", "select discussion, count(*) n from comments group by 1 order by 1", "--csv"],
      { cwd },
    );
    assert.equal(code, 1);
    assert.equal(stdout, "discussion,n\na,1\nb,4\n");
    assert.match(
      stderr,
      /^Cannot read "a": line 3 of .* is damaged: .*; the lines before it are in the tables\n$/,
    );
  }));
