import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { inFolder } from "../../adapters/testing/in_folder.ts";
import { unfinishedFolder } from "./unfinished_folder.ts";

Deno.test("unfinishedFolder() removes what killed processes left, and no folder that is in use or has another name", () =>
  inFolder(async (folder) => {
    const names = () => [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
    const left = (name: string) => `${folder}/.${name}.${crypto.randomUUID()}.tmp`;
    const [dead, other] = [left("page"), left("page.b")];
    for (const path of [dead, other, `${folder}/.page.mine.tmp`]) {
      await Deno.mkdir(`${path}/data`, { recursive: true });
    }
    const before = names();
    {
      using first = unfinishedFolder(`${folder}/page`);
      assert.ok(!existsSync(dead));
      using second = unfinishedFolder(`${folder}/page`);
      assert.ok(existsSync(first.path) && existsSync(second.path));
      assert.equal(names().length, before.length - 1 + 2);
    }
    assert.deepEqual(names(), before.filter((name) => !dead.endsWith(name)));
  }));
