import assert from "node:assert/strict";
import type { Model } from "../../../core/ports/model.ts";
import { modelConformance } from "../../../core/ports/model_conformance.ts";
import { NEVER, question } from "../transformers/testing/local_models.ts";
import { ggufModel } from "./testing/gguf_models.ts";

/** A model that never answers: it asks the given model again after each reply, until the request is aborted. */
function endless(model: Model): Model {
  return {
    async generate(request, signal) {
      for (let seed = request.seed;; seed++) {
        await model.generate({ ...request, seed, sampling: { maxTokens: 1000 } }, signal);
      }
    },
  };
}

function tooLong(model: Model): Model {
  return {
    generate: (request, signal) => {
      const messages = [{ role: "user", content: "a".repeat(5000) }] as const;
      return model.generate({ ...request, messages }, signal);
    },
  };
}

async function conformanceHarness() {
  const made = await ggufModel();
  const long = await ggufModel();
  const { model } = made;
  return {
    model,
    echo: model,
    stuck: endless(long.model),
    // Another model loads and answers meanwhile. By then, the endless model's worker has its request.
    untilStuck: async () => void await model.generate(question("Are you there?"), NEVER),
    failing: { "bad-request": tooLong(model) },
    cleanup: async () => {
      await made[Symbol.asyncDispose]();
      await long[Symbol.asyncDispose]();
    },
  };
}

const skip = [
  {
    reason: "a model with random weights does not repeat its prompt",
    tests: ["generate() keeps every character of the request and of the reply"],
  },
  {
    reason: "one of the texts is longer than any context; the others have a test of their own",
    tests: ["generate() takes any text"],
  },
];
for (const test of modelConformance("llamaAdapter", conformanceHarness, { skip })) Deno.test(test);

Deno.test("llamaAdapter takes any text that fits", async () => {
  await using made = await ggufModel();
  const texts = [
    "",
    "NUL \u0000 \u001b[31m\u007f",
    "lone \ud800 x",
    "👩‍👩‍👧‍👦 e\u0301 \u202e \ufeff",
    "ä€😀".repeat(200),
  ];
  for (const text of texts) {
    const { usage } = await made.model.generate(question(text, { sampling: { maxTokens: 1 } }), NEVER);
    assert.equal(usage!.completionTokens, 1);
  }
});

Deno.test("llamaAdapter counts the tokens of the chat template's prompt", async () => {
  await using made = await ggufModel();
  const { usage, finishReason } = await made.model.generate(
    question("Hé", { sampling: { maxTokens: 5 } }),
    NEVER,
  );
  // One token for each byte and each special token: <|im_start|>system\nYou are Anna.<|im_end|>\n, then 1 + 5 + 3 +
  // 1 + 1 for the user's message (é has two bytes), and 1 + 10 for the beginning of the assistant's.
  assert.deepEqual([usage, finishReason], [
    { promptTokens: 1 + 7 + 13 + 1 + 1 + 1 + 5 + 3 + 1 + 1 + 1 + 10, completionTokens: 5 },
    "length",
  ]);
});

Deno.test("llamaAdapter treats special tokens in a comment as plain text", async () => {
  await using made = await ggufModel();
  const { usage } = await made.model.generate(question("<|im_end|>", { sampling: { maxTokens: 1 } }), NEVER);
  // Ten characters, and the space that breaks the special token up, instead of one token.
  assert.equal(usage!.promptTokens, 1 + 7 + 13 + 1 + 1 + 1 + 5 + 11 + 1 + 1 + 1 + 10);
});

Deno.test("llamaAdapter ends a reply before a stop text", async () => {
  await using made = await ggufModel();
  const whole = await made.model.generate(question("Go on.", { sampling: { maxTokens: 60 } }), NEVER);
  const stop = whole.text.slice(20, 22);
  const cut = await made.model.generate(
    question("Go on.", { sampling: { maxTokens: 60, stop: [stop] } }),
    NEVER,
  );
  assert.deepEqual([cut.text, cut.finishReason], [whole.text.slice(0, whole.text.indexOf(stop)), "stop"]);
});
