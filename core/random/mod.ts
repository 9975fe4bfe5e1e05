/**
 * Named random streams. Each stream depends only on its seed and its name. So a new stream does not change
 * the others.
 *
 * @module
 */
import { sha256 } from "npm:@noble/hashes@2.4.0/sha2.js";
import { drawBelow, drawUniform, fillBelow, type GeneratorState, sampleToFront } from "./xoroshiro128plus.ts";

/**
 * The version of the rule that makes streams from names. A changed rule changes the draws of every
 * experiment, so it needs a new version.
 */
const STREAM_VERSION = "syndisco/streams/1";

/** Sampling seeds are below this number, because servers take them as signed 32-bit integers. */
export const SAMPLING_SEED_MAX = 2 ** 31 - 1;

/** A source of random numbers. Two sources with equal seeds and names give equal numbers. */
export interface Draw {
  /** A number in [0, 1), with 53 random bits. */
  uniform(): number;
  /** An integer from 0 to `n - 1`, each equally likely. */
  below(n: number): number;
  /** One of the items, each equally likely. */
  pick<T>(items: readonly T[]): T;
  /** An index, with a probability in proportion to its weight. The weights need not sum to one. */
  weighted(weights: readonly number[]): number;
  /** `count` different items in random order. */
  sample<T>(items: readonly T[], count: number): T[];
  /**
   * Fills `into` with integers from `first` to `first + n - 1`: the next numbers of {@linkcode below}, plus
   * `first`. Default of `first`: 0.
   */
  fillBelow(n: number, into: Uint32Array, first?: number): void;
  /**
   * Moves the items that {@linkcode sample} would give to the front of the list, and returns their sum. The
   * other items follow in any order.
   */
  sampleToFront(items: Float64Array, count: number): number;
}

/** A list of 32-bit integers has only numbers below this one. */
const FILL_MAX = 2 ** 32;

const encoder = new TextEncoder();

/** Every draw of a discussion opens a stream. Making a new hash for each would take twice the time. */
const unused = sha256.create();
const hash = sha256.create();
const shortText = new Uint8Array(1024);
const digest = new Uint8Array(sha256.outputLen);
const words = new DataView(digest.buffer);

/** A UTF-16 code unit has at most three bytes in UTF-8. */
const BYTES_OF_UNIT_MAX = 3;

/** The first state of a stream. */
function stateOf(text: string): GeneratorState {
  const isShort = text.length * BYTES_OF_UNIT_MAX <= shortText.length;
  const bytes = isShort
    ? shortText.subarray(0, encoder.encodeInto(text, shortText).written)
    : encoder.encode(text);
  unused._cloneInto(hash).update(bytes).digestInto(digest);
  const state = new Int32Array(4);
  for (let at = 0; at < state.length; at++) state[at] = words.getInt32(4 * at);
  return state;
}

/**
 * Opens the random stream of a seed and a name.
 *
 * The seed and the parts of the name are hashed together. Each part has its length in front of it, so that
 * `["a", "bc"]` and `["ab", "c"]` are different streams. The first 16 bytes of this SHA-256 are the first
 * state of a xoroshiro128+ generator.
 *
 * @param name The purpose of the stream and its details, such as `"speaker", 7`.
 *
 * @example
 * ```ts
 * import { openDraw } from "./mod.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(openDraw("42", "speaker", 7).below(5), openDraw("42", "speaker", 7).below(5));
 * ```
 */
export function openDraw(seed: string, ...name: readonly (string | number)[]): Draw {
  let text = `${STREAM_VERSION}\n${seed.length}:${seed}`;
  for (const part of name) text += `\n${String(part).length}:${part}`;
  let made: GeneratorState | undefined;
  // The name is hashed at the first draw. Some rules never draw, and hashing takes longer than everything
  // else.
  const state = () => made ??= stateOf(text);
  const below = (n: number): number => {
    checkRange(n);
    return n === 1 ? 0 : drawBelow(state(), n);
  };
  return {
    uniform: () => drawUniform(state()),
    below,
    pick: (items) => items[below(items.length)]!,
    weighted(weights) {
      const total = weights.reduce((sum, weight) => sum + weight, 0);
      if (!(total > 0) || weights.some((weight) => !(weight >= 0))) {
        throw new RangeError(
          `Cannot draw by the weights "${weights}": expected at least one above 0 and none below 0`,
        );
      }
      let rest = drawUniform(state()) * total;
      let last = 0;
      for (const [index, weight] of weights.entries()) {
        if (weight === 0) continue;
        if (rest < weight) return index;
        rest -= weight;
        last = index;
      }
      return last;
    },
    sample(items, count) {
      checkCount(count, items);
      const pool = items.slice();
      for (let i = 0; i < count; i++) {
        const j = i + below(pool.length - i);
        const item = pool[j]!;
        pool[j] = pool[i]!;
        pool[i] = item;
      }
      pool.length = count;
      return pool;
    },
    fillBelow(n, into, first = 0) {
      checkRange(n, FILL_MAX - first);
      if (n === 1) into.fill(first);
      else fillBelow(state(), n, into, first);
    },
    sampleToFront(items, count) {
      checkCount(count, items);
      return sampleToFront(state(), items, count);
    },
  };
}

function checkRange(n: number, max = Number.MAX_SAFE_INTEGER): void {
  if (Number.isSafeInteger(n) && n >= 1 && n <= max) return;
  throw new RangeError(`Cannot draw below "${n}": expected a whole number from 1 to ${max}`);
}

function checkCount(count: number, { length }: ArrayLike<unknown>): void {
  if (count <= length) return;
  throw new RangeError(`Cannot sample ${count} of ${length} items: there are too few`);
}
