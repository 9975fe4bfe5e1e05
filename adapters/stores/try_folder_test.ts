import assert from "node:assert/strict";
import { inFolder } from "../testing/in_folder.ts";
import { tryFolder } from "./try_folder.ts";

Deno.test("tryFolder() appends to one and to many streams, and finds that locks hold", () =>
  inFolder(async (folder) => {
    const { appendsPerSecond, appendsTogetherPerSecond, locksHold } = await tryFolder(folder, 1);
    assert.ok(appendsPerSecond > 0 && appendsTogetherPerSecond > 0);
    assert.equal(locksHold, true);
    const logs = [...Deno.readDirSync(folder)].filter(({ name }) => name.endsWith(".jsonl"));
    assert.equal(logs.length, 65);
  }));

Deno.test("tryFolder() refuses a folder that does not exist", () =>
  inFolder((folder) => assert.rejects(tryFolder(`${folder}/missing`, 1), { name: "RunError" })));
