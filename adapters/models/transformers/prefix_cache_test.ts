import assert from "node:assert/strict";
import { PrefixCache, type RowValues } from "./prefix_cache.ts";

const rowOf = (columns: number): RowValues => ({ parts: {}, columns, bytes: columns * 10 });
const tokens = (length: number, first = 0) => Array.from({ length }, (_, index) => first + index);

function cacheOf(bytesMax: number, ...prompts: readonly number[][]): PrefixCache {
  const cache = new PrefixCache(bytesMax);
  for (const prompt of prompts) cache.keep(prompt, rowOf(prompt.length));
  return cache;
}

Deno.test("PrefixCache.find() returns the longest common beginning, but never the whole prompt", () => {
  const cache = cacheOf(10_000, [...tokens(20), 99], [...tokens(30), 98]);
  const found = (prompt: readonly number[]) => {
    const beginning = cache.find(prompt);
    return beginning && [beginning.row.columns, beginning.columns];
  };
  assert.deepEqual(found([...tokens(25), 97, 96]), [31, 25]);
  assert.deepEqual(found([...tokens(20), 99, 98]), [21, 21]);
  assert.deepEqual(found(tokens(30)), [31, 29]);
});

Deno.test("PrefixCache.find() ignores beginnings of fewer than eight tokens", () => {
  const cache = cacheOf(10_000, tokens(20));
  assert.equal(cache.find([...tokens(7), 99, 99]), null);
  assert.notEqual(cache.find([...tokens(8), 99, 99]), null);
});

Deno.test("PrefixCache.keep() drops the least recently used prompt to stay within its limit", () => {
  const [a, b, c] = [tokens(10, 100), tokens(10, 200), tokens(10, 300)];
  const cache = cacheOf(250, a, b);
  assert.notEqual(cache.find([...a, 1]), null);
  cache.keep(c, rowOf(10));
  assert.equal(cache.bytes, 200);
  assert.equal(cache.find([...b, 1]), null);
  assert.notEqual(cache.find([...a, 1]), null);
  assert.notEqual(cache.find([...c, 1]), null);
});

Deno.test("PrefixCache.keep() replaces a prompt by a longer one, and lacks() is false for its beginnings", () => {
  const cache = cacheOf(10_000, tokens(10));
  assert.equal(cache.lacks(tokens(10)), false);
  assert.equal(cache.lacks(tokens(20)), true);
  cache.keep(tokens(20), rowOf(20));
  assert.equal(cache.bytes, 200);
  assert.equal(cache.lacks(tokens(15)), false);
});

Deno.test("PrefixCache.keep() ignores a prompt that is larger than the limit", () => {
  const cache = cacheOf(99, tokens(10));
  assert.equal(cache.bytes, 0);
  assert.equal(new PrefixCache(0).lacks(tokens(10)), false);
});
