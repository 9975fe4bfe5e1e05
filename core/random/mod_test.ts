import assert from "node:assert/strict";
import fc from "fast-check";
import { openDraw, SAMPLING_SEED_MAX } from "./mod.ts";

// The expected numbers come from a separate Python program. It follows this module's documentation, the
// xoroshiro128+ paper (Blackman and Vigna, constants 24, 16, 37; checked against its published outputs for the
// state 1, 2) and the definition of pure-rand's two distributions: 26 and 27 low bits for a fraction, rejection
// above the largest multiple of n for an integer.

Deno.test("openDraw() gives the numbers of SHA-256 and xoroshiro128+", () => {
  const uniform = openDraw("42", "speaker", 7);
  assert.deepEqual(
    [uniform.uniform(), uniform.uniform(), uniform.uniform(), uniform.uniform()],
    [0.650249597341833, 0.10993712207414907, 0.8825070219735599, 0.7512151956504333],
  );
  const below = openDraw("42", "speaker", 7);
  assert.deepEqual(
    Array.from({ length: 12 }, () => below.below(5)),
    [3, 3, 3, 3, 4, 4, 3, 1, 1, 4, 2, 4],
  );
  assert.equal(openDraw("42/r1", "sampling", "participant", 0).below(SAMPLING_SEED_MAX), 1429909291);
  assert.deepEqual(openDraw("42", "personas").sample([..."abcdefgh"], 5), ["g", "d", "b", "f", "c"]);
});

Deno.test("openDraw() counts the UTF-16 units of a name and hashes its UTF-8 bytes", () => {
  const draw = openDraw("größe 🙂", "personas");
  assert.deepEqual(Array.from({ length: 6 }, () => draw.below(100)), [27, 4, 57, 49, 42, 13]);
  const empty = openDraw("", "", "");
  assert.deepEqual(Array.from({ length: 4 }, () => empty.below(1000)), [274, 516, 280, 244]);
  const long = [300, 340, 2000].map((length) => openDraw("€".repeat(length), "x").below(1000));
  assert.deepEqual(long, [332, 356, 711]);
});

Deno.test("openDraw() starts each stream at its beginning, also if numbers were drawn before", () => {
  const first = openDraw("42", "speaker", 7).uniform();
  const other = openDraw("42", "speaker", 8);
  for (let i = 0; i < 100; i++) other.uniform();
  assert.equal(openDraw("42", "speaker", 7).uniform(), first);
});

Deno.test("openDraw() gives different streams to two names that divide the same text in different ways", () => {
  const names: [string, ...(string | number)[]][] = [
    ["a", "bc"],
    ["ab", "c"],
    ["abc"],
    ["", "abc"],
    ["abc", ""],
    ["a\n2:bc"],
    ["a", "b", "c"],
    ["a", "c", "b"],
    ["s", 1, 23],
    ["s", 12, 3],
  ];
  const firsts = names.map(([seed, ...name]) => openDraw(seed, ...name).uniform());
  assert.equal(new Set(firsts).size, names.length);
});

Deno.test("openDraw() gives different streams to different names", () => {
  const name = fc.array(fc.string(), { minLength: 1, maxLength: 4 });
  fc.assert(fc.property(name, name, (one, two) => {
    fc.pre(JSON.stringify(one) !== JSON.stringify(two));
    const [first, second] = [one, two].map(([seed, ...rest]) => openDraw(seed!, ...rest).uniform());
    assert.notEqual(first, second);
  }));
});

/** The 99.9 % quantile of chi-square with 9 degrees of freedom (any table of the distribution). */
const CHI_SQUARE_9 = 27.877;

function chiSquare(counts: readonly number[], expected: number): number {
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}

Deno.test("below() is uniform over the numbers of one stream, and over the first numbers of many streams", () => {
  const within = new Array<number>(10).fill(0);
  const across = new Array<number>(10).fill(0);
  const one = openDraw("uniformity", "within");
  for (let i = 0; i < 20_000; i++) {
    within[one.below(10)]!++;
    across[openDraw("uniformity", "across", i).below(10)]!++;
  }
  assert.ok(chiSquare(within, 2000) < CHI_SQUARE_9, `within: ${within}`);
  assert.ok(chiSquare(across, 2000) < CHI_SQUARE_9, `across: ${across}`);
});

Deno.test("uniform() is uniform on [0, 1)", () => {
  const counts = new Array<number>(10).fill(0);
  for (let i = 0; i < 20_000; i++) {
    const number = openDraw("uniformity", "unit", i).uniform();
    assert.ok(number >= 0 && number < 1);
    counts[Math.floor(number * 10)]!++;
  }
  assert.ok(chiSquare(counts, 2000) < CHI_SQUARE_9, `${counts}`);
});

Deno.test("weighted() draws in proportion to the weights and never draws a weight of 0", () => {
  const counts = [0, 0, 0, 0];
  const draw = openDraw("42", "weights");
  for (let i = 0; i < 10_000; i++) counts[draw.weighted([1, 0, 2, 5])]!++;
  assert.equal(counts[1], 0);
  // Binomial, n = 10,000: three standard deviations of each share.
  for (const [index, share] of [[0, 1 / 8], [2, 2 / 8], [3, 5 / 8]] as const) {
    const deviation = Math.sqrt(share * (1 - share) / 10_000);
    assert.ok(Math.abs(counts[index]! / 10_000 - share) < 3 * deviation, `${index}: ${counts[index]}`);
  }
});

Deno.test("weighted() refuses weights that are negative, NaN, or all 0", () => {
  for (const weights of [[], [0, 0], [1, -1], [NaN], [1, NaN]]) {
    assert.throws(() => openDraw("42", "weights").weighted(weights), RangeError);
  }
});

Deno.test("below() and pick() refuse an empty or invalid range", () => {
  for (const n of [0, -1, 1.5, NaN, Infinity]) {
    assert.throws(() => openDraw("42", "none").below(n), RangeError);
  }
  assert.throws(() => openDraw("42", "none").pick([]), RangeError);
});

Deno.test("sample() gives different items, and a shorter sample is the beginning of a longer one", () => {
  const items = fc.uniqueArray(fc.integer(), { maxLength: 30 });
  fc.assert(fc.property(fc.string(), items, fc.nat(30), fc.nat(30), (seed, all, one, two) => {
    const [shorter, longer] = [one, two].map((n) => Math.min(n, all.length)).sort((a, b) => a - b);
    const long = openDraw(seed, "sample").sample(all, longer!);
    assert.equal(new Set(long).size, longer);
    assert.ok(long.every((item) => all.includes(item)));
    assert.deepEqual(openDraw(seed, "sample").sample(all, shorter!), long.slice(0, shorter));
  }));
});

Deno.test("sample() does not change its list of items, and refuses to draw more items than the list has", () => {
  const items = Object.freeze([1, 2, 3]);
  openDraw("42", "sample").sample(items, 3);
  assert.deepEqual(items, [1, 2, 3]);
  assert.throws(() => openDraw("42", "sample").sample(items, 4), RangeError);
});

Deno.test("sample() draws every order of three items equally often", () => {
  const counts = new Map<string, number>();
  for (let i = 0; i < 6000; i++) {
    const order = openDraw("orders", i).sample(["a", "b", "c"], 3).join("");
    counts.set(order, (counts.get(order) ?? 0) + 1);
  }
  assert.equal(counts.size, 6);
  // The 99.9 % quantile of chi-square with 5 degrees of freedom.
  assert.ok(chiSquare([...counts.values()], 1000) < 20.515, JSON.stringify([...counts]));
});

Deno.test("fillBelow() and sampleToFront() give the numbers of below() and the items of sample()", () => {
  const all = Array.from({ length: 20 }, (_, item) => item);
  for (const n of [1, 2, 7]) {
    const [one, other] = [openDraw("42", "lists"), openDraw("42", "lists")];
    const [filled, items] = [new Uint32Array(12), Float64Array.from(all)];
    one.fillBelow(n, filled);
    const sum = one.sampleToFront(items, 5);
    assert.deepEqual([...filled], Array.from({ length: 12 }, () => other.below(n)));
    assert.deepEqual([...items.subarray(0, 5)], other.sample(all, 5));
    assert.equal(sum, items.subarray(0, 5).reduce((sum, item) => sum + item));
    assert.equal(one.sampleToFront(items, 20), 190);
    assert.deepEqual([...items].toSorted((a, b) => a - b), all);
  }
  assert.throws(() => openDraw("42", "none").fillBelow(2 ** 32 + 1, new Uint32Array(1)), RangeError);
  assert.throws(() => openDraw("42", "none").sampleToFront(new Float64Array(2), 3), RangeError);
});
