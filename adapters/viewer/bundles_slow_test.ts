/** The bundles in the repository are built from its sources. */
import assert from "node:assert/strict";
import { inFolder } from "../testing/in_folder.ts";
import { buildBundles, BUNDLE_FOLDER } from "./bundles.ts";

async function filesOf(folder: string): Promise<ReadonlyMap<string, string>> {
  const names = (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name).sort();
  return new Map(
    await Promise.all(
      names.map(async (name) => [name, await Deno.readTextFile(`${folder}/${name}`)] as const),
    ),
  );
}

Deno.test("the bundles are current: after a change of a page, run deno task bundle", () =>
  inFolder(async (folder) => {
    await buildBundles(folder);
    const [built, kept] = [await filesOf(folder), await filesOf(BUNDLE_FOLDER)];
    assert.deepEqual([...kept.keys()], [...built.keys()]);
    for (const [name, text] of built) assert.ok(kept.get(name) === text, `${name} is not current`);
  }));

Deno.test("a bundle contains no path of the machine that built it", async () => {
  for (const [name, text] of await filesOf(BUNDLE_FOLDER)) {
    assert.ok(!text.includes(import.meta.dirname!), name);
  }
});
