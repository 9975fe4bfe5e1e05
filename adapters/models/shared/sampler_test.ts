import assert from "node:assert/strict";
import fc from "fast-check";
import { type Draw, openDraw } from "../../../core/random/mod.ts";
import type { SamplerSettings } from "./row.ts";
import { pickToken } from "./sampler.ts";

const PLAIN: SamplerSettings = { temperature: 1, topK: 0, topP: 1, minP: 0, repetitionPenalty: 1 };

/** The logits of five tokens with these probabilities, which are not in order of size. */
const LOGITS = Float32Array.from([1 / 8, 1 / 2, 1 / 16, 1 / 4, 1 / 16], Math.log);

/** How often each token is drawn while the draw goes through its range in 64 equal steps. */
function counts(settings: Partial<SamplerSettings>, seen: readonly number[] = [], logits = LOGITS): number[] {
  const drawn = logits.length === 0 ? [] : [...new Float32Array(logits.length)];
  for (let index = 0; index < 64; index++) {
    const draw = { uniform: () => (index + 0.5) / 64 } as Draw;
    drawn[pickToken(logits, new Set(seen), { ...PLAIN, ...settings }, draw)]!++;
  }
  return drawn;
}

Deno.test("pickToken() draws the same token whether top-p is off or keeps all tokens", () => {
  const draw = { uniform: () => 0.1 } as Draw;
  const drawn = [1, 0.99].map((topP) =>
    pickToken(Float32Array.of(0, 1), new Set(), { ...PLAIN, topP }, draw)
  );
  assert.deepEqual(drawn, [0, 0]);
});

Deno.test("pickToken() draws each token with its probability", () => {
  assert.deepEqual(counts({}), [8, 32, 4, 16, 4]);
});

Deno.test("pickToken() at temperature 0 takes the likeliest token, or the first of several equally likely ones", () => {
  assert.deepEqual(counts({ temperature: 0 }), [0, 64, 0, 0, 0]);
  assert.deepEqual(counts({ temperature: 0 }, [], Float32Array.of(1, 3, 3)), [0, 64, 0]);
});

Deno.test("pickToken() divides logits by the temperature", () => {
  // A temperature of 2 takes square roots. The ratio of the roots of 1/4 and 1/16 is two to one.
  assert.deepEqual(
    counts({ temperature: 2 }, [], Float32Array.of(Math.log(1 / 4), Math.log(1 / 16))),
    [43, 21],
  );
});

Deno.test("pickToken() draws among the k likeliest tokens", () => {
  // The ratio of 1/2 and 1/4 is two to one.
  assert.deepEqual(counts({ topK: 2 }), [0, 43, 0, 21, 0]);
  assert.deepEqual(counts({ topK: 4 }).map((count) => count > 0), [true, true, true, true, false]);
  assert.deepEqual(counts({ topK: 99 }), counts({}));
});

Deno.test("pickToken() draws among the fewest tokens that reach top-p", () => {
  assert.deepEqual(counts({ topP: 0.5 }), [0, 64, 0, 0, 0]);
  assert.deepEqual(counts({ topP: 0.7 }), [0, 43, 0, 21, 0]);
  assert.deepEqual(counts({ topP: 0.8 }).map((count) => count > 0), [true, true, false, true, false]);
  // Top-p is a share of the probability that top-k left: 1/2 is two thirds of 3/4.
  assert.deepEqual(counts({ topK: 2, topP: 0.6 }), [0, 64, 0, 0, 0]);
});

Deno.test("pickToken() leaves out tokens whose probability is below min-p times the highest probability", () => {
  assert.deepEqual(counts({ minP: 0.4 }), [0, 43, 0, 21, 0]);
  assert.deepEqual(counts({ minP: 0.2 }).map((count) => count > 0), [true, true, false, true, false]);
});

Deno.test("pickToken() penalises tokens that were seen, whether their logits are above or below zero", () => {
  const logits = Float32Array.of(2, 1.5, -1, -1.5);
  // 2 / 2 = 1 and −1 × 2 = −2.
  assert.deepEqual(counts({ temperature: 0, repetitionPenalty: 2 }, [0], logits), [0, 64, 0, 0]);
  const bySeen = (seen: number[]) => counts({ temperature: 0, repetitionPenalty: 2 }, seen, logits.slice(2));
  assert.deepEqual([bySeen([]), bySeen([0])], [[64, 0], [0, 64]]);
  assert.deepEqual([...logits], [2, 1.5, -1, -1.5]);
});

Deno.test("pickToken() takes exactly one number from the draw with any settings", () => {
  for (const settings of [{}, { temperature: 0 }, { topK: 1 }, { topP: 0.1, minP: 0.5 }]) {
    const [draw, other] = [openDraw("s", "t"), openDraw("s", "t")];
    pickToken(LOGITS, new Set(), { ...PLAIN, ...settings }, draw);
    other.uniform();
    assert.equal(draw.uniform(), other.uniform());
  }
});

Deno.test("pickToken() refuses logits that are not numbers", () => {
  assert.throws(() => counts({}, [], Float32Array.of(NaN, NaN)), RangeError);
});

Deno.test("pickToken() draws from the smallest nucleus of any distribution", () => {
  const logit = fc.float({ min: -40, max: 40, noNaN: true });
  const distribution = fc.array(logit, { minLength: 1, maxLength: 40 }).map((all) => Float32Array.from(all));
  const property = fc.property(
    distribution,
    fc.double({ min: 0.01, max: 0.99, noNaN: true }),
    (logits, topP) => {
      const largest = logits.reduce((a, b) => Math.max(a, b));
      const weights = [...logits].map((logit) => Math.exp(logit - largest));
      const total = weights.reduce((a, b) => a + b);
      const picked = counts({ topP }, [], logits).flatMap((count, token) => count > 0 ? [token] : []);
      // The tokens that are likelier than a token of the nucleus have less than top-p together.
      for (const token of picked) {
        const likelier = weights.filter((weight) => weight > weights[token]!).reduce((a, b) => a + b, 0);
        assert.ok(likelier < topP * total);
      }
    },
  );
  fc.assert(property);
});
