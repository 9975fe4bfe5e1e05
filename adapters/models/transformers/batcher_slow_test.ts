import { Tensor } from "npm:@huggingface/transformers@4.3.1";
import assert from "node:assert/strict";
import { FreeRow } from "../shared/free_row.ts";
import { Batcher, CHUNK_TOKENS } from "./batcher.ts";
import type { Forward } from "./forward.ts";

/** A model that always continues with token 1, and the numbers of rows and of new tokens in each of its steps. */
function recorded(): { steps: (readonly [rows: number, tokens: number])[]; forward: Forward } {
  const steps: (readonly [number, number])[] = [];
  const forward: Forward = async (inputs) => {
    const [rows, tokens] = (inputs.input_ids as Tensor).dims as [number, number];
    const columns = (inputs.attention_mask as Tensor).dims[1]!;
    steps.push([rows, tokens]);
    // Other requests arrive between steps.
    await new Promise((resolve) => setTimeout(resolve));
    const logits = Float32Array.from({ length: rows * tokens * 2 }, (_, index) => index % 2);
    return {
      logits: new Tensor("float32", logits, [rows, tokens, 2]),
      "present.0.key": new Tensor("float32", new Float32Array(rows * columns), [rows, 1, columns, 1]),
    };
  };
  return { steps, forward };
}

let prompts = 0;

/** A row whose prompt begins with a token that no other prompt has. */
function rowOf(promptTokens: number, replyTokens: number): FreeRow {
  const prompt = new Array<number>(promptTokens).fill(0).with(0, 2 + prompts++);
  const sampler = { temperature: 0, topK: 0, topP: 1, minP: 0, repetitionPenalty: 1 };
  const vocabulary = { endTokens: new Set<number>(), decode: () => "", encodeText: () => [] };
  return new FreeRow({ prompt, sampler, replyTokens, seed: 1, stop: [] }, vocabulary, () => {});
}

const LIMITS = { rows: 2, prefixBytes: 1_000_000, areJoined: true };

Deno.test("a waiting request joins the others as soon as one of them ends", async () => {
  const { steps, forward } = recorded();
  const batcher = new Batcher(forward, LIMITS);
  await Promise.all(
    [[5, 7], [6, 3], [7, 4]].map(([prompt, reply]) => batcher.answer(rowOf(prompt!, reply!))),
  );
  // The first token of a reply comes from the step that reads the prompt. The first request does not wait for
  // others. The second reply ends with the second step of two rows; then the third prompt is read, and its row
  // takes the free place.
  assert.deepEqual(steps, [[1, 5], [1, 1], [1, 6], [2, 1], [2, 1], [1, 7], [2, 1], [2, 1], [2, 1]]);
});

Deno.test("a reply continues between the parts of another request's long prompt", async () => {
  const { steps, forward } = recorded();
  const batcher = new Batcher(forward, LIMITS);
  await Promise.all([batcher.answer(rowOf(5, 6)), batcher.answer(rowOf(3 * CHUNK_TOKENS, 2))]);
  const read = steps.filter(([, tokens]) => tokens > 5).map(([, tokens]) => tokens);
  assert.equal(read.reduce((sum, tokens) => sum + tokens), 3 * CHUNK_TOKENS);
  const parts = steps.flatMap(([, tokens], index) => tokens > 5 ? [index] : []);
  for (const [index, part] of parts.slice(1).entries()) {
    assert.ok(part > parts[index]! + 1, JSON.stringify(steps));
  }
});

Deno.test("the common beginning of two prompts is read once, even if the second request comes during the reading", async () => {
  const { steps, forward } = recorded();
  const batcher = new Batcher(forward, LIMITS);
  const first = rowOf(600, 1);
  const second = new FreeRow(
    { ...first.setup, prompt: [...first.setup.prompt.slice(0, 590), 1, 1], stop: [] },
    { endTokens: new Set(), decode: () => "", encodeText: () => [] },
    () => {},
  );
  await Promise.all([batcher.answer(first), batcher.answer(second)]);
  assert.equal(steps.reduce((sum, [, tokens]) => sum + tokens, 0), 600 + 2);
});

Deno.test("known beginnings of prompts delay no other prompt", async () => {
  const { steps, forward } = recorded();
  const batcher = new Batcher(forward, { ...LIMITS, rows: 3 });
  const known = rowOf(2 * CHUNK_TOKENS, 1);
  await batcher.answer(known);
  steps.length = 0;
  const { prompt } = known.setup;
  await Promise.all([5, 6, 7].map((last) => {
    const row = rowOf(1, 2);
    const setup = { ...row.setup, prompt: [...prompt, last], stop: [] };
    return batcher.answer(
      new FreeRow(setup, { endTokens: new Set(), decode: () => "", encodeText: () => [] }, () => {}),
    );
  }));
  // The first request does not wait for others.
  assert.deepEqual(steps, [[1, 1], [1, 1], [1, 1], [1, 1], [2, 1]]);
});

Deno.test("a reply that filled the context gets no further positions while others are written", async () => {
  const context = 16;
  const { forward } = recorded();
  const batcher = new Batcher((inputs) => {
    const positions = [...(inputs.position_ids as Tensor).data as BigInt64Array];
    if (positions.some((position) => position >= context)) throw new RangeError("beyond the context");
    return forward(inputs);
  }, { ...LIMITS, rows: 3 });
  await Promise.all(
    [[13, 3], [4, 12], [5, 11]].map(([prompt, reply]) => batcher.answer(rowOf(prompt!, reply!))),
  );
});

Deno.test("a row whose logits are not numbers fails alone", async () => {
  const { forward } = recorded();
  const batcher = new Batcher(async (inputs) => {
    const outputs = await forward(inputs);
    const [rows, , tokens] = outputs.logits!.dims as [number, number, number];
    if (rows === 2) (outputs.logits!.data as Float32Array).fill(NaN, tokens);
    return outputs;
  }, LIMITS);
  const results = await Promise.allSettled([5, 6].map((prompt) => batcher.answer(rowOf(prompt, 4))));
  assert.deepEqual(results.map(({ status }) => status), ["fulfilled", "rejected"]);
});

Deno.test("a failed step fails only the rows of that step", async () => {
  const { forward } = recorded();
  const batcher = new Batcher((inputs) => {
    if ((inputs.input_ids as Tensor).dims[1] === 6) throw new Error("cannot read six tokens");
    return forward(inputs);
  }, LIMITS);
  const results = await Promise.allSettled([5, 6, 7].map((prompt) => batcher.answer(rowOf(prompt, 3))));
  assert.deepEqual(results.map(({ status }) => status), ["fulfilled", "rejected", "fulfilled"]);
});
