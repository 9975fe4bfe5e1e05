import assert from "node:assert/strict";
import { ANALYSIS_DEFAULT, type AnalysisDesign } from "../../core/experiment/mod.ts";
import { analysisLine, legend } from "./overview.ts";

const factor = (path: string, ...labels: string[]) => ({
  path,
  levels: labels.map((label) => ({ label, value: label })),
});
const FACTORS = [
  factor("moderator", "none", "soft", "strict"),
  factor("model", "7B", "14B"),
  factor("x", "1"),
];

const lineOf = (changes: Partial<AnalysisDesign>, factors = FACTORS) =>
  analysisLine({ analysis: { ...ANALYSIS_DEFAULT, ...changes }, factors });

Deno.test("analysisLine() shows the outcomes, the effects and the number of tests", () => {
  const two = [factor("moderator", "none", "soft")];
  assert.equal(
    lineOf({ outcomes: ["toxicity"] }, two),
    "analysis: toxicity by moderator (reference none); 1 test, Holm",
  );
  // One factor has two levels besides its reference, the other factor has one.
  assert.equal(
    lineOf({ outcomes: ["toxicity"], reference: { model: "14B" } }),
    "analysis: toxicity by moderator, model (references moderator none, model 14B); 3 tests, Holm",
  );
  // A scale has 1 + 2 + 2 × 1 tests. An outcome of whole discussions has no effect of turn, so it has 2 × 1 tests.
  assert.equal(
    lineOf({
      outcomes: ["toxicity", "words"],
      effects: [["turn"], ["moderator", "turn"], ["moderator", "model"]],
      correction: "none",
    }),
    "analysis: toxicity, words by turn, moderator × turn, moderator × model " +
      "(references moderator none, model 7B); 7 tests, not corrected",
  );
});

Deno.test("analysisLine() shows planned looks, and the p below which each of them finds an effect", () => {
  // The published boundaries of two looks are 2.963 and 1.969 standard deviations.
  assert.equal(
    lineOf({ outcomes: ["toxicity"], effects: [["moderator"]], looks: [50, 100] }),
    "analysis: toxicity by moderator (reference none); 2 tests, Holm; looks at 50 (p < 0.0031), 100 (p < 0.049) discussions",
  );
});

Deno.test("analysisLine() says that no outcome is declared, or that there are no conditions to compare", () => {
  assert.equal(analysisLine({ analysis: null, factors: FACTORS }), null);
  assert.equal(lineOf({}), "analysis: no outcome is declared: everything is exploratory");
  assert.equal(lineOf({ outcomes: ["words"] }, []), "analysis: words; there are no conditions to compare");
  assert.equal(
    lineOf({ outcomes: ["a"], effects: [["turn"]], correction: "benjamini-hochberg" }, []),
    "analysis: a by turn; 1 test, Benjamini-Hochberg",
  );
});

Deno.test("legend() names draws and the choice of speakers as reasons for a mean number of calls", () => {
  assert.equal(
    legend([{ certainty: "expected" }]),
    "≈ calls: a mean, because draws or the choice of speakers decide the number. ",
  );
  assert.equal(legend([{ certainty: "exact" }]), "");
});
