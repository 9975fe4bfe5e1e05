import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { inFolder } from "../../adapters/testing/in_folder.ts";
import { experiment, jsonLines } from "../testing/experiments.ts";
import { runProgram } from "../testing/processes.ts";

const EXAMPLES = fileURLToPath(new URL("../../examples/import/", import.meta.url));

Deno.test("status, verify and replay read a folder of imported discussions, scores and annotations", () =>
  inFolder(async (cwd) => {
    const run = (...args: string[]) => runProgram(args, { cwd });
    const first = await run("import", `${EXAMPLES}old_runs`, "--out", "old", "--role", "troll=online troll");
    assert.equal(first.code, 0, first.stderr);
    assert.match(first.stdout, /^Imported 2 discussions from 2 files to old: 22 entries, 6 silent\n/);
    const scores = await run(
      "import",
      "scores",
      `${EXAMPLES}toxicity.csv`,
      "--as",
      "toxicity",
      "--into",
      "old",
    );
    assert.match(
      scores.stdout,
      /^Imported scores of 1 discussion to old: 9 comments and 5 silences scored\n/,
    );
    const annotations = await run("import", "annotations", `${EXAMPLES}annotations`, "--into", "old");
    assert.match(annotations.stdout, /^Imported 2 annotation passes from 3 files to old: 30 replies\n/);
    const again = await run("import", `${EXAMPLES}old_runs`, "--out", "old");
    assert.match(again.stdout, /^Imported 0 discussions .*; 2 already there\n/);

    const status = await run("status", "old");
    assert.match(status.stdout, /^old: imported discussions\n/);
    assert.match(status.stdout, /^finished {7}2\n/m);
    assert.doesNotMatch(status.stdout, /not begun/);
    const { imported, completed, turns } = jsonLines((await run("status", "old", "--json")).stdout)[0];
    assert.deepEqual([imported, completed, turns], [true, 2, 12]);
    const verify = await run("verify", "old");
    assert.match(verify.stdout, /^2 logs \(2 of finished discussions\), .*: all unchanged\n$/);
    const replay = await run("replay", "old", "--verify");
    assert.equal(replay.code, 0);
    assert.match(replay.stdout, /: imported, so no prompt can be rendered again; no divergences\n$/);
    const shown = await run("replay", "old", "-d", "moderated");
    assert.match(shown.stdout, /^ +2 {2}ann, opening$/m);
    assert.match(shown.stdout, /on the silence in slot 4: toxicity 0\.48/);

    await Deno.writeTextFile(join(cwd, "e.yaml"), experiment("{ adapter: scripted }"));
    const refused = await run("run", "e.yaml", "--out", "old");
    assert.equal(refused.code, 3);
    assert.match(refused.stderr, /"old": it holds imported discussions\. Choose another folder for this run/);
  }));

Deno.test("import reads an export for the Python library back, with its conditions", () =>
  inFolder(async (cwd) => {
    const run = (...args: string[]) => runProgram(args, { cwd });
    await run("import", `${EXAMPLES}old_runs`, "--out", "old");
    await run("export", "old", "--to", "out", "--format", "python-library");
    // An export.json of another program is not the note of an export.
    await Deno.mkdir(join(cwd, "out", "mine"));
    await Deno.writeTextFile(join(cwd, "out", "mine", "export.json"), "{}");
    const back = await run("import", "out", "--out", "back");
    assert.match(back.stderr, /^out\/mine\/export\.json: it is not a discussion of the Python library.*\n$/);
    assert.match(
      back.stdout,
      /^Imported 2 discussions from 3 files to back: 22 entries, 6 silent; 1 /,
    );
    const conditions = async (folder: string) => {
      const { stdout } = await run("status", folder, "--json");
      return jsonLines(stdout)[0].conditions;
    };
    assert.deepEqual(await conditions("back"), await conditions("old"));
  }));

Deno.test("reparse reads imported replies with a codebook, and refuses imported scores", () =>
  inFolder(async (cwd) => {
    const run = (...args: string[]) => runProgram(args, { cwd });
    await run("import", `${EXAMPLES}old_runs`, "--out", "old");
    await run("import", "annotations", `${EXAMPLES}annotations`, "--into", "old", "--as", "toxicity");
    await run("import", "scores", `${EXAMPLES}toxicity.csv`, "--into", "old", "--as", "toxicity");
    const asked = `pass: again
models: { m: { adapter: scripted } }
annotators: { model: m, instructions: Judge. }
scales: { toxicity: { type: ordinal, min: 1, max: 4, question: How toxic? } }
`;
    await Deno.writeTextFile(join(cwd, "a.yaml"), asked);
    const status = await run("status", "old", "--json");
    const passes = Object.keys(jsonLines(status.stdout)[0].passes).filter((name) =>
      name.startsWith("toxicity-")
    );
    assert.equal(passes.length, 2);
    for (const pass of passes) {
      const read = await run("reparse", "old", "--with", "a.yaml", "--pass", pass, "--as", `${pass}-read`);
      assert.equal(read.code, 0, read.stderr);
    }
    const shown = await run("replay", "old", "-d", "moderated");
    // The second annotator was not asked about the moderator's comments 3 and 7. The value 5 is not on this scale.
    const values = [
      ...shown.stdout.matchAll(/rater two on comment (\d): (?:toxicity (\d)$|(unparsed))/gm),
    ]
      .map(([, comment, value, unparsed]) => [comment, value ?? unparsed]);
    assert.deepEqual(values, [
      ["0", "1"],
      ["1", "2"],
      ["2", "3"],
      ["4", "unparsed"],
      ["5", "1"],
      ["6", "2"],
      ["8", "3"],
    ]);
    const scores = await run("reparse", "old", "--with", "a.yaml", "--pass", "toxicity");
    assert.equal(scores.code, 2);
    assert.match(scores.stderr, /Cannot read the pass "toxicity" again: no replies were imported with it/);
    assert.equal((await run("verify", "old")).code, 0);
    assert.equal((await run("replay", "old", "--verify")).code, 0);
  }));

Deno.test("import scores accepts scores of a run's own discussions, too", () =>
  inFolder(async (cwd) => {
    await Deno.writeTextFile(join(cwd, "e.yaml"), experiment("{ adapter: scripted }"));
    await runProgram(["run", "e.yaml", "--quiet"], { cwd });
    const [name] = [...Deno.readDirSync(join(cwd, "runs/tiny/discussions"))].map(({ name }) => name);
    const stream = name!.replace(".jsonl", "");
    await Deno.writeTextFile(join(cwd, "s.jsonl"), `{"discussion":"${stream}","position":3,"score":2}\n`);
    const scores = await runProgram(
      ["import", "scores", "s.jsonl", "--as", "length", "--into", "runs/tiny"],
      { cwd },
    );
    assert.equal(scores.code, 0, scores.stderr);
    assert.match(scores.stdout, /: 1 comment and 0 silences scored; 3 slots without a score\n/);
    await Deno.writeTextFile(join(cwd, "l.json"), `[{"discussion":"${stream}","position":3,"score":2}]`);
    const list = await runProgram(["import", "scores", "l.json", "--as", "other", "--into", "runs/tiny"], {
      cwd,
    });
    assert.match(list.stdout, /: 1 comment and 0 silences scored; 3 slots without a score\n/, list.stderr);
    assert.equal((await runProgram(["replay", "runs/tiny", "--verify"], { cwd })).code, 0);
    assert.equal((await runProgram(["run", "e.yaml", "--quiet"], { cwd })).code, 0);
    assert.equal((await runProgram(["verify", "runs/tiny"], { cwd })).code, 0);
  }));

Deno.test("import names the line of a wrong row, and escapes control characters", () =>
  inFolder(async (cwd) => {
    const table = 'discussion,author,text\nd,ann,"\x1b]0;title\x07"\n"\x1b[31m\u202e",,x\n';
    await Deno.writeTextFile(join(cwd, "t.csv"), table);
    const { code, stdout, stderr } = await runProgram(["import", "t.csv", "--out", "run"], { cwd });
    assert.equal(code, 1);
    assert.match(stdout, /^Imported 1 discussion .*; 1 not imported, listed above\n/);
    assert.match(
      stderr,
      /^t\.csv:3: the row does not say who its author is; the discussion .* is left out as a whole\n$/,
    );
    assert.doesNotMatch(stdout + stderr, /[^\P{Cc}\n]|\u202e/u);
    const json = await runProgram(["import", "t.csv", "--out", "run", "--json"], { cwd });
    const [problem, counts] = jsonLines(json.stdout);
    assert.deepEqual([problem.type, problem.line, counts.type, counts.alreadyThere], [
      "problem",
      3,
      "imported",
      1,
    ]);
    const strict = await runProgram(["import", "t.csv", "--out", "other", "--strict"], { cwd });
    assert.equal(strict.code, 1);
    assert.match(strict.stderr, /^Cannot continue the import: t\.csv:3: /);
  }));

Deno.test("import refuses invalid command lines, and writes nothing", () =>
  inFolder(async (cwd) => {
    await Deno.writeTextFile(join(cwd, "t.csv"), "discussion,author,text\nd,a,t\n");
    await Deno.writeTextFile(join(cwd, "s.csv"), "a,b\n1,2\n");
    await runProgram(["import", "t.csv", "--out", "run"], { cwd });
    const cases: readonly (readonly [string[], number, RegExp])[] = [
      [["import", "--out", "x"], 2, /FILE_OR_FOLDER is missing/],
      [["import", "t.csv"], 2, /--out/],
      [["import", "absent.csv", "--out", "x"], 2, /Cannot import anything from absent\.csv/],
      [["import", "t.csv", "--out", "x", "--map", "autor=a"], 2, /did you mean "author"\?/],
      [["import", "t.csv", "--out", "x", "--role", "troll"], 2, /Cannot read the role "troll"/],
      [["import", "t.csv", "--out", "x", "--condition", "{a}{a}"], 2, /Cannot read the pattern/],
      [
        ["import", "scores", "s.csv", "--as", "x", "--into", "run"],
        2,
        /Cannot import s\.csv: there is no column for the discussion/,
      ],
      [["import", "scores", "s.csv", "--as", "x", "--into", "absent"], 3, /Cannot open the run "absent"/],
      [["import", "scores", "absent.csv", "--as", "x", "--into", "run"], 2, /Cannot read "absent\.csv"/],
      [["import", "annotations", "t.csv", "--into", "run"], 1, /t\.csv:1: it is not JSON/],
    ];
    for (const [args, code, message] of cases) {
      const ended = await runProgram(args, { cwd });
      assert.equal(ended.code, code, `${args.join(" ")}\n${ended.stderr}`);
      assert.match(ended.stderr, message);
      assert.doesNotMatch(ended.stderr, /This is a bug/);
    }
    assert.deepEqual([...Deno.readDirSync(cwd)].map(({ name }) => name).sort(), ["run", "s.csv", "t.csv"]);
  }));

Deno.test("ids of 64 bits keep their digits in every table and export", () =>
  inFolder(async (cwd) => {
    const ids = ["1212092628029698048", "1212092628029698049"];
    const rows = ids.map((id) => `{"conversation_id":${id},"speaker":${id},"text":"t","reply_to":${id}}\n`);
    await Deno.mkdir(join(cwd, "forum"));
    await Deno.writeTextFile(join(cwd, "forum/ids.jsonl"), rows.join(""));
    const run = async (...args: string[]) => {
      const { code, stdout, stderr } = await runProgram(args, { cwd });
      assert.equal(code, 0, stderr);
      return stdout;
    };
    await run("import", "forum/ids.jsonl", "--out", "run");
    const sql = "select imported_id, author from discussions join comments using (discussion) order by 1";
    assert.deepEqual(
      jsonLines(await run("query", "run", sql, "--json")),
      ids.map((id) => ({ imported_id: id, author: id })),
    );
    assert.equal(
      await run("query", "run", sql, "--csv"),
      `imported_id,author\n${ids.map((id) => `${id},${id}\n`).join("")}`,
    );
    const entries = "select data from events where type = 'DiscussionOpened'";
    const kept = jsonLines(await run("query", "run", entries, "--json"))
      .map(({ data }) => data.imported.entries[0].reply_to);
    assert.deepEqual(kept.sort(), ids);
    await run("export", "run", "--to", "out", "--format", "python-library");
    const files = [...Deno.readDirSync(join(cwd, "out/discussions/forum"))].map(({ name }) =>
      JSON.parse(Deno.readTextFileSync(join(cwd, "out/discussions/forum", name)))
    );
    const found = files.map(({ id, logs: [{ name, reply_to }] }) => [id, name, reply_to]);
    assert.deepEqual(found.sort(), ids.map((id) => [id, id, id]));
  }));
