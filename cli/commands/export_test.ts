import assert from "node:assert/strict";
import { join } from "node:path";
import { parse } from "yaml";
import { runHolding } from "../../adapters/tables/testing/run_holding.ts";
import { inFolder } from "../../adapters/testing/in_folder.ts";
import { annotationEvents, sampleEvents } from "../../core/testing/sample_stream.ts";
import { jsonLines } from "../testing/experiments.ts";
import { ended, runProgram, startProgram } from "../testing/processes.ts";

/** The names in a folder. */
function names(folder: string): string[] {
  return [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
}

/** Values that annotators gave in the sample. */
const VALUES = annotationEvents("p")
  .flatMap(({ data }) => "values" in data ? Object.keys(data.values) : []).length;

const whole = [...sampleEvents("d"), ...annotationEvents("p")];

Deno.test("export writes the tables that are asked for, and says what it wrote", () =>
  inFolder(async (cwd) => {
    await runHolding(join(cwd, "run"), { d: whole, e: sampleEvents("e").slice(0, 3) });
    const done = await runProgram(["export", "run", "--to", "deep/out", "--format", "jsonl"], { cwd });
    assert.equal(done.code, 0, done.stderr);
    assert.equal(
      done.stdout,
      `Wrote deep/out: comments (6), silences (2), cut_turns (0), annotations (${VALUES}), annotations_unparsed (2), ` +
        "discussions (2), participants (4)\n",
    );
    assert.equal(done.stderr, "1 discussion not ended: exported as far as they are\n");
    const discussions = jsonLines(await Deno.readTextFile(join(cwd, "deep/out/discussions.jsonl")));
    assert.deepEqual(discussions.map(({ discussion, status, factors }) => [discussion, status, factors]), [
      ["d", "completed", { moderator: "gentle" }],
      ["e", "unfinished", { moderator: "gentle" }],
    ]);
    const some = await runProgram(
      ["export", "run", "--to", "some", "--format", "csv", "--tables", "generations, comments", "--json"],
      { cwd },
    );
    // Five turns and moderations and a failure of the one, three requests of its pass; one turn of the other.
    assert.deepEqual(JSON.parse(some.stdout).written, { generations: 10, comments: 6 });
    assert.deepEqual(names(join(cwd, "some")), ["comments.csv", "export.json", "generations.csv"]);
  }));

Deno.test("export replaces an export when it is forced to, and nothing else ever", () =>
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
    assert.match(again.stderr, /Cannot write to "empty": it holds an export already.*--force/);
    await Deno.writeTextFile(join(cwd, "empty", "comments.csv"), "old");
    assert.equal((await to("empty", "--force")).code, 0);
    assert.match(await Deno.readTextFile(join(cwd, "empty", "comments.csv")), /^run,comment_id,/);
    await Deno.mkdir(join(cwd, "mine"));
    await Deno.writeTextFile(join(cwd, "mine", "thesis.tex"), "years of work");
    for (const folder of ["mine", "run", "mine/thesis.tex", "."]) {
      const refused = await to(folder, "--force");
      assert.equal(refused.code, 2, folder);
    }
    assert.equal(await Deno.readTextFile(join(cwd, "mine", "thesis.tex")), "years of work");
    assert.deepEqual(names(cwd), ["empty", "mine", "run"]);
  }));

Deno.test("export writes nothing of a run with a damaged log", () =>
  inFolder(async (cwd) => {
    const run = await runHolding(join(cwd, "run"), { d: sampleEvents("d") });
    const file = run.store.locate("d");
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

Deno.test("export leaves nothing half-written behind when it is stopped", () =>
  inFolder(async (cwd) => {
    const streams = Object.fromEntries(
      Array.from({ length: 300 }, (_, index) => [`d${index}`, sampleEvents(`d${index}`)]),
    );
    await runHolding(join(cwd, "run"), streams);
    const child = startProgram(["export", "run", "--to", "out", "--format", "python-library"], { cwd });
    const end = ended(child);
    const isUnderWay = () => names(cwd).some((name) => name.startsWith(".out."));
    while (!isUnderWay() && !names(cwd).includes("out")) {
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    child.kill("SIGTERM");
    const { code } = await end;
    assert.deepEqual(names(cwd), code === 0 ? ["out", "run"] : ["run"]);
  }));

Deno.test("export refuses tables that there are none of, and options that do nothing", () =>
  inFolder(async (cwd) => {
    await runHolding(join(cwd, "run"), { d: whole });
    const to = (...more: string[]) => runProgram(["export", "run", "--to", "out", ...more], { cwd });
    const misspelt = await to("--format", "csv", "--tables", "coments");
    assert.equal(misspelt.code, 2);
    assert.match(misspelt.stderr, /table "coments": there is none of that name; did you mean "comments"\?/);
    assert.equal((await to("--format", "jsonl", "--raw")).code, 2);
    assert.equal((await to("--format", "python-library", "--tables", "comments")).code, 2);
    assert.equal((await to("--format", "excel")).code, 2);
    assert.deepEqual(names(cwd), ["run"]);
  }));

Deno.test("export --format huggingface writes a card that is true to the run", () =>
  inFolder(async (cwd) => {
    await runHolding(join(cwd, "run"), { d: whole, e: sampleEvents("e").slice(0, 3) });
    await runProgram(["export", "run", "--to", "out", "--format", "huggingface"], { cwd });
    const card = await Deno.readTextFile(join(cwd, "out", "README.md"));
    const [, header, body] = card.split(/^---$/m);
    const { license, configs, size_categories } = parse(header!);
    // Whoever publishes the data decides on its licence.
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
    assert.match(body!, /2 synthetic discussions, .*: 6 comments, and 2\s/);
    assert.match(body!, /1 of them have not ended/);
    assert.match(body!, /^\| base \| 2 \|$/m);
    // Openings are nobody's: three comments of the one discussion, one of the other.
    assert.match(body!, /^\| tiny \| scripted \| 4 \|$/m);
  }));
