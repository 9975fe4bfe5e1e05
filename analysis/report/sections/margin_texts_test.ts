import assert from "node:assert/strict";
import { equivalenceText, withinText } from "./margin_texts.ts";

const UNIT = { name: "points", scale: "", times: 1 };

const equivalence = (p: number) => ({
  margin: 0.5,
  p,
  adjusted: p,
  interval: { level: 0.9, lower: 0, upper: 1 },
});

const intervalOf = (lower: number, upper: number) => ({ level: 0.95, lower, upper });

Deno.test("equivalenceText() says whether the effect lies within its margin, lies beyond it, or is not clear", () => {
  const text = (p: number, lower: number, upper: number) =>
    equivalenceText(equivalence(p), { interval: intervalOf(lower, upper), unit: UNIT }, 0.05);
  assert.equal(
    text(0.01, -0.2, 0.3),
    "; the effect is shown to lie within the margin of ±0.500 points (p of equivalence = 0.010)",
  );
  assert.equal(
    text(0.2, -0.2, 0.7),
    "; an effect beyond the margin of ±0.500 points is not excluded (p of equivalence = 0.200)",
  );
  for (const [lower, upper] of [[0.6, 0.9], [-0.9, -0.6]] as const) {
    assert.equal(text(0.99, lower, upper), "; the whole interval lies beyond the margin of ±0.500 points");
  }
});

Deno.test("withinText() counts the effects that are shown to lie within their margin", () => {
  const text = (...ps: readonly number[]) =>
    withinText(ps.map((p) => ({ equivalence: equivalence(p) })), UNIT, 0.05);
  assert.equal(text(0.01, 0.02), "All of these effects are shown to lie within the margin of ±0.500 points.");
  assert.equal(
    text(0.01, 0.2, 0.2),
    "1 of these effects is shown to lie within the margin of ±0.500 points.",
  );
  assert.equal(text(0.2, 0.3), "None of these effects is shown to lie within the margin of ±0.500 points.");
  assert.equal(withinText([{ equivalence: null }], UNIT, 0.05), "");
});
