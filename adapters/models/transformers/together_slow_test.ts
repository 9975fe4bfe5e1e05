import assert from "node:assert/strict";
import type { Model, ModelReply, ModelRequest } from "../../../core/ports/model.ts";
import { localModel, NEVER, question } from "./testing/local_models.ts";

/** Requests that differ in length, sampling and seed. Many of them have the same beginning. */
function requests(count: number): ModelRequest[] {
  return Array.from({ length: count }, (_, index) => {
    const content = `${
      "We talked about buses at night. ".repeat(index % 5)
    }What do you think, number ${index}?`;
    const sampling = {
      maxTokens: 8 + index % 20,
      temperature: [0, 0.7, 1.3][index % 3]!,
      topP: [1, 0.9][index % 2]!,
    };
    return question(content, { sampling, seed: index });
  });
}

async function oneByOne(model: Model, asked: readonly ModelRequest[]): Promise<ModelReply[]> {
  const replies: ModelReply[] = [];
  for (const request of asked) replies.push(await model.generate(request, NEVER));
  return replies;
}

const together = (model: Model, asked: readonly ModelRequest[]) =>
  Promise.all(asked.map((request) => model.generate(request, NEVER)));

Deno.test("a local model gives the same replies alone and in a batch, in any order, with and without reused prefixes", async () => {
  const asked = requests(60);
  const samplers = { topK: 50, minP: 0.01, repetitionPenalty: 1.1 };
  await using plain = await localModel({ ...samplers, batch: 1, prefixMegabytes: 0 });
  const alone = await oneByOne(plain.model, asked);
  assert.ok(new Set(alone.map(({ text }) => text)).size > 55);
  for (const [prefixMegabytes, batch] of [[0, 16], [64, 16], [1, 5]] as const) {
    await using made = await localModel({ ...samplers, prefixMegabytes, batch });
    assert.deepEqual(await together(made.model, asked), alone);
    assert.deepEqual(await together(made.model, asked.toReversed()), alone.toReversed());
    assert.deepEqual(await oneByOne(made.model, asked), alone);
  }
});

Deno.test("a local model that ignores masks gives the same replies alone and together, because its rows share no step", async () => {
  const asked = requests(12);
  const size = { ignoresMask: true };
  await using plain = await localModel({ batch: 1, prefixMegabytes: 0 }, { size });
  await using made = await localModel({}, { size });
  assert.deepEqual(await together(made.model, asked), await oneByOne(plain.model, asked));
});

Deno.test("a local model gives the same reply for the same seed, and another reply for another seed", async () => {
  await using made = await localModel();
  const [first, again, other] = await together(
    made.model,
    [1, 1, 2].map((seed) => question("Hello?", { seed })),
  );
  assert.deepEqual(again, first);
  assert.notEqual(other!.text, first!.text);
});

Deno.test("a local model penalises tokens that are already in the reply", async () => {
  await using plain = await localModel();
  await using made = await localModel({ repetitionPenalty: 10 });
  const distinct = async (model: Model) => {
    const request = question("Go on.", { sampling: { temperature: 0, maxTokens: 40 } });
    const { text } = await model.generate(request, NEVER);
    return new Set(text).size / [...text].length;
  };
  assert.ok(await distinct(made.model) > await distinct(plain.model));
});

Deno.test("a local model answers the other requests as usual after some are aborted", async () => {
  await using made = await localModel();
  const asked = requests(12);
  const expected = await together(made.model, asked);
  const reason = new Error("changed my mind");
  const replies = await Promise.allSettled(asked.map((request, index) => {
    const controller = new AbortController();
    const reply = made.model.generate(request, controller.signal);
    if (index % 3 === 0) queueMicrotask(() => controller.abort(reason));
    return reply;
  }));
  for (const [index, reply] of replies.entries()) {
    if (index % 3 === 0) assert.equal(reply.status === "rejected" && reply.reason, reason);
    else assert.deepEqual(reply.status === "fulfilled" && reply.value, expected[index]);
  }
});

Deno.test("a local model does not block the event loop", async () => {
  await using made = await localModel({}, { size: { layers: 4, heads: 4, headWidth: 64 } });
  let turns = 0;
  const timer = setInterval(() => turns++, 1);
  await made.model.generate(question("a".repeat(1500), { sampling: { maxTokens: 20 } }), NEVER);
  clearInterval(timer);
  // If the model ran in this thread, no timer could run between its steps.
  assert.ok(turns > 1, `${turns} turns`);
});
