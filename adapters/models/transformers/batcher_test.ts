import assert from "node:assert/strict";
import { BATCH_TOKENS_MAX, takeBatch } from "./batcher.ts";

const lengthOf = (length: number) => length;

Deno.test("takeBatch() takes the first request and others of similar length, in order", () => {
  const queue = [1000, 100, 1499, 1501, 670, 660];
  assert.deepEqual(takeBatch(queue, 16, lengthOf), [1000, 1499, 670]);
  assert.deepEqual(queue, [100, 1501, 660]);
});

Deno.test("takeBatch() takes short prompts together even if the factor between their lengths is large", () => {
  const queue = [1, 60, 66];
  assert.deepEqual(takeBatch(queue, 16, lengthOf), [1, 60]);
});

Deno.test("takeBatch() takes at most the given number of rows", () => {
  const queue = [10, 10, 10, 10, 10];
  assert.deepEqual(takeBatch(queue, 2, lengthOf), [10, 10]);
  assert.equal(queue.length, 3);
});

Deno.test("takeBatch() takes at most BATCH_TOKENS_MAX tokens, but always the first request", () => {
  const third = Math.floor(BATCH_TOKENS_MAX / 3);
  assert.equal(takeBatch([third, third, third, third], 16, lengthOf).length, 3);
  assert.deepEqual(takeBatch([BATCH_TOKENS_MAX * 2, BATCH_TOKENS_MAX * 2], 16, lengthOf), [
    BATCH_TOKENS_MAX * 2,
  ]);
});

Deno.test("takeBatch() returns an empty batch from an empty queue", () => {
  assert.deepEqual(takeBatch([], 16, lengthOf), []);
});
