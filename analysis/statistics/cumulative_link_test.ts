import assert from "node:assert/strict";
import { linkLikelihood } from "./cumulative_link.ts";

Deno.test("linkLikelihood() is precise for a category between two thresholds whose probabilities round to 1", () => {
  const likelihood = linkLikelihood({
    category: Int32Array.of(1),
    categories: 3,
    columns: [],
    starts: Int32Array.of(0, 1),
  }, 9);
  // From R 4.2.2 (../testing/link_model_reference.R). The logistic distribution is symmetric, so both signs
  // give the same value.
  for (const thresholds of [[40, 41], [-41, -40]]) {
    const { value } = likelihood(Float64Array.of(...thresholds, 0));
    assert.ok(Math.abs(value - 40.4586751453871) < 1e-9, `${thresholds}: ${value}`);
  }
});
