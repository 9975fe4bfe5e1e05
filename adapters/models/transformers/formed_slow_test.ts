import { Tensor } from "npm:@huggingface/transformers@4.3.1";
import assert from "node:assert/strict";
import type { AnswerProperty, AnswerSchema } from "../../../core/answer_form.ts";
import type { ModelRequest } from "../../../core/ports/model.ts";
import { choiceProblem } from "../../../core/ports/read_answer.ts";
import { loadModel, type OnnxModel } from "./load.ts";
import { localModel, NEVER, question } from "./testing/local_models.ts";

function schema(properties: Readonly<Record<string, AnswerProperty>>): AnswerSchema {
  return { type: "object", properties, required: Object.keys(properties), additionalProperties: false };
}

const rating = (
  properties: Readonly<Record<string, AnswerProperty>>,
  changes: Partial<ModelRequest> = {},
) => question("How toxic is the last comment?", { answerSchema: schema(properties), ...changes });

const MIXED: Readonly<Record<string, AnswerProperty>> = {
  toxicity: { type: "integer", minimum: -2, maximum: 12 },
  reason: { type: "string", maxLength: 12 },
  tone: { enum: ['"quoted"', "line\nbreak", "👩‍👩‍👧‍👦", "", "a", "ab"] },
  sure: { type: "boolean" },
};

/** Divides each weight by the sum of all weights. */
function shared(weights: Readonly<Record<string, number>>): Record<string, number> {
  const total = Object.values(weights).reduce((sum, weight) => sum + weight);
  return Object.fromEntries(Object.entries(weights).map(([label, weight]) => [label, weight / total]));
}

function assertClose(found: Readonly<Record<string, number>>, expected: Readonly<Record<string, number>>) {
  assert.deepEqual(Object.keys(found).sort(), Object.keys(expected).sort());
  for (const [label, share] of Object.entries(expected)) {
    assert.ok(Math.abs(found[label]! - share) < 1e-5, `${label}: ${found[label]}, expected ${share}`);
  }
}

Deno.test("a local model reports the same probabilities as single steps for choices in an object", async () => {
  await using made = await localModel();
  const here = await loadHere(made.folder);
  const request = rating({
    toxicity: { type: "integer", minimum: -1, maximum: 10 },
    tone: { enum: ["a", "ab", "b"] },
  }, { sampling: { temperature: 0 } });
  const weights = async (said: string, labels: readonly string[], follower: string) => {
    const found: Record<string, number> = {};
    for (const label of labels) {
      found[label] = await likelihood(here, request, { said, next: bytesOf(label + follower) });
    }
    return found;
  };
  const numbers = ["-1", "0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10"];
  const toxicity = shared(await weights('{"toxicity":', numbers, ","));
  const [best] = Object.entries(toxicity).sort(([, a], [, b]) => b - a)[0]!;
  const tone = shared(await weights(`{"toxicity":${best},"tone":"`, ["a", "ab", "b"], '"'));
  const [kind] = Object.entries(tone).sort(([, a], [, b]) => b - a)[0]!;
  const { text, choices, finishReason, usage } = await made.model.generate(request, NEVER);
  assert.equal(text, `{"toxicity":${best},"tone":"${kind}"}`);
  assert.deepEqual([finishReason, usage!.completionTokens], ["stop", bytesOf(text).length]);
  assertClose(choices!.toxicity!.probabilities, toxicity);
  assertClose(choices!.tone!.probabilities, tone);
  await here.dispose();
});

Deno.test("a local model reports the same probabilities as single steps for answers with the same beginning", async () => {
  await using made = await localModel();
  const here = await loadHere(made.folder);
  const answers = ["1", "10", "100", "2"];
  const request = question("How toxic?", { answers });
  const found: Record<string, number> = {};
  for (const answer of answers) {
    // 258 is the end token.
    found[answer] = await likelihood(here, request, { said: "", next: [...bytesOf(answer), 258] });
  }
  const { choice } = await made.model.generate(request, NEVER);
  assertClose(choice!.probabilities, shared(found));
  await here.dispose();
});

Deno.test("a local model always returns objects of the schema", async () => {
  await using made = await localModel();
  const asked = Array.from(
    { length: 40 },
    (_, seed) => rating(MIXED, { seed, sampling: { maxTokens: 150, temperature: 1.5 } }),
  );
  const replies = await Promise.all(asked.map((request) => made.model.generate(request, NEVER)));
  for (const reply of replies) {
    const found = JSON.parse(reply.text);
    assert.deepEqual(Object.keys(found), Object.keys(MIXED));
    assert.equal(reply.text, JSON.stringify(found));
    const { toxicity, reason, tone, sure } = found;
    assert.ok(Number.isInteger(toxicity) && toxicity >= -2 && toxicity <= 12);
    assert.ok(typeof reason === "string" && [...reason].length <= 12);
    assert.ok((MIXED.tone as { enum: string[] }).enum.includes(tone));
    assert.equal(typeof sure, "boolean");
    assert.equal(choiceProblem({ answerSchema: schema(MIXED) }, reply), null);
    assert.deepEqual(Object.keys(reply.choices!), ["toxicity", "tone", "sure"]);
  }
  assert.ok(new Set(replies.map(({ text }) => text)).size > 35);
});

Deno.test("a local model cuts only the texts in an object at maxTokens", async () => {
  await using made = await localModel();
  const properties = { reason: { type: "string", maxLength: 500 }, sure: { type: "boolean" } } as const;
  for (const [maxTokens, written] of [[1, 0], [30, 9]] as const) {
    const request = rating(properties, { sampling: { maxTokens } });
    const { text, finishReason } = await made.model.generate(request, NEVER);
    // The length of an object with an empty text, in tokens: one for each byte.
    assert.equal(bytesOf('{"reason":"","sure":false}').length, 26);
    const { reason } = JSON.parse(text);
    assert.ok([...reason].length <= Math.max(0, maxTokens - 26), text);
    assert.ok(written === 0 ? reason === "" : reason !== "");
    assert.equal(finishReason, "length");
  }
});

Deno.test("a local model returns the same objects alone and in a batch, with and without reused prefixes", async () => {
  const asked = Array.from(
    { length: 24 },
    (_, seed) =>
      [
        rating(MIXED, { seed }),
        question("Hello?", { seed }),
        rating({ sure: { type: "boolean" } }, { seed }),
      ][seed % 3]!,
  );
  await using plain = await localModel({ batch: 1, prefixMegabytes: 0 });
  await using made = await localModel();
  const together = await Promise.all(asked.map((request) => made.model.generate(request, NEVER)));
  for (const [index, request] of asked.entries()) {
    const { choices, ...alone } = await plain.model.generate(request, NEVER);
    const { choices: others, ...reply } = together[index]!;
    assert.deepEqual(reply, alone);
    for (const [name, { probabilities }] of Object.entries(choices ?? {})) {
      assertClose(others![name]!.probabilities, probabilities);
    }
  }
});

Deno.test("a local model chooses among a thousand labels", async () => {
  await using made = await localModel();
  const request = rating({ share: { type: "integer", minimum: -499, maximum: 500 } });
  const { text, choices } = await made.model.generate(request, NEVER);
  assert.equal(JSON.parse(text).share, Number(choices!.share!.answer));
  assert.equal(Object.keys(choices!.share!.probabilities).length, 1000);
  assert.equal(choiceProblem({ answerSchema: request.answerSchema! }, { text, choices }), null);
});

// The expected probabilities come from single, uncached steps of the model.

/** The bytes of a text: the random model's tokens. */
function bytesOf(text: string): number[] {
  return [...new TextEncoder().encode(text)];
}

function loadHere(folder: string): Promise<OnnxModel> {
  return loadModel({
    model: `${folder}/model`,
    isLocal: true,
    cacheFolder: folder,
    revision: "main",
    dtype: "fp32",
    device: "cpu",
    threads: 1,
    batch: 1,
    pooling: "mean",
    prefixMegabytes: 0,
  });
}

/**
 * The probability that `next` follows a prompt and the text `said`. Each token takes one step that computes everything
 * again.
 */
async function likelihood(
  { forward, encodePrompt }: OnnxModel,
  { messages }: ModelRequest,
  { said, next }: Readonly<{ said: string; next: readonly number[] }>,
): Promise<number> {
  let ids = [...encodePrompt(messages), ...bytesOf(said)];
  let product = 1;
  for (const token of next) {
    const { logits } = await forward({
      input_ids: integers(ids),
      attention_mask: integers(ids.map(() => 1)),
      position_ids: integers(ids.map((_, position) => position)),
    });
    const { data, dims } = logits!;
    const last = [...(data as Float32Array).slice(-dims.at(-1)!)].map(Math.exp);
    product *= last[token]! / last.reduce((sum, weight) => sum + weight, 0);
    ids = [...ids, token];
  }
  return product;
}

function integers(values: readonly number[]): Tensor {
  return new Tensor("int64", BigInt64Array.from(values.map(BigInt)), [1, values.length]);
}
