import assert from "node:assert/strict";
import fc from "fast-check";
import { uniformFloat64 } from "npm:pure-rand@8.4.2/distribution/uniformFloat64";
import { uniformInt } from "npm:pure-rand@8.4.2/distribution/uniformInt";
import { xoroshiro128plusFromState } from "npm:pure-rand@8.4.2/generator/xoroshiro128plus";
import { drawBelow, drawUniform, fillBelow, type GeneratorState, sampleToFront } from "./xoroshiro128plus.ts";

// The expected numbers come from the package pure-rand, which has the same generator.

const states = fc.tuple(...Array.from({ length: 4 }, () => fc.integer())) as fc.Arbitrary<
  [number, number, number, number]
>;

/**
 * Small numbers, powers of two, numbers with which about half of all draws are rejected, and numbers beyond
 * 32 bits.
 */
const ranges = fc.oneof(
  fc.integer({ min: 2, max: 100 }),
  fc.integer({ min: 1, max: 52 }).map((power) => 2 ** power),
  fc.integer({ min: 2 ** 31, max: 2 ** 31 + 10 }),
  fc.integer({ min: 2, max: 2 ** 32 }),
  fc.integer({ min: 2 ** 32 - 2, max: Number.MAX_SAFE_INTEGER }),
);

const DRAWS = 50;

Deno.test("drawBelow() and drawUniform() give the numbers of pure-rand, in any order", () => {
  fc.assert(fc.property(states, fc.array(fc.option(ranges), { maxLength: DRAWS }), (start, ns) => {
    const [state, generator] = [Int32Array.from(start), xoroshiro128plusFromState(start)];
    for (const n of ns) {
      const [ours, theirs] = n === null
        ? [drawUniform(state), uniformFloat64(generator)]
        : [drawBelow(state, n), uniformInt(generator, 0, n - 1)];
      assert.equal(ours, theirs);
    }
  }));
});

Deno.test("fillBelow() gives the next numbers of pure-rand, and the generator continues after them", () => {
  const ofList = fc.oneof(
    fc.integer({ min: 2, max: 100 }),
    fc.integer({ min: 2 ** 31, max: 2 ** 31 + 10 }),
    fc.integer({ min: 2, max: 2 ** 32 }),
  );
  fc.assert(fc.property(states, ofList, fc.nat(DRAWS), (start, n, length) => {
    const [state, generator] = [Int32Array.from(start), xoroshiro128plusFromState(start)];
    const filled = new Uint32Array(length);
    const first = Math.min(n % 3, 2 ** 32 - n);
    fillBelow(state, n, filled, first);
    assert.deepEqual([...filled], Array.from({ length }, () => uniformInt(generator, 0, n - 1) + first));
    assert.deepEqual([...state], generator.getState());
  }));
});

Deno.test("sampleToFront() draws the same items as a shuffle by Fisher and Yates with pure-rand, and the generator continues after it", () => {
  fc.assert(fc.property(states, fc.nat(DRAWS), fc.nat(DRAWS), (start, one, other) => {
    const [count, length] = [Math.min(one, other), Math.max(one, other)];
    const [state, generator] = [Int32Array.from(start), xoroshiro128plusFromState(start)];
    const items = Float64Array.from({ length }, (_, place) => place);
    const left = [...items];
    const expected = Array.from({ length: count }, () => {
      const at = left.length === 1 ? 0 : uniformInt(generator, 0, left.length - 1);
      const [item] = [left[at]!];
      left[at] = left[0]!;
      left.shift();
      return item;
    });
    assert.equal(sampleToFront(state, items, count), expected.reduce((sum, item) => sum + item, 0));
    assert.deepEqual([...items], [...expected, ...left]);
    assert.deepEqual([...state], generator.getState());
  }));
});

Deno.test("sampleToFront() draws nothing from an empty list", () => {
  assert.equal(sampleToFront(Int32Array.of(1, 2, 3, 4), new Float64Array(), 0), 0);
});

Deno.test("drawBelow() is exact even if the quotient is very near to the next integer", () => {
  // The low bits of the next number are s00 + s10, here one below a multiple of n.
  for (const n of [3, 7, 641, 65_537, 6_700_417, 2 ** 31 - 1]) {
    const drawn = Math.floor(2 ** 32 / n) * n - 1;
    const state: GeneratorState = Int32Array.of(0, drawn - 2 ** 31, 0, 0);
    const filled = new Uint32Array(1);
    fillBelow(state.slice(), n, filled);
    assert.deepEqual([drawBelow(state, n), filled[0]], [n - 1, n - 1]);
  }
});
