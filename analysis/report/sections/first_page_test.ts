import assert from "node:assert/strict";
import { ANALYSIS_DEFAULT, type AnalysisDesign } from "../../../core/experiment/analysis_design.ts";
import { designWith } from "../../../core/testing/mod.ts";
import {
  type AdjustedTest,
  compareOutcomes,
  type Observation,
  type OutcomeComparisons,
} from "../../outcomes/mod.ts";
import { CROSSED, crossedByThree, observationsWith } from "../../outcomes/testing/mod.ts";
import type { Section } from "../document.ts";
import type { AnalysisSource, RunFacts } from "../facts.ts";
import { analysisWith, linesOf, rowsOf, runFactsOf, tablesOf } from "../testing/mod.ts";
import { restText } from "./first_page_results.ts";
import { firstPageSection } from "./mod.ts";
import { unavailable } from "../../statistics/unavailable.ts";

const ANALYSIS: AnalysisDesign = {
  ...ANALYSIS_DEFAULT,
  question: "Do moderators help?",
  reference: { moderator: "none", model: "small" },
  outcomes: ["toxicity"],
  effects: [["moderator"], ["moderator", "model"], ["moderator", "turn"]],
  test: "mixed-model",
};

const RUN = runFactsOf([[{ type: "DiscussionOpened", data: designWith({}) }]]);

const BEFORE = { from: "experiment", since: "2026-02-03T04:05:06.000Z" } as const;

function pageOf(
  observations: readonly Observation[],
  { analysis = ANALYSIS, source = BEFORE, run = RUN }: Readonly<
    { analysis?: AnalysisDesign; source?: AnalysisSource; run?: RunFacts }
  > = {},
): Section {
  const declared = source.from === "experiment" ? "before" : source.from === "nowhere" ? "none" : "after";
  const compared = compareOutcomes(observations, analysis, { seed: "42", declared });
  const facts = analysisWith({ design: analysis, source, family: compared.tests.length });
  return firstPageSection([run], facts, { compared, observations });
}

// The expected figures come from lme4 and lmerTest, as in effects_test.ts.
Deno.test("firstPageSection() says each declared result with its sign, size, interval and corrected p", () => {
  const lines = linesOf(pageOf(CROSSED));
  assert.equal(lines[0], "Do moderators help?");
  for (
    const line of [
      "toxicity | moderator: gentle − none | 4.35 | 2.46 to 6.24 | < 0.001",
      "Toxicity was 4.35 points higher with moderator gentle than with none (95 % interval 2.46 to 6.24; corrected p < 0.001).",
      "No clear interaction: the difference in toxicity between moderator gentle and none, with model big against small, " +
      "−0.80 points (95 % interval −4.58 to 2.98; corrected p = 0.660).",
      "No clear difference in trends: the trend of toxicity with moderator gentle against none, 0.420 points per turn " +
      "(95 % interval 0.008 to 0.832; corrected p = 0.092).",
      // Each test has one alternative: means of discussions, or no random slopes. Their p are in
      // compare_outcomes_test.ts.
      "Would other reasonable choices of comments and models give the same results? 3 tests were computed again with such " +
      "choices, which gives 3 further results. The effect has the same direction (higher or lower) as in the original " +
      "result of the same test in 3 of 3. The uncorrected p is on the same side of 0.05 in 3 of 3. See Effects. The " +
      "section Effects has all 6 exploratory tests, none of them shown above.",
    ]
  ) assert.ok(lines.includes(line), `${line} is not in\n${lines.join("\n")}`);
});

Deno.test("firstPageSection() shows a declared interaction as a whole, in the table and in a sentence", () => {
  const effects = [["moderator", "model"]];
  const reference = { moderator: "m0", model: "small" };
  // The expected F and p come from R (../../testing/joint_tests_reference.R).
  const found = (level: number) =>
    linesOf(pageOf(crossedByThree(), { analysis: { ...ANALYSIS, effects, reference, level } }));
  const lines = found(0.95);
  for (
    const line of [
      "toxicity | (moderator: m1 − m0) × (model: big − small) | 1.17 | −0.20 to 2.53 | 0.092 | 0.029",
      "The difference in toxicity by moderator depends on model (both comparisons together: F(2, 30.0) = 4.00; corrected " +
      "p = 0.029).",
    ]
  ) assert.ok(lines.includes(line), `${line} is not in\n${lines.join("\n")}`);
  assert.ok(
    found(0.99).includes(
      "No clear interaction: whether the difference in toxicity by moderator depends on model is open (both comparisons " +
        "together: F(2, 30.0) = 4.00; corrected p = 0.029).",
    ),
  );
});

// The trends come from emmeans (../../testing/compare_outcomes_reference.R).
Deno.test("firstPageSection() says which trends a difference in trends compares, and what it adds up to", () => {
  const effects = [["moderator"], ["moderator", "turn"]];
  const page = pageOf(CROSSED, { analysis: { ...ANALYSIS, correction: "none", effects } });
  // A discussion has four turns, so its trend has three steps: 3 × 0.42 = 1.26.
  const sentence =
    "With moderator gentle, toxicity changed by 0.460 points per turn (0.168 to 0.752), and with none by " +
    "0.040 (−0.252 to 0.332): the trend was 0.420 higher (95 % interval 0.007 to 0.833; p = 0.047), which adds up to " +
    "1.26 over 3 turns.";
  const lines = linesOf(page);
  assert.ok(lines.includes(sentence), lines.join("\n"));
  assert.deepEqual(rowsOf(page, "first-page-trends-moderator").map(({ levels }) => levels), [
    "none",
    "gentle",
    "mean over moderator",
  ]);
  // The plot leaves out the trends that the table has.
  const [plot] = page.blocks.flatMap((block) => block.kind === "figure" ? [block] : []);
  assert.deepEqual(plot!.table.rows.length, 1);
  assert.match(
    plot!.estimator!,
    / Trends are not plotted, but in the table below: Change of toxicity per turn by moderator\.$/,
  );
  // If nothing is found, there is no such table, and the plot has all tests.
  const unclear = pageOf(CROSSED, { analysis: { ...ANALYSIS, level: 0.99, effects } });
  assert.deepEqual(tablesOf(unclear).map(({ id }) => id), ["first-page", "first-page-plot"]);
  assert.equal(rowsOf(unclear, "first-page-plot").length, 2);
});

Deno.test("firstPageSection() names every kind of limit, even if it does not apply", () => {
  const [withLoss, ...others] = CROSSED;
  const observations = [{ ...withLoss!, end: "aborted" } as const, ...others];
  const limits = linesOf(pageOf(observations)).slice(-7);
  assert.deepEqual(limits.map((line) => line.slice(0, line.indexOf(":"))), [
    "Looks at the results",
    "Failures",
    "Missing values",
    "Run compared with its declaration",
    "Warnings about tests",
    "People",
    "None found",
  ]);
  assert.equal(limits[0], "Looks at the results: not known: there is no intact run log");
  assert.equal(limits[1], "Failures: Not completed: 1 discussion. See Execution");
  assert.equal(limits[2], "Missing values: 1 discussion left out, because they did not end as designed");
  assert.equal(
    limits[6],
    "None found: unparsed annotations (no annotator was asked); declared tests without a result",
  );
});

// An F test of q coefficients by cluster-robust variances has clusters − q degrees of freedom (here 2 − 2) at the most.
Deno.test("firstPageSection() says why a declared interaction cannot be tested as a whole", () => {
  const observations = observationsWith({
    ...{ seed: "1", replications: 2, comments: 3, scales: ["a"], matched: true, measured: true },
    factors: { moderator: ["none", "gentle", "strict"], model: ["small", "big"] },
  });
  const effects = [["moderator"], ["moderator", "model"]];
  const lines = linesOf(pageOf(observations, { analysis: { ...ANALYSIS, outcomes: ["words"], effects } }));
  const reason =
    "moderator × model on words as a whole, because 2 clusters are too few for a test of 2 coefficients together";
  assert.ok(lines.includes(`Not tested: ${reason}`), lines.join("\n"));
});

Deno.test("firstPageSection() calls results exploratory if the analysis was not declared before the run", () => {
  const callouts = (source: AnalysisSource, analysis?: AnalysisDesign) =>
    pageOf(CROSSED, { source, ...analysis === undefined ? {} : { analysis } }).blocks.flatMap((block) =>
      block.kind === "callout" ? [block.title] : []
    );
  assert.deepEqual(callouts(BEFORE), []);
  assert.deepEqual(callouts({ from: "nowhere" }, ANALYSIS_DEFAULT), [
    "Exploratory: no analysis was declared",
  ]);
  assert.deepEqual(callouts({ from: "afterwards", file: "a.yaml" }), [
    "Exploratory: the analysis was given after the run",
  ]);
  const undeclared = pageOf(CROSSED, { source: { from: "nowhere" }, analysis: ANALYSIS_DEFAULT });
  assert.equal(linesOf(undeclared)[0], "No question was declared.");
  const sentences = undeclared.blocks.flatMap((block) => block.kind === "list" ? block.items : []);
  for (const sentence of sentences) assert.match(sentence, / \(exploratory; /);
  assert.ok(sentences.length > 0);
  // Only the annotated scale is compared, not the diversity.
  const outcomes = rowsOf(undeclared, "first-page").map(({ outcome }) => outcome);
  assert.deepEqual(outcomes, ["toxicity", "toxicity"]);
});

Deno.test("firstPageSection() joins comparisons that find nothing if there are more than 12 tests", () => {
  const levels = (name: string, count: number) => Array.from({ length: count }, (_, at) => `${name}${at}`);
  const observations = observationsWith({
    ...{ seed: "1", replications: 3, comments: 3, scales: ["a"], matched: false },
    factors: { moderator: levels("m", 6), model: levels("q", 6) },
  });
  const analysis = {
    ...ANALYSIS,
    reference: {},
    outcomes: ["a"],
    effects: [["moderator"], ["moderator", "model"]],
  };
  const page = pageOf(observations, { analysis });
  const rows = rowsOf(page, "first-page");
  assert.deepEqual(rows.map(({ comparison }) => comparison), [
    "moderator: 5 comparisons",
    "moderator × model: 25 comparisons",
  ]);
  // The plot has the differences between levels. Rows of several tests have no interval.
  assert.equal(rowsOf(page, "first-page-plot").length, 5);
  assert.ok(!("interval" in rows[0]!));
  assert.ok(
    linesOf(page).some((line) => /^No clear difference in 5 comparisons of a by moderator: /.test(line)),
  );
});

Deno.test("firstPageSection() shows means if there is nothing to compare", () => {
  const observations = CROSSED.map((one) => ({ ...one, condition: "all", factors: {} }));
  const [toxicity] = rowsOf(pageOf(observations), "first-page");
  assert.equal(toxicity!.outcome, "toxicity");
  assert.equal(toxicity!.discussions, 20);
  const none = linesOf(pageOf([]));
  assert.ok(none.includes("note: No results: No discussion is complete."), none.join("\n"));
});

Deno.test("restText() counts a test that could not be computed only if the table does not show it", () => {
  const test = (outcome: string) =>
    ({
      outcome,
      confirmatory: false,
      sampleChanged: false,
      figures: unavailable("too few"),
    }) as unknown as AdjustedTest;
  const [shown, other] = [test("a"), test("b")];
  const rest = restText(
    { rows: [{ tests: [shown] }], left: 0, declared: true, alpha: 0.05 },
    { tests: [shown, other] } as unknown as OutcomeComparisons,
  );
  assert.equal(rest, "1 more test could not be computed.");
});
