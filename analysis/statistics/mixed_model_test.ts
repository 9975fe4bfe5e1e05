import assert from "node:assert/strict";
import { fitMixedModel, isUnavailable, type MixedModel, type ModelData } from "../mod.ts";

// Expected values: lme4 1.1-31 and lmerTest 3.1-3 (R 4.2.2), computed by ../testing/mixed_model_reference.R.

const SIZES = [1, 3, 5, 7, 2, 4, 6, 1, 3, 5];
const GROUPS = SIZES.flatMap((size, group) => new Array<number>(size).fill(group));
const TURNS = SIZES.flatMap((size) => [...Array(size).keys()]);

/** The same ten groups of unequal size as in the script. */
function unequal(terms: string[][], outcome?: (group: number, turn: number) => number): ModelData {
  const arms = GROUPS.map((group) => group % 2 === 0 ? "a" : "b");
  const usual = (group: number, turn: number, arm: string) =>
    (group * 37) % 11 + (turn * turn * 5 + group * 3) % 7 + (arm === "b" ? 0.5 * turn : 0);
  return {
    outcome: GROUPS.map((group, row) => (outcome ?? usual)(group, TURNS[row]!, arms[row]!)),
    group: GROUPS.map(String),
    predictors: { arm: { values: arms, reference: "a" }, turn: { values: TURNS } },
    terms,
  };
}

const CROSSED = [["arm"], ["turn"], ["arm", "turn"]];

function fitted(data: ModelData, options = {}): MixedModel {
  const model = fitMixedModel(data, options);
  assert(!isUnavailable(model), JSON.stringify(model));
  return model;
}

function assertNear(found: number, expected: number, relative: number, what = ""): void {
  assert.ok(Math.abs(found - expected) <= relative * Math.abs(expected), `${what} ${found}, not ${expected}`);
}

/** @param expected Estimate, standard error, degrees of freedom, t and p of each coefficient. */
function assertCoefficients(model: MixedModel, expected: Readonly<Record<string, readonly number[]>>): void {
  assert.deepEqual(model.coefficients.map(({ name }) => name), Object.keys(expected));
  for (const { name, estimate, standardError, df, statistic, p } of model.coefficients) {
    const tolerances = [1e-6, 1e-6, 2e-5, 2e-6, 2e-5];
    for (const [index, found] of [estimate, standardError, df!, statistic, p].entries()) {
      assertNear(found, expected[name]![index]!, tolerances[index]!, name);
    }
  }
}

Deno.test("fitMixedModel() gives lme4's REML fit and lmerTest's tests for groups of unequal size", () => {
  const model = fitted(unequal(CROSSED));
  assertCoefficients(model, {
    "Intercept": [8.2423948872, 1.9839228581, 8.406027301, 4.1545944458, 0.00286232505],
    "arm[b]": [-1.1811170507, 2.8002308297, 8.338932463, -0.4217927459, 0.68384042631],
    "turn": [-0.5891317415, 0.3282258687, 25.963958534, -1.7948973490, 0.08432138937],
    "arm[b]:turn": [0.8648246724, 0.4242164791, 25.849736467, 2.0386399754, 0.05183611664],
  });
  assertNear(model.variances.intercept, 17.441967497, 1e-6);
  assertNear(model.variances.residual, 3.312618719, 1e-6);
  assertNear(model.logLikelihood, -84.38145238, 1e-9);
});

Deno.test("fitMixedModel() gives the trends of emmeans as combinations of coefficients", () => {
  const combinations = [
    { name: "a", weights: { turn: 1 } },
    { name: "b", weights: { "turn": 1, "arm[b]:turn": 1 } },
  ];
  const found = fitted(unequal(CROSSED), { combinations }).combinations;
  const expected = [
    [-0.5891317415, 0.3282258687, 25.96395853, -1.263855261, 0.0855917784],
    [0.2756929309, 0.2687515586, 25.67908263, -0.277070011, 0.8284558727],
  ];
  assert.deepEqual(found.map(({ name }) => name), ["a", "b"]);
  for (const [at, { estimate, standardError, df, interval }] of found.entries()) {
    for (const [index, figure] of [estimate, standardError, df!, interval.lower, interval.upper].entries()) {
      assertNear(figure, expected[at]![index]!, 2e-5, `${at}, ${index}:`);
    }
  }
  assert.throws(
    () => fitMixedModel(unequal(CROSSED), { combinations: [{ name: "c", weights: { "arm[c]:turn": 1 } }] }),
    { name: "RangeError", message: 'Cannot compute "c": the model has no coefficient "arm[c]:turn"' },
  );
});

Deno.test("fitMixedModel() gives lme4's ML fit for groups of unequal size", () => {
  const model = fitted(unequal(CROSSED), { method: "ML" });
  assertCoefficients(model, {
    "Intercept": [8.2625953050, 1.7695883782, 10.62394467, 4.6692187893, 0.0007499444952],
    "arm[b]": [-1.1951863111, 2.4968516385, 10.52373856, -0.4786773442, 0.6419584416949],
    "turn": [-0.5825391231, 0.3158830318, 28.04848757, -1.8441608582, 0.0757470764908],
    "arm[b]:turn": [0.8556150089, 0.4083454034, 27.90142748, 2.0953217592, 0.0453419210666],
  });
  assertNear(model.variances.intercept, 13.577921464, 1e-6);
  assertNear(model.variances.residual, 3.081331659, 1e-6);
  assertNear(model.logLikelihood, -86.7896179, 1e-9);
});

Deno.test("fitMixedModel() gives lme4's Wald intervals with the normal distribution", () => {
  const { coefficients } = fitted(unequal(CROSSED), { reference: "normal" });
  const expected = [
    [4.35397753723, 12.13083121719],
    [-6.66946862526, 4.30723452381],
    [-1.23244262293, 0.05417913985],
    [0.03337565181, 1.69627369300],
  ];
  for (const [index, { interval, df }] of coefficients.entries()) {
    assert.equal(df, null);
    assertNear(interval.lower, expected[index]![0]!, 1e-5);
    assertNear(interval.upper, expected[index]![1]!, 1e-4);
  }
});

Deno.test("fitMixedModel() gives lme4's fit with a group variance of 0 if groups differ less than by chance", () => {
  const model = fitted(unequal([["arm"], ["turn"]], (group, turn) => (turn * 5 + group) % 3));
  assertCoefficients(model, {
    "Intercept": [0.91251448436, 0.25318466730, 34, 3.6041459149, 0.0009905187824],
    "arm[b]": [0.05388180765, 0.28348118197, 34, 0.1900719027, 0.8503830748033],
    "turn": [0.01680185400, 0.08495195712, 34, 0.1977806582, 0.8443944306805],
  });
  assert.equal(model.variances.intercept, 0);
  assertNear(model.variances.residual, 0.7327210142, 1e-9);
  assertNear(model.logLikelihood, -48.18172282, 1e-9);
});

Deno.test("fitMixedModel() stays precise if the outcome or a covariate has a large offset", () => {
  const usual = unequal(CROSSED);
  const far = fitted({
    ...usual,
    outcome: usual.outcome.map((value) => value! + 1e7),
    predictors: { ...usual.predictors, turn: { values: TURNS.map((turn) => turn + 1e4), centred: true } },
  });
  const near = fitted({
    ...usual,
    predictors: { ...usual.predictors, turn: { values: TURNS, centred: true } },
  });
  for (const [index, { name, estimate, standardError }] of far.coefficients.entries()) {
    const { estimate: there, standardError: itsError } = near.coefficients[index]!;
    assertNear(estimate - (name === "Intercept" ? 1e7 : 0), there, 1e-6, name);
    assertNear(standardError, itsError, 1e-6, name);
  }
});

Deno.test("fitMixedModel() excludes and counts rows that lack a value", () => {
  const usual = unequal(CROSSED);
  const model = fitted({
    ...usual,
    outcome: [...usual.outcome, null, 3],
    group: [...usual.group, "0", "1"],
    predictors: {
      arm: { values: [...usual.predictors.arm!.values as string[], "a", null], reference: "a" },
      turn: { values: [...TURNS, 3, 4] },
    },
  });
  assert.deepEqual([model.rows, model.missing], [37, 2]);
  assertNear(model.logLikelihood, -84.38145238, 1e-9);
});

const FOUR = { group: ["a", "a", "b", "b"], outcome: [1, 2, 4, 3] };
const ARM = { values: ["x", "x", "y", "y"], reference: "x" };

const REFUSALS: readonly Readonly<{ title: string; data: ModelData; reason: string }>[] = [
  {
    title: "no rows",
    data: { outcome: [], group: [], predictors: {} },
    reason: "no row has an outcome and all predictors",
  },
  {
    title: "no row with all values",
    data: { ...FOUR, outcome: [null, null, null, null], predictors: { arm: ARM } },
    reason: "no row has an outcome and all predictors",
  },
  {
    title: "one group",
    data: { ...FOUR, group: ["a", "a", "a", "a"], predictors: {} },
    reason: "all rows are in one group, so the variance between groups cannot be estimated",
  },
  {
    title: "groups of one row each",
    data: { ...FOUR, group: ["a", "b", "c", "d"], predictors: {} },
    reason:
      "every group has one row, so the variance between groups cannot be separated from the residual variance",
  },
  {
    title: "no more rows than coefficients",
    data: { outcome: [1, 2], group: ["a", "b"], predictors: { t: { values: [1, 2] } } },
    reason: "2 rows are too few for 2 coefficients",
  },
  {
    title: "a constant outcome",
    data: { ...FOUR, outcome: [0.1, 0.1, 0.1, 0.1], predictors: {} },
    reason: "the outcome does not vary beyond what the predictors determine",
  },
  {
    title: "an outcome that is constant within groups",
    data: {
      outcome: [1, 1, 4, 4, 2, 2],
      group: ["a", "a", "b", "b", "c", "c"],
      predictors: {},
    },
    reason: "the outcome does not vary within groups",
  },
  {
    title: "a condition with rows only at its reference",
    data: { ...FOUR, predictors: { arm: { values: ["x", "x", "x", "x"], reference: "x" } } },
    reason: 'all rows of "arm" are at its reference "x"',
  },
  {
    title: "a reference without rows",
    data: { ...FOUR, predictors: { arm: { values: ["x", "x", "y", "y"], reference: "z" } } },
    reason: 'no row of "arm" is at its reference "z"',
  },
  {
    title: "a constant covariate",
    data: { ...FOUR, predictors: { turn: { values: [3, 3, 3, 3] } } },
    reason:
      'the design is singular: the columns before "turn" determine it (an empty cell, or a repeated predictor)',
  },
  {
    title: "an empty cell of an interaction",
    data: {
      outcome: [1, 2, 4, 3, 6, 5],
      group: ["a", "a", "b", "b", "c", "c"],
      predictors: {
        arm: { values: ["x", "x", "y", "y", "y", "y"], reference: "x" },
        size: { values: ["s", "s", "s", "s", "l", "l"], reference: "s" },
      },
      terms: [["arm"], ["size"], ["arm", "size"]],
    },
    reason:
      'the design is singular: the columns before "arm[y]:size[l]" determine it (an empty cell, or a repeated predictor)',
  },
  {
    title: "one group in each condition",
    data: { ...FOUR, predictors: { arm: ARM } },
    reason:
      "the predictors identify each of the 2 groups, so the variance between groups cannot be estimated",
  },
  {
    title: "an outcome that is not finite",
    data: { ...FOUR, outcome: [1, NaN, 4, 3], predictors: { arm: ARM } },
    reason: "row 2 of the outcome is NaN, which is not finite or is too large",
  },
  {
    title: "a covariate that is not finite",
    data: { ...FOUR, predictors: { turn: { values: [1, 2, 3, Infinity] } } },
    reason: 'row 4 of "turn" is Infinity, which is not finite or is too large',
  },
];

for (const { title, data, reason } of REFUSALS) {
  Deno.test(`fitMixedModel() says that it cannot fit ${title}`, () => {
    assert.deepEqual(fitMixedModel(data), { unavailable: reason });
  });
}

Deno.test("fitMixedModel() refuses lists of different lengths, unknown terms and impossible confidence levels", () => {
  assert.throws(() => fitMixedModel({ ...FOUR, group: ["a"], predictors: {} }), {
    message: '"group" has 1 rows, but the outcome has 4',
  });
  assert.throws(() => fitMixedModel({ ...FOUR, predictors: { arm: ARM }, terms: [["arm", "turn"]] }), {
    message: 'The term "arm:turn" names an unknown predictor: expected arm',
  });
  assert.throws(() => fitMixedModel({ ...FOUR, predictors: {} }, { level: 95 }), RangeError);
});
