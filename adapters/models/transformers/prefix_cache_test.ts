import { Tensor } from "npm:@huggingface/transformers@4.3.1";
import assert from "node:assert/strict";
import fc from "fast-check";
import { type KeyValues, pack } from "./key_values.ts";
import { PrefixCache } from "./prefix_cache.ts";

/** Keys and values for tests: the tokens of the prompt themselves, in 4 bytes each. */
function valuesOf(prompt: readonly number[]): KeyValues {
  return {
    "past_key_values.0.key": new Tensor("float32", Float32Array.from(prompt), [1, 1, prompt.length, 1]),
  };
}

/** The tokens whose keys and values the cache has for the beginning of a prompt. */
function known(cache: PrefixCache, prompt: readonly number[]): number[] {
  const found = cache.find(prompt);
  return found === null
    ? []
    : [...Object.values(pack([found.pieces], found.columns))[0]!.data as Float32Array];
}

const tokens = (length: number, first = 0) => Array.from({ length }, (_, index) => first + index);

function cacheOf(bytesMax: number, ...prompts: readonly number[][]): PrefixCache {
  const cache = new PrefixCache(bytesMax);
  for (const prompt of prompts) cache.keep(prompt, valuesOf(prompt));
  return cache;
}

Deno.test("PrefixCache.find() returns the longest common beginning of any kept prompts, but never the whole prompt", () => {
  const prompts = fc.array(fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 1, maxLength: 30 }), {
    minLength: 1,
  });
  fc.assert(
    fc.property(prompts, fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 1 }), (kept, prompt) => {
      const cache = cacheOf(1e9, ...kept);
      const lengths = kept.filter(({ length }) => length >= 8).map((other) => {
        const differs = prompt.findIndex((token, index) => token !== other[index]);
        return Math.min(differs === -1 ? prompt.length : differs, prompt.length - 1);
      });
      const longest = Math.max(0, ...lengths);
      assert.deepEqual(known(cache, prompt), longest < 8 ? [] : prompt.slice(0, longest));
    }),
  );
});

Deno.test("PrefixCache.keep() keeps each common beginning once", () => {
  const cache = cacheOf(10_000, [...tokens(20), 99], [...tokens(20), 98], tokens(20), [...tokens(10), 97]);
  assert.equal(cache.bytes, 4 * (20 + 1 + 1 + 1));
});

Deno.test("PrefixCache.keep() drops the least recently used prompt to stay within its limit", () => {
  const [a, b, c] = [tokens(10, 100), tokens(10, 200), tokens(10, 300)];
  const cache = cacheOf(100, a, b);
  assert.deepEqual(known(cache, [...a, 1]), a);
  cache.keep(c, valuesOf(c));
  assert.equal(cache.bytes, 80);
  assert.deepEqual(known(cache, [...b, 1]), []);
  assert.deepEqual([known(cache, [...a, 1]), known(cache, [...c, 1])], [a, c]);
});

Deno.test("PrefixCache.keep() stays within any limit", () => {
  const prompts = fc.array(fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 8, maxLength: 40 }));
  fc.assert(fc.property(prompts, fc.integer({ min: 0, max: 300 }), (kept, limit) => {
    assert.ok(cacheOf(limit, ...kept).bytes <= limit);
  }));
});
