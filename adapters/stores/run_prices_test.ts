import assert from "node:assert/strict";
import { writeRunFile } from "./run_folder.ts";
import { join } from "node:path";
import { inFolder } from "../testing/in_folder.ts";
import { keepPrices, priceKey, priceLookUp, readPrices } from "./run_prices.ts";

Deno.test("keepPrices() replaces the prices of the named models, and keeps the others", async () => {
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

Deno.test("readPrices() refuses a file without valid prices", async () => {
  await inFolder(async (folder) => {
    for (const text of ["", "[1]", '{"a": {"input": -1, "output": 2}}', '{"a": null}']) {
      await Deno.writeTextFile(join(folder, "prices.json"), text);
      assert.throws(() => readPrices(folder), {
        name: "RunError",
        message: /it does not contain valid prices\. Delete it/,
      });
    }
  });
});

Deno.test("priceLookUp() distinguishes models and passes, and reads the prices of earlier versions", () => {
  const spec = { adapter: "openai", sampling: {}, options: { model: "default" } };
  const priceOf = (input: number) => ({ input, output: 0 });
  const pricesFor = priceLookUp(
    new Map([
      [priceKey({ pass: null, model: "first", spec }), priceOf(1)],
      [priceKey({ pass: "p", model: "first", spec }), priceOf(2)],
      ['["openai",{"model":"default"}]', priceOf(3)],
    ]),
  );
  const found = (["first", "second"] as const).map((model) =>
    [null, "p"].map((pass) => pricesFor({ model, pass, spec, usage: undefined })?.input)
  );
  assert.deepEqual(found, [[1, 2], [3, 3]]);
  assert.equal(pricesFor({ model: "first", pass: null, spec: undefined, usage: undefined }), undefined);
});

Deno.test("writeRunFile() does not make a run folder again after it disappeared", () =>
  inFolder(async (folder) => {
    const run = `${folder}/run`;
    for (const name of ["prices.json", "annotations/mood.yaml"]) {
      await assert.rejects(() => writeRunFile(run, name, "{}"), /Cannot write/);
      assert.deepEqual([...Deno.readDirSync(folder)], []);
    }
    Deno.mkdirSync(run);
    await writeRunFile(run, "annotations/mood.yaml", "a: 1");
    assert.equal(Deno.readTextFileSync(`${run}/annotations/mood.yaml`), "a: 1");
  }));
