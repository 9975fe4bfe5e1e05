import assert from "node:assert/strict";
import { memoryRun } from "../../core/ports/memory_run.ts";
import { sampleRun } from "../../core/testing/sample_run.ts";
import { priceKey, priceLookUp } from "./price_look_up.ts";
import { keepPrices, readPrices } from "./run_prices.ts";

Deno.test("keepPrices() replaces the prices of the named models, and keeps the others", async () => {
  const run = await memoryRun().open(sampleRun());
  assert.deepEqual(await readPrices(run), new Map());
  await keepPrices(run, new Map([["a", { input: 1, output: 2 }], ["b", { input: 3, output: 4 }]]));
  await keepPrices(run, new Map([["b", { input: 5, output: 6, currency: "EUR" }]]));
  assert.deepEqual(
    [...await readPrices(run)],
    [["a", { input: 1, output: 2 }], ["b", { input: 5, output: 6, currency: "EUR" }]],
  );
});

Deno.test("readPrices() refuses a text without valid prices", async () => {
  const run = await memoryRun().open(sampleRun());
  for (const text of ["", "[1]", '{"a": {"input": -1, "output": 2}}', '{"a": null}']) {
    await run.writeText("prices.json", text);
    await assert.rejects(readPrices(run), {
      name: "RunError",
      message: /it does not contain valid prices\. Delete it/,
    });
  }
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
