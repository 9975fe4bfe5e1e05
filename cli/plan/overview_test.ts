import assert from "node:assert/strict";
import { ANALYSIS_DEFAULT, type AnalysisDesign } from "../../core/experiment/mod.ts";
import { analysisLine, analysisWarnings } from "./analysis_line.ts";
import { legend } from "./overview.ts";

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

Deno.test("analysisWarnings() names the tests that cannot be computed, or not as declared, and says what to do", () => {
  const plan = {
    factors: [factor("moderator", "none", "soft"), factor("model", "7B", "14B")],
    discussions: 4,
    turns: 10,
    annotation: { scales: ["toxicity", "rude"], annotators: 1 },
  };
  const warned = (analysis: Partial<AnalysisDesign>, changes: Partial<typeof plan> = {}) =>
    analysisWarnings({ ...plan, ...changes, analysis: { ...ANALYSIS_DEFAULT, ...analysis } });
  assert.deepEqual(analysisWarnings({ ...plan, analysis: null }), []);
  assert.deepEqual(warned({}), []);
  assert.deepEqual(warned({ outcomes: ["toxicity", "words"], effects: [["moderator", "turn"]] }), []);
  const [product, ...others] = warned({
    outcomes: ["toxicity"],
    effects: [["moderator"], ["moderator", "model"]],
  });
  assert.deepEqual(others, []);
  assert.match(
    product!,
    /^analysis: "moderator:model" cannot be tested: .* one discussion for each combination .*\(design\.replications\)/,
  );
  assert.match(
    warned({ outcomes: ["words"] }, { discussions: 2 })[0]!,
    /"moderator" cannot be tested: the design plans one discussion for each level of "moderator"/,
  );
  assert.match(
    warned({ outcomes: ["toxicity"], effects: [["turn"]] }, { turns: 1 })[0]!,
    /discussions have one turn/,
  );
  assert.match(warned({ outcomes: ["words"] }, { factors: [] })[0]!, /there is no test: give a factor/);
  assert.match(
    warned({ outcomes: ["calm"] })[0]!,
    /"calm" has no values yet: the file's annotation has the scales toxicity or rude: add the scale, or annotate/,
  );
  const two = { annotation: { ...plan.annotation, annotators: 2 } };
  assert.match(
    warned({ outcomes: ["rude"], model: { rude: "logistic" } }, two)[0]!,
    /^analysis\.model: the logistic model of "rude" needs categories, but values are means over 2 annotators/,
  );
  assert.deepEqual(warned({ outcomes: ["rude"], model: { rude: "linear" } }, two), []);
});

Deno.test("legend() names draws and the choice of speakers as reasons for a mean number of calls", () => {
  assert.equal(
    legend([{ certainty: "expected" }]),
    "≈ calls: a mean, because draws or the choice of speakers decide the number. ",
  );
  assert.equal(legend([{ certainty: "exact" }]), "");
});
