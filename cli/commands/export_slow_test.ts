import assert from "node:assert/strict";
import { join } from "node:path";
import { parse } from "npm:yaml@2.9.1";
import { runHolding } from "../../adapters/tables/testing/run_holding.ts";
import { inFolder } from "../../adapters/testing/in_folder.ts";
import { annotationEvents, sampleEvents } from "../../core/testing/sample_stream.ts";
import { jsonLines } from "../testing/experiments.ts";
import { ended, runProgram, startProgram } from "../testing/processes.ts";

/** The names in a folder. */
function names(folder: string): string[] {
  return [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
}

/** The number of annotators' values in the sample. */
const VALUES = annotationEvents("p")
  .flatMap(({ data }) => "values" in data ? Object.keys(data.values) : []).length;

const whole = [...sampleEvents("d"), ...annotationEvents("p")];

Deno.test("export writes the chosen tables, and lists them with their numbers of rows", () =>
  inFolder(async (cwd) => {
    await runHolding(join(cwd, "run"), { d: whole, e: sampleEvents("e").slice(0, 3) });
    const done = await runProgram(["export", "run", "--to", "deep/out", "--format", "jsonl"], { cwd });
    assert.equal(done.code, 0, done.stderr);
    assert.equal(
      done.stdout,
      `Wrote deep/out: comments (6), silences (2), cut_turns (0), annotations (${VALUES}), annotations_unparsed (2), ` +
        "discussions (2), participants (4)\n",
    );
    assert.equal(done.stderr, "1 discussion unfinished: exported up to the last event\n");
    const discussions = jsonLines(await Deno.readTextFile(join(cwd, "deep/out/discussions.jsonl")));
    assert.deepEqual(discussions.map(({ discussion, status, factors }) => [discussion, status, factors]), [
      ["d", "completed", { moderator: "gentle" }],
      ["e", "unfinished", { moderator: "gentle" }],
    ]);
    const some = await runProgram(
      ["export", "run", "--to", "some", "--format", "csv", "--tables", "generations, comments", "--json"],
      { cwd },
    );
    // One discussion has five turns and moderations, a failure and three annotation requests; the other has one turn.
    assert.deepEqual(JSON.parse(some.stdout).written, { generations: 10, comments: 6 });
    assert.deepEqual(names(join(cwd, "some")), [
      "SHA256SUMS",
      "comments.csv",
      "data_dictionary.csv",
      "export.json",
      "generations.csv",
    ]);
  }));

Deno.test("export --force replaces an earlier export, and no other file", () =>
  inFolder(async (cwd) => {
    await runHolding(join(cwd, "run"), { d: whole });
    const to = (folder: string, ...more: string[]) =>
      runProgram(["export", "run", "--to", folder, "--format", "csv", "--tables", "comments", ...more], {
        cwd,
      });
    await Deno.mkdir(join(cwd, "empty"));
    assert.equal((await to("empty")).code, 0);
    const again = await to("empty");
    assert.equal(again.code, 2);
    assert.match(again.stderr, /Cannot write to "empty": it already holds an export.*--force/);
    await Deno.writeTextFile(join(cwd, "empty", "mine.txt"), "years of work");
    assert.equal((await to("empty", "--force")).code, 0);
    const tables = await runProgram(
      ["export", "run", "--to", "empty", "--format", "csv", "--tables", "discussions", "--force"],
      { cwd },
    );
    assert.equal(tables.code, 0, tables.stderr);
    assert.deepEqual(names(join(cwd, "empty")), [
      "SHA256SUMS",
      "data_dictionary.csv",
      "discussions.csv",
      "export.json",
      "mine.txt",
    ]);
    const check = await new Deno.Command("sha256sum", {
      args: ["--check", "SHA256SUMS"],
      cwd: join(cwd, "empty"),
    }).output();
    assert.equal(
      new TextDecoder().decode(check.stdout),
      "data_dictionary.csv: OK\ndiscussions.csv: OK\nexport.json: OK\n",
    );
    // Another program's file and a changed file are not replaced.
    await Deno.writeTextFile(join(cwd, "empty", "comments.csv"), "mine");
    const foreign = await to("empty", "--force");
    assert.equal(foreign.code, 2);
    assert.match(foreign.stderr, /it holds "comments\.csv", which was not written there before/);
    await Deno.remove(join(cwd, "empty", "comments.csv"));
    await Deno.writeTextFile(join(cwd, "empty", "discussions.csv"), "corrected by hand");
    const changed = await to("empty", "--force");
    assert.equal(changed.code, 2);
    assert.match(changed.stderr, /"discussions\.csv" was changed since it was written/);
    assert.equal(await Deno.readTextFile(join(cwd, "empty", "discussions.csv")), "corrected by hand");
    assert.equal(await Deno.readTextFile(join(cwd, "empty", "mine.txt")), "years of work");
    await Deno.mkdir(join(cwd, "mine"));
    await Deno.writeTextFile(join(cwd, "mine", "thesis.tex"), "years of work");
    for (const folder of ["mine", "run", "mine/thesis.tex", ".", "run/annotations", "run/discussions/ab"]) {
      const refused = await to(folder, "--force");
      assert.equal(refused.code, 2, folder);
    }
    assert.equal(await Deno.readTextFile(join(cwd, "mine", "thesis.tex")), "years of work");
    assert.deepEqual(names(cwd), ["empty", "mine", "run"]);
  }));

/** Labels that are longer than 200 bytes when they are percent-encoded. */
const LONG_LABELS = `
name: long-labels
seed: 1
models: { m: { adapter: scripted } }
participants: { model: m, personas: [{ name: Anna }, { name: Bob }] }
discussion: { turns: 4 }
design:
  factors:
    discussion.history:
      - { label: "ο συντονιστής υπενθυμίζει σε όλους να μένουν ευγενικοί", value: 1 }
      - { label: "ο συντονιστής δεν λέει τίποτα σε κανέναν όσο κρατά η συζήτηση", value: 2 }
      - { label: "${"主持人提醒大家保持礼貌".repeat(9)}", value: 3 }
      - { label: "${"🙂/..\\\\".repeat(15)}", value: 4 }
`;

Deno.test("all formats of export, and report, accept long labels in any script", () =>
  inFolder(async (cwd) => {
    await Deno.writeTextFile(join(cwd, "exp.yaml"), LONG_LABELS);
    const held = await runProgram(["run", "exp.yaml", "--out", "run", "--quiet"], { cwd });
    assert.equal(held.code, 0, held.stderr);
    for (const format of ["csv", "jsonl", "parquet", "huggingface", "python-library"]) {
      const done = await runProgram(["export", "run", "--to", format, "--format", format], { cwd });
      assert.equal(done.code, 0, done.stderr);
    }
    const folder = join(cwd, "python-library/discussions");
    const conditions = names(folder);
    assert.equal(conditions.length, 4);
    for (const name of conditions) {
      assert.ok(new TextEncoder().encode(name).length <= 200, name);
      assert.equal(names(join(folder, name)).length, 1);
    }
    assert.ok(conditions.some((name) => name.includes("συντονιστής%20υπενθυμίζει")), conditions.join("\n"));
    const note = JSON.parse(await Deno.readTextFile(join(cwd, "python-library/export.json")));
    const rows = jsonLines(await Deno.readTextFile(join(cwd, "jsonl/discussions.jsonl")));
    const cut = conditions.filter((name) => name.includes("~"));
    assert.ok(cut.length >= 2);
    assert.deepEqual(Object.keys(note.folders).sort(), cut);
    for (const condition of Object.values(note.folders)) {
      assert.ok(rows.some((row) => row.condition === condition), String(condition));
    }
    const back = await runProgram(["import", "python-library", "--out", "back"], { cwd });
    assert.equal(back.code, 0, back.stderr);
    const report = await runProgram(["report", "run"], { cwd });
    assert.equal(report.code, 0, report.stderr);
  }));

Deno.test("export writes nothing if a log of the run is damaged", () =>
  inFolder(async (cwd) => {
    const run = await runHolding(join(cwd, "run"), { d: sampleEvents("d") });
    const file = run.store.locate!("d");
    await Deno.writeTextFile(file, (await Deno.readTextFile(file)).replace('"turn":0', '"turn":7'));
    for (const format of ["csv", "python-library", "huggingface"]) {
      const { code, stderr } = await runProgram(["export", "run", "--to", "out", "--format", format], {
        cwd,
      });
      assert.equal(code, 3);
      assert.match(stderr, /line 3 of .* is damaged.*"verify --repair"/);
    }
    assert.deepEqual(names(cwd), ["run"]);
  }));

Deno.test("export leaves no half-written folder when it is stopped", () =>
  inFolder(async (cwd) => {
    const streams = Object.fromEntries(
      Array.from({ length: 300 }, (_, index) => [`d${index}`, sampleEvents(`d${index}`)]),
    );
    await runHolding(join(cwd, "run"), streams);
    const child = startProgram(["export", "run", "--to", "out", "--format", "python-library"], { cwd });
    let hasEnded = false;
    const end = ended(child).finally(() => hasEnded = true);
    while (!hasEnded && names(cwd).length === 1) await new Promise((resolve) => setTimeout(resolve, 1));
    try {
      child.kill("SIGTERM");
    } catch {
      // The process has ended meanwhile.
    }
    const { code, stderr } = await end;
    const [left, ...others] = names(cwd).filter((name) => name !== "run");
    assert.deepEqual(others, []);
    if (left === undefined) return assert.equal(code, 130, stderr);
    // The signal can come after the folder is complete.
    assert.equal(left, "out");
    assert.equal(names(join(cwd, "out/discussions/base")).length, 300);
    assert.ok(names(join(cwd, "out")).includes("SHA256SUMS"));
  }));

Deno.test("export refuses unknown tables, and options that have no effect", () =>
  inFolder(async (cwd) => {
    await runHolding(join(cwd, "run"), { d: whole });
    const to = (...more: string[]) => runProgram(["export", "run", "--to", "out", ...more], { cwd });
    const misspelt = await to("--format", "csv", "--tables", "coments");
    assert.equal(misspelt.code, 2);
    assert.match(misspelt.stderr, /table "coments": there is no such table; did you mean "comments"\?/);
    assert.equal((await to("--format", "jsonl", "--raw")).code, 2);
    assert.equal((await to("--format", "python-library", "--tables", "comments")).code, 2);
    assert.equal((await to("--format", "excel")).code, 2);
    assert.deepEqual(names(cwd), ["run"]);
  }));

Deno.test("export --format huggingface writes a card with the run's numbers", () =>
  inFolder(async (cwd) => {
    await runHolding(join(cwd, "run"), { d: whole, e: sampleEvents("e").slice(0, 3) });
    await runProgram(["export", "run", "--to", "out", "--format", "huggingface"], { cwd });
    const card = await Deno.readTextFile(join(cwd, "out", "README.md"));
    const [, header, body] = card.split(/^---$/m);
    const { license, configs, size_categories } = parse(header!);
    // The person who publishes the data decides on its licence.
    assert.equal(license, undefined);
    assert.match(header!, /^# license: fill in/m);
    assert.deepEqual(size_categories, ["n<1K"]);
    for (const { data_files: [{ path }] } of configs) await Deno.stat(join(cwd, "out", path));
    assert.deepEqual(
      configs.map(({ config_name }: { config_name: string }) => `${config_name}.parquet`).sort(),
      [
        ...names(join(cwd, "out", "data")),
      ],
    );
    assert.match(body!, /2 discussions: 6 comments, and 2\s/);
    assert.match(body!, /Language models wrote 4 of the comments\./);
    assert.match(body!, /1 of them have not ended/);
    assert.match(body!, /^\| base \| 2 \|$/m);
    // Openings have no model, so the model wrote three comments of one discussion and one of the other.
    assert.match(body!, /^\| tiny \| scripted \| 4 \|$/m);
  }));
