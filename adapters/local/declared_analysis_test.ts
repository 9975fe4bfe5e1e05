import assert from "node:assert/strict";
import { join } from "node:path";
import { folderRun } from "../stores/mod.ts";
import { inFolder } from "../testing/in_folder.ts";
import { readExperiment } from "./load_experiment.ts";
import { runExperiment } from "./run_experiment.ts";

/** Runs an experiment with or without a section `analysis`. Returns the warnings, and the analysis in the manifest. */
async function runDeclaring(folder: string, analysis: string, replications = 1) {
  const text = `
name: declared
seed: 1
models: { m: { adapter: scripted } }
participants: { model: m, personas: [{ name: Ada }] }
discussion: { turns: 1 }
design: { factors: { discussion.history: [0, 1] }, replications: ${replications} }
${analysis}
`;
  const out = join(folder, "run");
  const warnings: string[] = [];
  const loaded = await readExperiment({ path: "e.yaml", text, folder });
  await runExperiment(loaded, { out, warn: (message) => warnings.push(message) });
  return { warnings, analysis: (await folderRun(out).read()).manifest.analysis };
}

Deno.test("runExperiment() keeps the analysis that was declared when the run was made, and warns if the file changed", () =>
  inFolder(async (folder) => {
    const made = await runDeclaring(folder, "analysis: { outcomes: [words], level: 0.9 }");
    assert.deepEqual([made.analysis?.outcomes, made.analysis?.level, made.warnings], [["words"], 0.9, []]);
    const again = await runDeclaring(folder, "analysis: { level: 0.9, outcomes: [words], correction: holm }");
    assert.deepEqual(again, made);
    const note =
      "the experiment file no longer has the analysis that was declared when this run was made. The run keeps the " +
      "declared analysis. To compute another analysis, use report --analysis FILE; its results count as exploratory";
    for (const changed of ["analysis: { outcomes: [evenness] }", ""]) {
      assert.deepEqual(await runDeclaring(folder, changed), { ...made, warnings: [note] });
    }
    const larger = await runDeclaring(folder, "analysis: { outcomes: [evenness] }", 2);
    assert.deepEqual(larger, { ...made, warnings: [note] });
  }));

Deno.test("runExperiment() declares no analysis for a run that was made without one", () =>
  inFolder(async (folder) => {
    assert.deepEqual(await runDeclaring(folder, ""), { warnings: [], analysis: null });
    const { warnings: [note, ...others], analysis } = await runDeclaring(
      folder,
      "analysis: { outcomes: [words] }",
    );
    assert.match(
      note!,
      /^no analysis was declared when this run was made\. .* use report --analysis FILE/,
    );
    assert.deepEqual([others, analysis], [[], null]);
    const file = join(folder, "run", "manifest.json");
    // A run of an old version, which wrote neither a run log nor an analysis.
    const { analysis: _, runLog: __, ...older } = JSON.parse(await Deno.readTextFile(file));
    await Deno.remove(join(folder, "run", "run.jsonl"));
    await Deno.writeTextFile(file, JSON.stringify(older));
    assert.deepEqual(await runDeclaring(folder, ""), { warnings: [], analysis: undefined });
    const since = await runDeclaring(folder, "analysis: { outcomes: [words] }", 2);
    assert.deepEqual(since, { warnings: [note], analysis: undefined });
  }));
