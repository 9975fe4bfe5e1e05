import assert from "node:assert/strict";
import { join } from "node:path";
import { pythonFile } from "../../adapters/formats/testing/python_files.ts";
import { inFolder } from "../../adapters/testing/in_folder.ts";
import { jsonLines } from "../testing/experiments.ts";
import { runProgram } from "../testing/processes.ts";
import { writtenReport } from "../testing/written_report.ts";

const USERS = ["ann", "ben", "cleo"];

async function writeFiles(folder: string): Promise<void> {
  for (const [condition, moderator] of [["tiny_none", undefined], ["tiny_calm", "Keep calm."]] as const) {
    await Deno.mkdir(join(folder, condition), { recursive: true });
    for (const name of ["a", "b"]) {
      const text = pythonFile({
        model: "tiny",
        users: USERS,
        moderator,
        speakers: ["ann", "ben", "ann", "cleo"],
      });
      await Deno.writeTextFile(join(folder, condition, `${name}.json`), text);
    }
  }
}

Deno.test("import --experiment writes an experiment that runs, and imports the discussions if --out is given", () =>
  inFolder(async (cwd) => {
    const run = (...args: string[]) => runProgram(args, { cwd });
    await writeFiles(join(cwd, "files"));
    const pattern = ["--condition", "{model}_{moderator}"];
    const recovered = await run("import", "files", ...pattern, "--experiment", "again.yaml", "--out", "old");
    assert.equal(recovered.code, 0, recovered.stderr);
    assert.match(
      recovered.stdout,
      /^Recovered again\.yaml from 4 discussions in 4 files: factor moderator \(none, calm\); 3 personas; 1 opening; original model tiny\n/,
    );
    assert.match(recovered.stdout, /^Imported 4 discussions from 4 files to old/m);
    const ran = await run("run", "again.yaml");
    assert.equal(ran.code, 0, ran.stderr);
    const { completed, turns } = jsonLines((await run("status", "runs/again", "--json")).stdout)[0];
    assert.deepEqual([completed, turns], [4, 16]);
    const compared = await run("report", "old", "runs/again", "--out", "comparison");
    assert.equal(compared.code, 0, compared.stderr);
    const { data } = await writtenReport(join(cwd, "comparison"));
    const words = data("runs-compared-outcomes").filter(({ outcome }) => outcome === "words");
    assert.deepEqual(words.map(({ discussions }) => discussions).sort(), [
      "all discussions",
      "moderator: calm",
      "moderator: none",
    ]);
    for (const { first_n, second_n, first_mean, second_mean, difference } of words) {
      assert.equal(first_n, second_n);
      // All imported comments have two words.
      assert.equal(Number(first_mean), 2);
      assert.equal(Number(difference), Number(second_mean) - 2);
    }
    const refused = await run("import", "files", "--experiment", "again.yaml");
    assert.equal(refused.code, 2);
    assert.match(refused.stderr, /Cannot write "again\.yaml": the file exists/);
  }));

Deno.test("import without --out and --experiment says what is missing", () =>
  inFolder(async (cwd) => {
    await writeFiles(join(cwd, "files"));
    const { code, stderr } = await runProgram(["import", "files"], { cwd });
    assert.equal(code, 2);
    assert.match(stderr, /name the run's folder with --out DIR, or an experiment file .* --experiment FILE/);
  }));

Deno.test("import --experiment names files that it cannot read, and uses the others", () =>
  inFolder(async (cwd) => {
    await writeFiles(join(cwd, "files"));
    await Deno.writeTextFile(join(cwd, "files", "broken.json"), "{");
    const { code, stdout, stderr } = await runProgram(
      ["import", "files", "--experiment", "my € study.yaml", "--json"],
      { cwd },
    );
    assert.equal(code, 1, stderr);
    const [problem, recovered] = jsonLines(stdout);
    assert.equal(problem.type, "problem");
    assert.match(problem.file, /broken\.json$/);
    assert.deepEqual([recovered.type, recovered.discussions, recovered.problems], ["recovered", 4, 1]);
    assert.match(await Deno.readTextFile(join(cwd, "my € study.yaml")), /^name: my-study$/m);
  }));

Deno.test("import --experiment refuses a file that is not YAML, before it reads anything", () =>
  inFolder(async (cwd) => {
    const { code, stderr } = await runProgram(["import", "missing", "--experiment", "e.json"], { cwd });
    assert.equal(code, 2);
    assert.match(
      stderr,
      /Cannot write "e\.json": an experiment file is YAML\. Name a file that ends in \.yaml/,
    );
  }));
