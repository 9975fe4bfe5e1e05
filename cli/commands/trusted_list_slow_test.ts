/** The user's list of trusted code, as the program writes and reads it. */
import assert from "node:assert/strict";
import { basename, join } from "node:path";
import { closureOf, trustCode } from "../../adapters/code/mod.ts";
import { inFolder } from "../../adapters/testing/in_folder.ts";
import { RULE, SMALL } from "../testing/experiments.ts";
import { runProgram } from "../testing/processes.ts";

Deno.test("code with imports that can lead to any file is never on the user's list", () =>
  inFolder(async (cwd) => {
    const run = (...args: string[]) =>
      runProgram(args, { cwd, env: { XDG_CONFIG_HOME: join(cwd, "config") } });
    await Deno.writeTextFile(join(cwd, "rule.ts"), `const name = "node:fs";\nawait import(name);\n${RULE}\n`);
    await Deno.writeTextFile(
      join(cwd, "e.yaml"),
      SMALL.replace("turns: 2", "turns: 2, turnTaking: ./rule.ts"),
    );
    assert.equal((await run("run", "e.yaml", "--quiet", "--out", "run")).code, 0);
    assert.match((await run("replay", "run", "--verify")).stdout, /^Not checked, .*rule\.ts/m);
    assert.doesNotMatch((await run("replay", "run", "--verify", "--trust")).stdout, /Not checked/);
  }));

Deno.test("code that can load any file needs --trust, even if an older version put it on the user's list", () =>
  inFolder(async (cwd) => {
    const run = (...args: string[]) =>
      runProgram(args, { cwd, env: { XDG_CONFIG_HOME: join(cwd, "config") } });
    const mark = join(cwd, "mark");
    const rule = `import { createRequire } from "node:module";
const require2 = createRequire(import.meta.url);
try { require2("./more.cjs"); } catch { /* There is no such file yet. */ }
${RULE}
`;
    await Deno.writeTextFile(join(cwd, "rule.ts"), rule);
    const text = SMALL.replace("turns: 2", "turns: 2, turnTaking: ./rule.ts");
    await Deno.writeTextFile(join(cwd, "e.yaml"), text);
    assert.equal((await run("run", "e.yaml", "--quiet", "--out", "run")).code, 0);
    const { sha256 } = await closureOf(join(cwd, "rule.ts"));
    const marking = `require("node:fs").writeFileSync(${JSON.stringify(mark)}, "");`;
    await Deno.writeTextFile(join(cwd, "run", "inputs", "code", sha256, "more.cjs"), marking);
    for (const isListed of [false, true]) {
      if (isListed) {
        trustCode(join(cwd, "config", "syndisco", "trusted_code"), new Map([[sha256, "rule.ts"]]));
      }
      assert.match((await run("replay", "run", "--verify")).stdout, /^Not checked, .*rule\.ts/m);
      assert.deepEqual([...Deno.readDirSync(cwd)].filter(({ name }) => name === basename(mark)), []);
    }
    assert.match(
      (await run("verify", "run")).stdout,
      /^Note: the code of "\.\/rule\.ts" imports .*: rule\.ts:1$/m,
    );
  }));

Deno.test("replay says why trusted code could not be loaded", () =>
  inFolder(async (cwd) => {
    const run = (...args: string[]) =>
      runProgram(args, { cwd, env: { XDG_CONFIG_HOME: join(cwd, "config") } });
    const words = JSON.stringify(join(cwd, "words.txt"));
    await Deno.writeTextFile(join(cwd, "words.txt"), "");
    await Deno.writeTextFile(join(cwd, "rule.ts"), `Deno.readTextFileSync(${words});\n${RULE}\n`);
    const text = SMALL.replace("turns: 2", "turns: 2, turnTaking: ./rule.ts");
    await Deno.writeTextFile(join(cwd, "e.yaml"), text);
    assert.equal((await run("run", "e.yaml", "--quiet", "--out", "run")).code, 0);
    assert.doesNotMatch((await run("replay", "run", "--verify")).stdout, /Not checked/);
    await Deno.remove(join(cwd, "words.txt"));
    assert.match(
      (await run("replay", "run", "--verify")).stdout,
      /^Not checked, .*: \.\/rule\.ts\. Cannot load "\.\/rule\.ts": No such file .*words\.txt/m,
    );
  }));

Deno.test("two processes that run code at the same time both add it to the user's list", () =>
  inFolder(async (cwd) => {
    const names = ["a", "b", "c", "d"];
    const runs = await Promise.all(names.map(async (name) => {
      await Deno.writeTextFile(join(cwd, `${name}.ts`), `// ${name}\n${RULE}\n`);
      const text = SMALL.replace("turns: 2", `turns: 2, turnTaking: ./${name}.ts`);
      await Deno.writeTextFile(join(cwd, `${name}.yaml`), text);
      const env = { XDG_CONFIG_HOME: join(cwd, "config") };
      return await runProgram(["run", `${name}.yaml`, "--quiet", "--out", `run-${name}`], { cwd, env });
    }));
    for (const { code, stderr } of runs) assert.deepEqual([code, stderr], [0, ""]);
    const list = await Deno.readTextFile(join(cwd, "config", "syndisco", "trusted_code"));
    for (const name of names) assert.match(list, new RegExp(`^\\w{64} ".*/${name}\\.ts"$`, "m"));
  }));

Deno.test("run warns once if it cannot write the user's list, and goes on", () =>
  inFolder(async (cwd) => {
    await Deno.writeTextFile(join(cwd, "config"), "");
    await Deno.writeTextFile(join(cwd, "rule.ts"), RULE);
    await Deno.writeTextFile(
      join(cwd, "e.yaml"),
      SMALL.replace("turns: 2", "turns: 2, turnTaking: ./rule.ts"),
    );
    const env = { XDG_CONFIG_HOME: join(cwd, "config") };
    const { code, stderr } = await runProgram(["run", "e.yaml", "--quiet", "--out", "run"], { cwd, env });
    assert.equal(code, 0);
    assert.match(stderr, /^Cannot note in ".*trusted_code" that you run this code: .*--trust.*\n$/);
  }));
