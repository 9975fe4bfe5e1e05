import assert from "node:assert/strict";
import type { Draw } from "../../../core/random/mod.ts";
import type { SamplerSettings } from "./row.ts";
import { pickToken } from "./sampler.ts";

type Case = Readonly<{
  logits: readonly number[];
  seen: readonly number[];
  settings: Partial<SamplerSettings>;
  /** Each token's probability. */
  expected: readonly number[];
}>;

/** Made by sampler_reference.py, with Hugging Face's transformers 5.24.0. */
const REFERENCE = new URL("./testing/sampler_reference.jsonl", import.meta.url);

const CASES: readonly Case[] = (await Deno.readTextFile(REFERENCE)).trim().split("\n").map((line) =>
  JSON.parse(line)
);

const PLAIN: SamplerSettings = { temperature: 1, topK: 0, topP: 1, minP: 0, repetitionPenalty: 1 };

/**
 * The draw goes through its range in this many equal steps. A token's share of the steps is its probability, to
 * within one step.
 */
const STEPS = 4096;

function shares(logits: Float32Array, seen: ReadonlySet<number>, settings: SamplerSettings): number[] {
  const counts = new Array<number>(logits.length).fill(0);
  for (let step = 0; step < STEPS; step++) {
    const draw = { uniform: () => (step + 0.5) / STEPS } as Draw;
    counts[pickToken(logits, seen, settings, draw)]!++;
  }
  return counts.map((count) => count / STEPS);
}

for (const { logits, seen, settings, expected } of CASES) {
  const spread = Math.max(...logits) > 3 ? "steep logits" : "flat logits";
  Deno.test(`pickToken() draws with the same probabilities as Hugging Face's library: ${JSON.stringify(settings)}, ${spread}`, () => {
    const drawn = shares(Float32Array.from(logits), new Set(seen), { ...PLAIN, ...settings });
    for (const [token, share] of expected.entries()) {
      assert.ok(Math.abs(drawn[token]! - share) <= 1 / STEPS + 1e-5, `${token}: ${drawn[token]}, ${share}`);
      if (share === 0) assert.equal(drawn[token], 0);
    }
  });
}
