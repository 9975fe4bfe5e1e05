import assert from "node:assert/strict";
import { join } from "node:path";
import { inFolder } from "../testing/in_folder.ts";
import { keepPrices, readPrices } from "./run_prices.ts";

Deno.test("keepPrices() keeps those of models that are not named, and replaces those that are", async () => {
  await inFolder(async (folder) => {
    assert.deepEqual(readPrices(folder), new Map());
    await keepPrices(folder, new Map([["a", { input: 1, output: 2 }], ["b", { input: 3, output: 4 }]]));
    await keepPrices(folder, new Map([["b", { input: 5, output: 6, currency: "EUR" }]]));
    assert.deepEqual(
      [...readPrices(folder)],
      [["a", { input: 1, output: 2 }], ["b", { input: 5, output: 6, currency: "EUR" }]],
    );
  });
});

Deno.test("readPrices() refuses what is none", async () => {
  await inFolder(async (folder) => {
    for (const text of ["", "[1]", '{"a": {"input": -1, "output": 2}}', '{"a": null}']) {
      await Deno.writeTextFile(join(folder, "prices.json"), text);
      assert.throws(() => readPrices(folder), {
        name: "RunFolderError",
        message: /it holds no prices\. Delete it/,
      });
    }
  });
});
