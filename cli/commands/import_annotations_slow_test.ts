/** Annotations of the Python library: imported, read as values, and reported with their agreement. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { examplePath, exampleText } from "../../adapters/formats/testing/python_examples.ts";
import { inFolder } from "../../adapters/testing/in_folder.ts";
import { jsonLines } from "../testing/experiments.ts";
import { runProgram } from "../testing/processes.ts";

const TWO_SCALES = `models: { judge: { adapter: scripted } }
annotators: { model: judge, name: judge }
scales:
  Toxicity: { type: ordinal, min: 1, max: 5, question: How toxic is the last comment? }
  ArgumentQuality: { type: ordinal, min: 1, max: 5, question: How good is its argument? }
`;

/** The file of an annotator. The toxicity values are 1 to 5 in turn; each quality value is 1 higher, with 1 after 5. */
function fileOf(annotator: string, write: (toxicity: number, quality: number) => string): string {
  const file = JSON.parse(exampleText("annotations/rater_of_all.json"));
  const prompt = JSON.parse(file.annotator_prompt);
  return JSON.stringify({
    ...file,
    annotator_prompt: JSON.stringify({ ...prompt, persona: { ...prompt.persona, username: annotator } }),
    logs: file.logs.map((
      [about]: [string],
      index: number,
    ) => [about, write(index % 5 + 1, (index + 1) % 5 + 1)]),
  });
}

const FORMS: readonly ((toxicity: number, quality: number) => string)[] = [
  (toxicity, quality) => `Toxicity=${toxicity}\nArgumentQuality=${quality}`,
  (toxicity, quality) => `Toxicity: ${toxicity}, ArgumentQuality: ${quality}`,
  (toxicity, quality) =>
    `<think>Toxicity=5?</think>\n{"toxicity": ${toxicity}, "argument_quality": ${quality}}`,
  (toxicity, quality) =>
    `| Scale | Score |\n|---|---|\n| Toxicity | ${toxicity} |\n| Argument Quality | ${quality} |`,
];

Deno.test("reparse reads both values of every imported reply of eleven annotators in one pass", () =>
  inFolder(async (cwd) => {
    const run = async (...args: string[]) => {
      const ended = await runProgram(args, { cwd });
      assert.equal(ended.code, 0, ended.stderr);
      return ended.stdout;
    };
    for (const folder of ["first", "later"]) await Deno.mkdir(join(cwd, folder));
    for (let nth = 0; nth < 11; nth++) {
      const path = join(cwd, nth < 8 ? "first" : "later", `${nth}.json`);
      await Deno.writeTextFile(path, fileOf(`rater ${nth}`, FORMS[nth % FORMS.length]!));
    }
    await Deno.writeTextFile(join(cwd, "two.yaml"), TWO_SCALES);
    await run("import", examplePath("old_runs"), "--out", "old");
    const add = (folder: string) => run("import", "annotations", folder, "--into", "old", "--as", "ratings");
    assert.match(await add("first"), /^Imported 1 annotation pass from 8 files to old: 112 replies\n/);
    assert.match(await add("later"), /^Imported 1 annotation pass from 3 files to old: 42 replies\n/);
    const { passes } = jsonLines(await run("status", "old", "--json"))[0];
    const [[pass, counts], ...others] = Object.entries(passes) as [[string, unknown]];
    assert.deepEqual([others, counts], [[], {
      begun: 1,
      completed: 1,
      annotated: 154,
      unread: 0,
      failed: 0,
    }]);
    await run("reparse", "old", "--with", "two.yaml", "--pass", pass, "--as", "read");
    const rows = jsonLines(
      await run(
        "query",
        "old",
        "select scale, comment, count(*)::INT as n, min(value_number) as low, max(value_number) as high " +
          "from annotations where pass = 'read' and comment < 2 group by all order by all",
        "--json",
      ),
    );
    assert.deepEqual(rows.map((row) => [row.scale, Number(row.comment), row.n, row.low, row.high]), [
      ["ArgumentQuality", 0, 11, 2, 2],
      ["ArgumentQuality", 1, 11, 3, 3],
      ["Toxicity", 0, 11, 1, 1],
      ["Toxicity", 1, 11, 2, 2],
    ]);
    await run("report", "old", "--out", "report", "--full");
    const report = await Deno.readTextFile(join(cwd, "report/report.md"));
    for (const scale of ["Toxicity", "ArgumentQuality"]) {
      // Eleven annotators agree on all nine comments.
      assert.match(report, new RegExp(`\\| read +\\| ${scale} +\\| ordinal +\\| +11 \\| +9 \\| 1\\.000 \\|`));
    }
    await run("verify", "old");
    await run("replay", "old", "--verify");
  }));
