import assert from "node:assert/strict";
import { localModel, NEVER, question } from "./testing/local_models.ts";

/** Requests between two looks at the memory. */
const REQUESTS = 500;

/** Growth that garbage, which is not collected yet, accounts for. */
const GROWTH_BYTES_MAX = 64_000_000;

Deno.test("a local model's memory stays bounded over many requests", async () => {
  // Each prompt takes about 0.6 MB of keys and values: 1,000 of them would be 600 MB.
  await using made = await localModel({ prefixMegabytes: 20 }, { size: { heads: 4, headWidth: 64 } });
  const ask = (from: number) =>
    Promise.all(Array.from({ length: REQUESTS }, (_, index) =>
      made.model.generate(
        question(`${from + index} ${"buses at night ".repeat(6)}`, { sampling: { maxTokens: 2 } }),
        NEVER,
      )));
  await ask(0);
  const before = Deno.memoryUsage().rss;
  await ask(REQUESTS);
  const growth = Deno.memoryUsage().rss - before;
  assert.ok(growth < GROWTH_BYTES_MAX, `${growth} bytes`);
});
