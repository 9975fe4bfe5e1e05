/** The program ../testing/corpus_error_rates.ts measures more of these rates. */
import assert from "node:assert/strict";
import { classifierRates } from "../testing/corpus_error_rates.ts";

const PAIRS = 300;

/** A binomial share differs from its mean by more than this with a probability below one in a thousand. */
const reach = (share: number) => 3.3 * Math.sqrt(share * (1 - share) / PAIRS);

Deno.test("classifierTest() tells equal corpora apart as often as its level says, and different ones far more often", () => {
  const equal = classifierRates({ sizes: [40, 20], shift: 0 }, PAIRS);
  assert.ok(Math.abs(equal.positive - 0.05) < reach(0.05), `${equal.positive}`);
  assert.ok(equal.covered > 0.95 - reach(0.95), `${equal.covered}`);
  const different = classifierRates({ sizes: [40, 20], shift: 1.5 }, PAIRS);
  assert.ok(different.positive > 0.8, `${different.positive}`);
});
