import assert from "node:assert/strict";
import type { ModelReply, ModelRequest } from "../../../core/ports/model.ts";
import { chooseAnswer } from "./answers.ts";
import { Row } from "./row.ts";
import { localModel, NEVER, question } from "./testing/local_models.ts";

const SCALE = ["1", "2", "3", "4", "5"];

const rating = (answers: readonly string[], changes: Partial<ModelRequest> = {}) =>
  question("How toxic is the last comment?", { answers, ...changes });

Deno.test("a local model answers with one of the allowed answers, and says how likely each of them is", async () => {
  await using made = await localModel();
  const { text, choice, finishReason } = await made.model.generate(rating(SCALE), NEVER);
  assert.equal(text, choice!.answer);
  assert.equal(finishReason, "stop");
  assert.deepEqual(Object.keys(choice!.probabilities), SCALE);
  const total = Object.values(choice!.probabilities).reduce((sum, share) => sum + share);
  assert.ok(Math.abs(total - 1) < 1e-9);
});

Deno.test("a local model chooses each answer as often as it says, at temperature 1", async () => {
  await using made = await localModel();
  const asked = Array.from(
    { length: 400 },
    (_, seed) => rating(SCALE, { seed, sampling: { temperature: 1 } }),
  );
  const replies = await Promise.all(asked.map((request) => made.model.generate(request, NEVER)));
  for (const answer of SCALE) {
    const share = replies[0]!.choice!.probabilities[answer]!;
    const chosen = replies.filter(({ text }) => text === answer).length / 400;
    // Four standard deviations of a binomial share.
    assert.ok(
      Math.abs(chosen - share) <= 4 * Math.sqrt(share * (1 - share) / 400),
      `${answer}: ${chosen}, ${share}`,
    );
  }
});

Deno.test("a local model at temperature 0 chooses the likeliest answer", async () => {
  await using made = await localModel();
  const { choice } = await made.model.generate(rating(SCALE, { sampling: { temperature: 0 } }), NEVER);
  const { answer, probabilities } = choice!;
  assert.equal(probabilities[answer], Math.max(...Object.values(probabilities)));
});

Deno.test("chooseAnswer() multiplies the probabilities of an answer's tokens, and shares out what is allowed", async () => {
  const logs = (...shares: number[]) => Float32Array.from(shares, Math.log);
  const vocabulary = { endTokens: new Set<number>(), decode: () => "" };
  const sampler = { temperature: 0, topK: 0, topP: 1, minP: 0, repetitionPenalty: 1 };
  const answers = new Map([["a", [0]], ["bab", [1, 0, 1]], ["bc", [1, 2]]]);
  const replies: ModelReply[] = [];
  const setup = { prompt: [2], sampler, replyTokens: 3, stop: [], seed: 1, answers };
  const row = new Row(setup, vocabulary, (reply) => replies.push(reply));
  const asked: (readonly (readonly number[])[])[] = [];
  await chooseAnswer(row, logs(0.1, 0.4, 0.5), (continuations) => {
    asked.push(continuations);
    const data = Float32Array.of(
      // After "b", then after "ba".
      ...logs(0.5, 0.25, 0.25),
      ...logs(0.1, 0.8, 0.1),
      // After "b", then padding.
      ...logs(0.5, 0.25, 0.25),
      ...logs(0.2, 0.2, 0.6),
    );
    return Promise.resolve({ data, positions: 2, tokens: 3 });
  });
  assert.deepEqual(asked, [[[1, 0], [1, 0]]]);
  const [{ text, choice, usage }] = replies as [ModelReply];
  // 0.1, 0.4 · 0.5 · 0.8 = 0.16 and 0.4 · 0.25 = 0.1: of 0.36 together.
  assert.equal(text, "bab");
  assert.equal(usage!.completionTokens, 3);
  for (const [answer, share] of [["a", 10 / 36], ["bab", 16 / 36], ["bc", 10 / 36]] as const) {
    assert.ok(Math.abs(choice!.probabilities[answer]! - share) < 1e-6);
  }
});

Deno.test("a local model answers alone as in a batch when answers have several tokens, or begin alike", async () => {
  const answers = ["yes", "yes, but", "no", "not at all", "perhaps"];
  const asked = Array.from(
    { length: 12 },
    (_, seed) =>
      seed % 2 === 0 ? rating(answers, { seed }) : question("How toxic is the last comment?", { seed }),
  );
  await using plain = await localModel({ batch: 1, prefixMegabytes: 0 });
  await using made = await localModel();
  const replies = await Promise.all(asked.map((request) => made.model.generate(request, NEVER)));
  for (const [index, request] of asked.entries()) {
    const { choice, ...alone } = await plain.model.generate(request, NEVER);
    const { choice: together, ...reply } = replies[index]!;
    assert.deepEqual(reply, alone);
    assert.equal(together?.answer, choice?.answer);
    for (const answer of choice === undefined ? [] : answers) {
      assert.ok(Math.abs(together!.probabilities[answer]! - choice!.probabilities[answer]!) < 1e-5);
    }
  }
});

Deno.test("a local model refuses answers that it cannot tell apart", async () => {
  await using made = await localModel();
  for (const answers of [["a", "a"], ["", "a"]]) {
    await assert.rejects(made.model.generate(rating(answers), NEVER), {
      name: "ModelError",
      kind: "bad-request",
    });
  }
});
