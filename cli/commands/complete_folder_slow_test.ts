/** A run's folder is complete: commands that read it work without the original input files. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { inFolder } from "../../adapters/testing/in_folder.ts";
import { ADAPTER, jsonLines, RULE, SMALL } from "../testing/experiments.ts";
import { runProgram } from "../testing/processes.ts";

Deno.test("commands that read a run read no files outside its folder", () =>
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
