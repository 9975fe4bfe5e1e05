import assert from "node:assert/strict";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { inFolder } from "../testing/in_folder.ts";
import { closureOf } from "./closure.ts";

function write(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    Deno.mkdirSync(dirname(join(folder, name)), { recursive: true });
    Deno.writeTextFileSync(join(folder, name), text);
  }
}

const FILES = {
  "study/rule.ts": "import { a } from './a/a.ts'; export * from '../shared/b.ts'; import 'npm:zod';",
  "study/a/a.ts":
    "import words from './words.json' with { type: 'json' }; import type { R } from '../rule.ts';",
  "study/a/words.json": '["import"]',
  "study/unused.ts": "",
  "shared/b.ts": "export const text = await import('./c d.txt', { with: { type: 'text' } });",
  "shared/c d.txt": "import './unused.ts'",
};

Deno.test("closureOf() finds all local files that code imports, and names the other imports", () =>
  inFolder(async (folder) => {
    write(folder, FILES);
    const closure = await closureOf(join(folder, "study", "rule.ts"));
    assert.deepEqual([closure.folder, closure.main], [folder, "study/rule.ts"]);
    const names = ["shared/b.ts", "shared/c d.txt", "study/a/a.ts", "study/a/words.json", "study/rule.ts"];
    assert.deepEqual([...closure.files.keys()], names);
    assert.deepEqual([closure.elsewhere, closure.open], [["npm:zod"], []]);
  }));

Deno.test("the hash of a closure changes with each of its files, but not with the folder that holds them", () =>
  inFolder(async (folder) => {
    const hashOf = async (place: string, files: Readonly<Record<string, string>>) => {
      write(join(folder, place), files);
      return (await closureOf(join(folder, place, "study", "rule.ts"))).sha256;
    };
    const hash = await hashOf("one", FILES);
    assert.equal(await hashOf("two — δύο", FILES), hash);
    assert.equal(await hashOf("unused", { ...FILES, "study/unused.ts": "changed" }), hash);
    const changes = ["study/rule.ts", "study/a/words.json", "shared/c d.txt"] as const;
    const changed = await Promise.all(
      changes.map((name, index) => hashOf(`${index}`, { ...FILES, [name]: `${FILES[name]} ` })),
    );
    assert.equal(new Set([hash, ...changed]).size, 4);
  }));

Deno.test("closureOf() names imports that can lead to any file", () =>
  inFolder(async (folder) => {
    write(folder, {
      "rule.ts":
        "\nimport('./' + name);\nimport '/tmp/a.ts';\nimport 'file:///tmp/a.ts';\nimport './missing.ts';",
      "broken.ts": "const = ;",
    });
    const closure = await closureOf(join(folder, "rule.ts"));
    assert.deepEqual(closure.open, ["rule.ts:2", "rule.ts:3", "rule.ts:4"]);
    assert.deepEqual(closure.elsewhere, ["./missing.ts"]);
    assert.deepEqual((await closureOf(join(folder, "broken.ts"))).open, ["broken.ts:1"]);
  }));

Deno.test("closureOf() names imports of modules that load any file", () =>
  inFolder(async (folder) => {
    write(folder, {
      "rule.ts": `import { createRequire } from "node:module";
export { createRequire } from "module";
const vm = await import("node:vm");
const other = require("vm");
import "node:fs";
const { text } = createRequire(import.meta.url)("./text.cjs");`,
    });
    const { open, elsewhere } = await closureOf(join(folder, "rule.ts"));
    assert.deepEqual(open, ["rule.ts:1", "rule.ts:2", "rule.ts:3", "rule.ts:4"]);
    assert.deepEqual(elsewhere, ["node:fs"]);
  }));

Deno.test("closureOf() does not include files of this program in the code that imports them", async () => {
  const example = fileURLToPath(new URL("../../examples/stepping.ts", import.meta.url));
  const { main, files, elsewhere } = await closureOf(example);
  const parrot = fileURLToPath(new URL("../../examples/parrot.ts", import.meta.url));
  assert.deepEqual((await closureOf(parrot)).elsewhere, []);
  assert.deepEqual([main, [...files.keys()], elsewhere], ["stepping.ts", ["extended.yaml", "stepping.ts"], [
    "../mod.ts",
  ]]);
});

Deno.test("closureOf() reads no file outside of the folder that it is given, not even through a link", () =>
  inFolder(async (folder) => {
    write(folder, {
      "in/out.ts": "import '../evil.ts';",
      "in/link.ts": "import './linked.ts';",
      "in/within.ts": "import './out.txt' with { type: 'text' };",
      "in/out.txt": "text",
      "evil.ts": "",
    });
    Deno.symlinkSync(join(folder, "evil.ts"), join(folder, "in", "linked.ts"));
    const within = join(folder, "in");
    for (const name of ["out.ts", "link.ts"]) {
      await assert.rejects(closureOf(join(within, name), within), /outside of the folder/);
    }
    assert.equal((await closureOf(join(within, "within.ts"), within)).files.size, 2);
  }));
