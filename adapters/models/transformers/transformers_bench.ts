/**
 * Measures how long a local model of 26 million random weights takes for a fixed number of tokens, with different
 * numbers of requests in a batch, with and without reused prefixes. The baseline answers one request at a time and
 * reuses nothing, as the Python library does.
 */
import assert from "node:assert/strict";
import type { Model, ModelRequest } from "../../../core/ports/model.ts";
import { localModel, NEVER, question, VOCABULARY } from "./testing/local_models.ts";

const SIZE = { layers: 8, heads: 8, headWidth: 64, context: 2048, vocabulary: VOCABULARY };

const REQUESTS = 16;

const REPLY_TOKENS = 16;

/** The system messages of five participants, each of about 230 tokens. */
const PERSONAS = ["Anna", "Bob", "Cem", "Dora", "Eva"].map((name) =>
  `You are ${name}. ${"You live in town. ".repeat(12)}`
);

let asked = 0;

function request(): ModelRequest {
  const number = asked++;
  const content = `Comment ${number}: should buses run at night?`;
  return question(content, {
    messages: [
      { role: "system", content: PERSONAS[number % PERSONAS.length]! },
      { role: "user", content },
    ],
    seed: number,
    sampling: { maxTokens: REPLY_TOKENS },
  });
}

async function answerAll(model: Model, batch: number): Promise<void> {
  for (let done = 0; done < REQUESTS; done += batch) {
    const replies = await Promise.all(Array.from({ length: batch }, () => model.generate(request(), NEVER)));
    for (const { usage } of replies) assert.equal(usage!.completionTokens, REPLY_TOKENS);
  }
}

const changes = { size: SIZE, endToken: false } as const;

for (const prefixMegabytes of [0, 512]) {
  for (const batch of [1, 4, 8, 16]) {
    const reuse = prefixMegabytes === 0 ? "computing every prompt" : "reusing prefixes";
    Deno.bench({
      name: `${REQUESTS * REPLY_TOKENS} tokens, ${batch} at a time, ${reuse}`,
      group: "26 million weights",
      baseline: batch === 1 && prefixMegabytes === 0,
      n: 1,
      warmup: 0,
      async fn(timer) {
        const made = await localModel({ prefixMegabytes, batch }, changes);
        // Loads the model and fills the cache of prefixes, as a discussion's first turns do.
        await answerAll(made.model, REQUESTS);
        timer.start();
        await answerAll(made.model, batch);
        timer.end();
        await made[Symbol.asyncDispose]();
      },
    });
  }
}
