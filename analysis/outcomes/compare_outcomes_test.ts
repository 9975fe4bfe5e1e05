import assert from "node:assert/strict";
import { ANALYSIS_DEFAULT, type AnalysisDesign } from "../../core/experiment/analysis_design.ts";
import { isUnavailable, type Unavailable } from "../mod.ts";
import { type AdjustedTest, compareOutcomes, type Observation, type OutcomeComparisons } from "./mod.ts";
import { CROSSED, observationsWith } from "./testing/mod.ts";

// Expected values: lme4, lmerTest, clubSandwich and metafor, computed by ../testing/compare_outcomes_reference.R.

const ANALYSIS: AnalysisDesign = {
  ...ANALYSIS_DEFAULT,
  reference: { moderator: "none", model: "small" },
  outcomes: ["toxicity", "diversity"],
  effects: [["moderator"], ["model"], ["moderator", "model"], ["turn", "moderator"]],
  test: "mixed-model",
};

const OPTIONS = { seed: "42", declared: "before" } as const;

function known<T>(result: T | Unavailable): T {
  assert(!isUnavailable(result), JSON.stringify(result));
  return result;
}

function near(found: readonly number[], expected: readonly number[]): void {
  assert.equal(found.length, expected.length);
  for (const [index, value] of found.entries()) {
    assert.ok(Math.abs(value - expected[index]!) < 1e-6, `${index}: ${value}, not ${expected[index]}`);
  }
}

function summary(tests: readonly AdjustedTest[]): string[] {
  return tests.map(({ outcome, term, method }) => `${outcome} ${term.name}: ${method}`);
}

Deno.test("compareOutcomes() tests declared effects like lmerTest, and adjusts p over the whole family by Holm's rule", () => {
  const { tests, discussions, leftOut } = compareOutcomes(CROSSED, ANALYSIS, OPTIONS);
  assert.deepEqual([discussions, leftOut], [20, 0]);
  const confirmatory = tests.filter((test) => test.confirmatory);
  assert.deepEqual(summary(confirmatory), [
    "toxicity moderator[gentle]: mixed-model",
    "toxicity model[big]: mixed-model",
    "toxicity moderator[gentle]:model[big]: mixed-model",
    "toxicity turn:moderator[gentle]: mixed-model",
    "diversity moderator[gentle]: linear-model",
    "diversity model[big]: linear-model",
    "diversity moderator[gentle]:model[big]: linear-model",
  ]);
  near(confirmatory.map(({ figures }) => known(figures).estimate), [4.35, 0, -0.8, 0.42, 0.33, -0.05, 0.06]);
  near(
    confirmatory.map(({ figures }) => known(figures).p),
    [0.0001672723183, 1, 0.6597235357, 0.04609872, 0.0136079455, 0.7543157752, 0.7215143741],
  );
  near(
    confirmatory.map(({ adjusted }) => adjusted!),
    [0.0011709062278, 1, 1, 0.2304936, 0.08164767302, 1, 1],
  );
  assert.deepEqual(confirmatory.map((test) => [test.adjustedFor, test.doubts.length]), [
    [["model"], 1],
    [["moderator"], 1],
    [[], 1],
    [["model"], 1],
    [["model"], 0],
    [["moderator"], 0],
    [[], 0],
  ]);
  const hochberg = compareOutcomes(CROSSED, { ...ANALYSIS, correction: "benjamini-hochberg" }, OPTIONS);
  near(
    hochberg.tests.filter((test) => test.confirmatory).map(({ adjusted }) => adjusted!),
    [0.0011709062278, 1, 0.8800350711, 0.10756368, 0.04762780926, 0.8800350711, 0.8800350711],
  );
});

Deno.test("compareOutcomes() checks declared tests by other methods, and tests declared margins", () => {
  const analysis: AnalysisDesign = { ...ANALYSIS, test: null, margin: { toxicity: 9 } };
  const { tests } = compareOutcomes(CROSSED, analysis, OPTIONS);
  const [moderator, , interaction, trend] = tests;
  const figure = tests.find(({ outcome }) => outcome === "diversity");
  assert.deepEqual(
    moderator!.checks.map(({ method, figures }) => [method, known(figures).p.toPrecision(5)]),
    [
      ["mixed-model", "0.00016727"],
      ["linear-model", "0.018501"],
    ],
  );
  const { estimate, p } = known(interaction!.figures);
  near([estimate, p], [-0.8, 0.7075356755]);
  assert.match(interaction!.estimator, /^mean difference of differences between matched discussions/);
  near([known(trend!.checks[0]!.figures).p], [0.04316214668]);
  assert.deepEqual(figure!.checks.map(({ method }) => method), ["linear-model", "permutation"]);
  // R gives p = 0.01085 with 99,999 arrangements. The test has 9,999 draws: five standard deviations are 0.0052.
  const permuted = known(figure!.checks[1]!.figures).p;
  assert.ok(Math.abs(permuted - 0.01085) < 0.0052, `${permuted}`);
  const margin = moderator!.equivalence;
  assert(margin !== null && !isUnavailable(margin));
  near([margin.p, margin.interval.lower, margin.interval.upper], [
    0.007414054773,
    1.933384520517,
    6.766615479483,
  ]);
  // Three contrasts have a margin: the two factors and their interaction.
  near([margin.adjusted!], [0.01448093045]);
  assert.deepEqual([trend!.equivalence, figure!.equivalence], [null, null]);
});

Deno.test("compareOutcomes() tests undeclared changes through turns in a model of their own", () => {
  const { outcomes, tests } = compareOutcomes(CROSSED, ANALYSIS, OPTIONS);
  const explored = outcomes[0]!.models.find(({ use }) => use === "explored-trends")!;
  const model = known(explored.model);
  assert(model.method === "mixed-model");
  const { fit } = model;
  assert.deepEqual(fit.coefficients.map(({ name }) => name), [
    "Intercept",
    "moderator[gentle]",
    "model[big]",
    "turn",
    "moderator[gentle]:model[big]",
    "turn:moderator[gentle]",
    "model[big]:turn",
  ]);
  near(fit.coefficients.map(({ estimate }) => estimate), [5.675, 4.35, 0, 0.25, -0.675827, 0.42, -0.08]);
  near([fit.variances.slope!, fit.variances.residual, fit.centres.turn!], [0.007477, 1.035578, 1.5]);
  assert(fit.singular);
  const exploratory = tests.filter((test) => !test.confirmatory);
  assert.deepEqual(summary(exploratory), [
    "toxicity turn: mixed-model",
    "toxicity model[big]:turn: mixed-model",
  ]);
  near(exploratory.map(({ adjusted }) => adjusted!), [0.03919298, 0.701055]);
});

Deno.test("compareOutcomes() compares matched discussions in pairs of means over the other factor's levels", () => {
  const { tests, outcomes } = compareOutcomes(CROSSED, { ...ANALYSIS, test: null }, OPTIONS);
  const [test] = tests;
  assert.equal(test!.method, "paired");
  const { estimate, p, interval, discussions, values } = known(test!.figures);
  const { lower, upper } = known(interval);
  near([estimate, p, lower, upper], [4.35, 0.01850052334, 1.20268178643, 7.49731821357]);
  assert.deepEqual([discussions, values], [20, 80]);
  const { g, paired } = outcomes[0]!.comparisons[0]!;
  near([known(g).estimate, known(g).standardError], [2.2023572506, 0.5667975269]);
  assert.equal(known(paired!.result).pairs, 5);
});

Deno.test("compareOutcomes() compares only cells with values at both levels, and counts pairs without them", () => {
  const without = CROSSED.filter(({ factors: { moderator, model }, replicate }) =>
    !(replicate === 1 && moderator === "gentle" && model === "big")
  ).map((one): Observation =>
    one.replicate === 2 && one.factors.moderator === "none" ? { ...one, end: "aborted" } : one
  );
  const { outcomes, discussions, leftOut } = compareOutcomes(without, ANALYSIS, OPTIONS);
  assert.deepEqual([discussions, leftOut], [17, 2]);
  const { paired } = outcomes[0]!.comparisons[0]!;
  const { pairs, missing, difference } = known(paired!.result);
  assert.deepEqual([pairs, missing], [4, 1]);
  // In the first replicate, only the small model has discussions at both levels of the moderator.
  const small = CROSSED.slice(0, 4).filter(({ factors }) => factors.model === "small");
  const [none, gentle] = small.map(({ judgements: [annotated] }) =>
    (annotated!.values[0] as number[]).reduce((sum, value) => sum + value, 0) / 4
  );
  near([difference], [(gentle! - none! + 3.75 + 1.25 + 3.75) / 4]);
});

Deno.test("compareOutcomes() matches neither discussions of different seeds nor imported discussions", () => {
  const methodOf = (observations: readonly Observation[]) => {
    const { tests } = compareOutcomes(observations, { ...ANALYSIS, test: null }, OPTIONS);
    return tests[0]!.method;
  };
  assert.equal(methodOf(CROSSED), "paired");
  assert.equal(methodOf(CROSSED.map((one, i) => ({ ...one, seed: String(i) }))), "mixed-model");
  assert.equal(methodOf(CROSSED.map((one) => ({ ...one, imported: true }))), "mixed-model");
  const asked = compareOutcomes(CROSSED.map((one) => ({ ...one, imported: true })), {
    ...ANALYSIS,
    test: "paired",
  }, OPTIONS);
  assert.deepEqual(asked.tests[0]!.figures, {
    unavailable: 'discussions at "gentle" and "none" are not matched',
  });
  assert.equal(asked.tests[0]!.adjusted, null);
});

Deno.test("compareOutcomes() has no confirmatory tests if the analysis was declared after the run, or never", () => {
  for (const declared of ["after", "none"] as const) {
    const { tests } = compareOutcomes(CROSSED, ANALYSIS, { seed: "42", declared });
    assert.ok(tests.length > 0 && tests.every((test) => !test.confirmatory));
    assert.ok(tests.every(({ adjusted }) => adjusted !== null));
  }
});

Deno.test("compareOutcomes() gives the reason if a declared test has no discussions, and does not count it", () => {
  const order = { moderator: ["none", "gentle", "strict"], length: ["short", "long"] };
  const analysis: AnalysisDesign = {
    ...ANALYSIS,
    outcomes: ["toxicity"],
    effects: [["moderator"], ["length"], ["nothing", "turn"]],
  };
  const { tests } = compareOutcomes(CROSSED, analysis, { ...OPTIONS, order });
  const family = tests.filter((test) => test.confirmatory);
  assert.deepEqual(
    family.map(({ term, figures }) => [term.name, isUnavailable(figures) && figures.unavailable]),
    [
      ["moderator[gentle]", false],
      ["moderator[strict]", 'no discussion at "strict" has a value'],
      ["length[long]", 'no discussion at "long" has a value'],
      ["nothing:turn", 'the discussions do not differ by "nothing"'],
    ],
  );
  const { figures, adjusted } = family[0]!;
  near([adjusted!], [known(figures).p]);
  // The models contain all factors, even if no declared effect names them.
  const other = tests.find(({ term }) => term.name === "model[big]")!;
  assert.deepEqual([other.confirmatory, other.method, other.adjustedFor], [false, "mixed-model", [
    "moderator",
  ]]);
});

Deno.test("compareOutcomes() draws the same numbers for equal seeds, and new numbers for each outcome and level", () => {
  const observations = observationsWith({
    seed: "draws",
    factors: { moderator: ["a", "b", "c"] },
    replications: 12,
    comments: 2,
    scales: ["one"],
    matched: false,
  }).map((one): Observation => {
    const [annotated] = one.judgements;
    return {
      ...one,
      judgements: [annotated!, { ...annotated!, scale: { ...annotated!.scale, name: "two" } }],
    };
  });
  const of = (seed: string) => compareOutcomes(observations, ANALYSIS_DEFAULT, { seed, declared: "none" });
  assert.deepEqual(of("42"), of("42"));
  const ends = ({ outcomes }: OutcomeComparisons) =>
    outcomes.slice(0, 2).flatMap(({ comparisons }) =>
      comparisons.map(({ difference }) => known(difference).interval.lower)
    );
  // Both outcomes have the same values: only the draws differ.
  assert.equal(new Set([...ends(of("42")), ...ends(of("43"))]).size, 8);
});

const LOOK = { command: "report", outcomes: null, finished: 10, planned: 20, at: "2026-01-01T00:00:00.000Z" };

Deno.test("compareOutcomes() allows for all looks in p and in intervals of declared effects, if looks were declared", () => {
  const looks = [{
    run: "first",
    history: { looks: [LOOK], growths: [], repairs: [] },
    ended: 20,
    planned: 20,
  }];
  const analysis = { ...ANALYSIS, test: null, correction: "none", looks: [10, 20] } as const;
  const { tests, looks: found } = compareOutcomes(CROSSED, analysis, { ...OPTIONS, looks });
  assert.deepEqual(found.get("toxicity")!.sequence!.fractions, [0.5, 1]);
  const [test] = tests;
  const { estimate, p, interval } = known(test!.figures);
  // From SciPy: the threshold of p at the second look, and the quantile of Student's t with 4 degrees of
  // freedom there.
  const { level, lower, upper } = known(interval);
  near([estimate, p, level, lower, upper], [4.35, 0.01850052334, 0.95100045518, 1.1802540843, 7.5197459157]);
  near([test!.repeated!, test!.adjusted!], [0.018663077596, 0.018663077596]);
  assert.deepEqual([test!.confirmatory, test!.sampleChanged], [true, false]);
  const other = tests.find(({ confirmatory, figures }) => !confirmatory && !isUnavailable(figures))!;
  assert.equal(known(known(other.figures).interval).level, 0.95);
  assert.equal(other.repeated, null);
});

Deno.test("compareOutcomes() gives no interval at a very early look", () => {
  const looks = [{ run: "first", history: { looks: [], growths: [], repairs: [] }, ended: 20, planned: 20 }];
  const analysis = { ...ANALYSIS, looks: [20, 1000] };
  const [test] = compareOutcomes(CROSSED, analysis, { ...OPTIONS, looks }).tests;
  const { estimate, interval } = known(test!.figures);
  assert.deepEqual([estimate.toFixed(2), interval], ["4.35", { unavailable: "this look comes too early" }]);
  assert.equal(test!.adjusted, 1);
});

Deno.test("compareOutcomes() has no confirmatory test if results were seen before the sample grew", () => {
  const growths = [{ at: "2026-01-02T00:00:00.000Z", from: 10, to: 20, looksBefore: 1 }];
  const seen = { ...LOOK, outcomes: ["toxicity"] };
  const looks = [{ run: "first", history: { looks: [seen], growths, repairs: [] }, ended: 20, planned: 20 }];
  const { tests } = compareOutcomes(CROSSED, ANALYSIS, { ...OPTIONS, looks });
  const plain = compareOutcomes(CROSSED, ANALYSIS, OPTIONS).tests;
  assert.deepEqual(tests.map(({ adjusted }) => adjusted), plain.map(({ adjusted }) => adjusted));
  const declared = tests.filter((test) => test.declared);
  assert.deepEqual(declared.map(({ outcome, sampleChanged }) => [outcome, sampleChanged]), [
    ...Array(4).fill(["toxicity", true]),
    ...Array(3).fill(["diversity", false]),
  ]);
  assert.ok(
    tests.every(({ declared, confirmatory, sampleChanged }) => confirmatory === (declared && !sampleChanged)),
  );
});
