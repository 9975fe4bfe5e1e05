import assert from "node:assert/strict";
import type { ModelReply, ModelRequest } from "../../../core/ports/model.ts";
import { chooseAnswer } from "../shared/choice.ts";
import { type AnswerPlan, FormedRow, planAnswer } from "../shared/formed_row.ts";
import type { Row } from "../shared/row.ts";
import { localModel, NEVER, question } from "./testing/local_models.ts";

const SCALE = ["1", "2", "3", "4", "5"];

const rating = (answers: readonly string[], changes: Partial<ModelRequest> = {}) =>
  question("How toxic is the last comment?", { answers, ...changes });

Deno.test("a local model returns one of the allowed answers, and the probability of each", async () => {
  await using made = await localModel();
  const { text, choice, finishReason } = await made.model.generate(rating(SCALE), NEVER);
  assert.equal(text, choice!.answer);
  assert.equal(finishReason, "stop");
  assert.deepEqual(Object.keys(choice!.probabilities), SCALE);
  const total = Object.values(choice!.probabilities).reduce((sum, share) => sum + share);
  assert.ok(Math.abs(total - 1) < 1e-9);
});

Deno.test("a local model at temperature 1 chooses each answer with its reported probability", async () => {
  await using made = await localModel();
  const asked = Array.from(
    { length: 400 },
    (_, seed) => rating(SCALE, { seed, sampling: { temperature: 1 } }),
  );
  const replies = await Promise.all(asked.map((request) => made.model.generate(request, NEVER)));
  for (const answer of SCALE) {
    const share = replies[0]!.choice!.probabilities[answer]!;
    const chosen = replies.filter(({ text }) => text === answer).length / 400;
    // The tolerance is four standard deviations of a binomial share.
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

const logs = (...shares: number[]) => Float32Array.from(shares, Math.log);

/** Calls chooseAnswer(). `after` returns the probabilities of the next token after the given tokens of the reply. */
async function chosen(
  plan: AnswerPlan,
  after: (tokens: readonly number[], row: Row) => readonly number[],
): Promise<{ reply: ModelReply; asked: (readonly (readonly number[])[])[] }> {
  const sampler = { temperature: 0, topK: 0, topP: 1, minP: 0, repetitionPenalty: 1 };
  const replies: ModelReply[] = [];
  const setup = { prompt: [2], sampler, replyTokens: 3, seed: 1 };
  const vocabulary = { endTokens: new Set<number>(), decode: () => "", encodeText: () => [] };
  const row = new FormedRow(setup, plan, vocabulary, (reply) => replies.push(reply));
  const asked: (readonly (readonly number[])[])[] = [];
  await chooseAnswer(row, logs(...after([], row)), (continuations) => {
    asked.push(continuations);
    return Promise.resolve(
      continuations.map((known) => known.map((_, index) => logs(...after(known.slice(0, index + 1), row)))),
    );
  });
  return { reply: replies[0]!, asked };
}

function assertShares({ choice }: ModelReply, expected: Readonly<Record<string, number>>): void {
  assert.deepEqual(Object.keys(choice!.probabilities).sort(), Object.keys(expected).sort());
  for (const [answer, share] of Object.entries(expected)) {
    assert.ok(Math.abs(choice!.probabilities[answer]! - share) < 1e-6, `${answer}: ${share}`);
  }
}

const letters = (endTokens: readonly number[]) => ({
  encodeText: (text: string) => [...text].map((letter) => "abc01".indexOf(letter)),
  endTokens: new Set(endTokens),
});

Deno.test("chooseAnswer() multiplies the probabilities of an answer's tokens, and normalises the products", async () => {
  const plan = planAnswer({ answers: ["a", "bab", "bc"] }, letters([]));
  const { reply, asked } = await chosen(plan, (tokens) => {
    switch (tokens.join("")) {
      case "":
        return [0.1, 0.4, 0.5];
      case "1":
        return [0.5, 0.25, 0.25];
      default:
        return [0.1, 0.8, 0.1];
    }
  });
  // The continuations "ba" and "b".
  assert.deepEqual(asked, [[[1, 0], [1]]]);
  // a: 0.1; bab: 0.4 · 0.5 · 0.8 = 0.16; bc: 0.4 · 0.25 = 0.1. Together: 0.36.
  assert.equal(reply.text, "bab");
  assert.equal(reply.usage!.completionTokens, 3);
  assertShares(reply, { a: 10 / 36, bab: 16 / 36, bc: 10 / 36 });
});

Deno.test("chooseAnswer() includes the probability of the end token if one answer begins with another", async () => {
  // "0" is token 3, "1" is token 4; tokens 0 and 2 end a reply.
  const plan = planAnswer({ answers: ["1", "10", ""] }, letters([0, 2]));
  const { reply } = await chosen(plan, (tokens) => {
    switch (tokens.join("")) {
      case "":
        return [0.02, 0.2, 0.03, 0.15, 0.6];
      case "4":
        return [0.05, 0.1, 0.15, 0.7, 0];
      default:
        return [0.5, 0.2, 0.3, 0, 0];
    }
  });
  // "1": 0.6 · (0.05 + 0.15) = 0.12; "10": 0.6 · 0.7 · (0.5 + 0.3) = 0.336; the empty answer: 0.02 + 0.03 = 0.05.
  assert.equal(reply.text, "10");
  assertShares(reply, { "1": 0.12 / 0.506, "10": 0.336 / 0.506, "": 0.05 / 0.506 });
});

Deno.test("chooseAnswer() computes nothing more after an abort", async () => {
  const numbers = Array.from({ length: 100 }, (_, index) => index.toString(2).padStart(7, "0"));
  const { reply, asked } = await chosen(planAnswer({ answers: numbers }, letters([])), (tokens, row) => {
    row.aborted ||= tokens.length > 0;
    return [0.2, 0.2, 0.2, 0.2, 0.2];
  });
  assert.equal(reply, undefined);
  assert.equal(asked.length, 1);
});

Deno.test("chooseAnswer() refuses logits that are not numbers", async () => {
  const plan = planAnswer({ answers: ["a", "b"] }, letters([]));
  await assert.rejects(chosen(plan, () => [NaN, NaN]), RangeError);
});

Deno.test("a local model gives the same answers alone and in a batch if answers have several tokens or the same beginning", async () => {
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

Deno.test("a local model refuses answers that have equal tokens, and an empty list of answers", async () => {
  await using made = await localModel();
  for (const answers of [["a", "a"], [], ["<|im_end|>", "< |im_end|>"]]) {
    await assert.rejects(made.model.generate(rating(answers), NEVER), {
      name: "ModelError",
      kind: "bad-request",
    });
  }
});
