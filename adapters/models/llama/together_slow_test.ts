import assert from "node:assert/strict";
import { NEVER, question } from "../transformers/testing/local_models.ts";
import { ggufModel } from "./testing/gguf_models.ts";

/** Prompts of 50 to 700 tokens. Some are the same, some only begin alike, and some end where a step ends. */
const QUESTIONS = [3, 90, 600, 599, 600, 13, 14, 300].map((letters, seed) =>
  question("abcdefg ".repeat(100).slice(0, letters), {
    seed,
    sampling: { maxTokens: 12, temperature: seed % 2 },
    // The probabilities of answers show the smallest differences of rounding.
    ...(seed % 3 === 0 ? {} : { answers: ["yes", "no", "not now"] }),
  })
);

Deno.test("llamaAdapter gives the same replies alone, beside other requests, and with known prompts", async () => {
  await using plain = await ggufModel({ threads: 1, batch: 1, prefixMegabytes: 0 });
  await using made = await ggufModel({ threads: 1 });
  const alone = [];
  for (const asked of QUESTIONS) alone.push(await plain.model.generate(asked, NEVER));
  assert.ok(new Set(alone.map(({ text }) => text)).size > 3);
  const together = () => Promise.all(QUESTIONS.map((asked) => made.model.generate(asked, NEVER)));
  assert.deepEqual(await together(), alone);
  assert.deepEqual(await together(), alone);
});
