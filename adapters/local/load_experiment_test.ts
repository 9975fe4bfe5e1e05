import assert from "node:assert/strict";
import { join } from "node:path";
import { ExperimentError } from "../../core/experiment/mod.ts";
import { inFolder } from "../testing/in_folder.ts";
import { loadExperiment } from "./load_experiment.ts";
import { loadExtensions } from "./load_extensions.ts";

const EXPERIMENT = `
name: small
seed: 1
models: { m: { adapter: scripted } }
participants: { model: m, personas: people.csv }
discussion: { turns: 2 }
`;

/** "José" as Excel saves it in a CSV file by default: Windows-1252, where é is the byte 0xE9. */
const JOSE = new Uint8Array([...new TextEncoder().encode("name\nAda\nJos"), 0xe9, 0x0a]);

async function problemsOf(file: string): Promise<readonly string[]> {
  try {
    await loadExperiment(file);
  } catch (error) {
    if (error instanceof ExperimentError) return error.message.split("\n");
    throw error;
  }
  return [];
}

Deno.test("loadExperiment() reports problems with paths from the working folder", () =>
  inFolder(async (folder) => {
    const file = join(folder, "e.yaml");
    await Deno.writeTextFile(file, EXPERIMENT);
    await Deno.writeTextFile(join(folder, "people.csv"), "name,age\nAda,30\nAda,31\n");
    const [problem, ...others] = await problemsOf(file);
    assert.ok(problem?.startsWith(`${join(folder, "people.csv")}:3:1: `), String(problem));
    assert.deepEqual(others, []);
  }));

Deno.test("loadExperiment() refuses text in another encoding than UTF-8", () =>
  inFolder(async (folder) => {
    const file = join(folder, "e.yaml");
    await Deno.writeTextFile(file, EXPERIMENT);
    await Deno.writeFile(join(folder, "people.csv"), JOSE);
    assert.match(
      (await problemsOf(file)).join("\n"),
      /^\S+e\.yaml:5:\d+: .*"people\.csv": it is not UTF-8 text/,
    );
    await Deno.writeFile(file, JOSE);
    assert.match((await problemsOf(file)).join("\n"), /^\S+e\.yaml:1:1: it is not UTF-8 text/);
    await Deno.writeFile(file, Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00));
    assert.match((await problemsOf(file)).join("\n"), /^\S+e\.yaml:1:1: it is not a text file$/);
  }));

Deno.test("loadExperiment() refuses code that changes while it is loaded", () =>
  inFolder(async (folder) => {
    const file = join(folder, "e.yaml");
    await Deno.writeTextFile(file, EXPERIMENT.replace("turns: 2", "turns: 2, turnTaking: ./first.ts"));
    await Deno.writeTextFile(join(folder, "people.csv"), "name\nAda\nBen\n");
    const rule = "export default { options: {}, select: ({ participants }) => participants[0].name };";
    const swap = 'Deno.writeTextFileSync(new URL(import.meta.url), "export default {};");';
    await Deno.writeTextFile(join(folder, "first.ts"), `${swap}\n${rule}\n`);
    const [problem] = await problemsOf(file);
    assert.match(
      problem!,
      /cannot load "\.\/first\.ts": its code changed while it was loaded\. Give the command again/,
    );
  }));

Deno.test("loadExperiment() loads edited code again, and refuses code that imports an edited file", () =>
  inFolder(async (folder) => {
    const [file, rule, helper] = ["e.yaml", "rule.ts", "helper.ts"].map((name) => join(folder, name));
    await Deno.writeTextFile(file!, EXPERIMENT.replace("turns: 2", "turns: 2, turnTaking: ./rule.ts"));
    await Deno.writeTextFile(join(folder, "people.csv"), "name\nAda\nBen\n");
    const edit = (clause: string) =>
      Deno.writeTextFile(
        rule!,
        `import ${
          JSON.stringify("./helper.ts")
        };\nexport default { clause: () => "${clause}", select: () => "Ada" };\n`,
      );
    const clause = async () => {
      const { known } = await loadExtensions([{ kind: "strategy", path: "./rule.ts" }], folder);
      return known.strategies.get("./rule.ts")?.clause?.({});
    };
    await Deno.writeTextFile(helper!, "export const seat = 0;\n");
    await edit("first");
    assert.equal(await clause(), "first");
    await edit("second");
    assert.equal(await clause(), "second");
    await edit("first");
    assert.equal(await clause(), "first");
    await Deno.writeTextFile(helper!, "export const seat = 1;\n");
    assert.match(
      (await problemsOf(file!)).join("\n"),
      /cannot load "\.\/rule\.ts": a file that it imports changed after the program had loaded it\. Start the program again/,
    );
  }));

Deno.test("loadExperiment() checks that the files of models exist only if lookForModels is set", () =>
  inFolder(async (folder) => {
    const file = join(folder, "experiment.yaml");
    await Deno.writeTextFile(
      file,
      `
name: no-model
seed: 1
models: { m: { adapter: transformers, model: ./nowhere } }
participants: { model: m, personas: [{ name: Ada }] }
discussion: { turns: 1 }
`,
    );
    assert.equal((await loadExperiment(file)).plan.size, 1);
    await assert.rejects(loadExperiment(file, { lookForModels: true }), (error) => {
      const [problem, ...others] = (error as ExperimentError).problems;
      assert.deepEqual([problem!.path, problem!.line, others.length], ["models.m.model", 4, 0]);
      assert.match(
        problem!.message,
        /there is no folder .*nowhere; .*\. A relative path begins at the folder of this file\./,
      );
      return true;
    });
  }));
