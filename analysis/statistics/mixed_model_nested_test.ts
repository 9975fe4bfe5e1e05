import assert from "node:assert/strict";
import {
  compareFits,
  fitMixedModel,
  isUnavailable,
  type JointTest,
  type MixedModel,
  type ModelData,
  residualChecks,
} from "../mod.ts";

// Expected values: lme4 1.1-31 and lmerTest 3.1-3 (R 4.2.2), computed by ../testing/mixed_model_reference.R.

/** Eight blocks of four groups of four to seven rows, as in the script. */
const ROWS = [...Array(8).keys()].flatMap((block) =>
  [...Array(4).keys()].flatMap((k) =>
    [...Array(4 + (block + k) % 4).keys()].map((turn) => {
      const group = block * 4 + k;
      const [arm, model] = [k % 2 === 0 ? "a" : "b", k < 2 ? "m" : "n"];
      const y = (block * 7) % 5 + (group * 37) % 11 / 2 + turn * ((group * 13) % 7) / 5 +
        (turn * turn * 5 + group * 3) % 7 / 2 + (arm === "b" ? 0.3 * turn : 0);
      const z = (turn * 5 + group) % 3 + 0.3 * (turn - 3) * ((group * 13) % 7 - 3);
      return { block, group, turn, arm, model, y, z };
    })
  )
);

function nested(outcome: "y" | "z", terms: string[][], blocks: boolean): ModelData {
  return {
    outcome: ROWS.map((row) => row[outcome]),
    group: ROWS.map(({ group }) => String(group)),
    ...blocks ? { block: ROWS.map(({ block }) => String(block)) } : {},
    predictors: {
      arm: { values: ROWS.map(({ arm }) => arm), reference: "a" },
      turn: { values: ROWS.map(({ turn }) => turn) },
      model: { values: ROWS.map(({ model }) => model), reference: "m" },
    },
    terms,
  };
}

const TERMS = [["arm"], ["turn"], ["model"], ["arm", "turn"]];

function fitted(data: ModelData, options = {}): MixedModel {
  const model = fitMixedModel(data, options);
  assert(!isUnavailable(model), JSON.stringify(model));
  return model;
}

function assertNear(found: number | null, expected: number, relative: number, what: string): void {
  assert.ok(
    found !== null && Math.abs(found - expected) <= relative * Math.abs(expected),
    `${what}: ${found}, not ${expected}`,
  );
}

type Expected = Readonly<{
  title: string;
  data: ModelData;
  slope?: string;
  /** Estimate, standard error and degrees of freedom of each coefficient. */
  coefficients: readonly (readonly [number, number, number])[];
  variances: Readonly<Record<string, number | null>>;
  logLikelihood: number;
  singular: boolean;
}>;

const FITS: readonly Expected[] = [
  {
    title: "random intercepts of groups and blocks",
    data: nested("y", TERMS, true),
    coefficients: [
      [6.1003873306112, 0.9669788873591, 17.1035558868],
      [-0.2218052288024, 0.8573331348684, 26.7387310065],
      [0.5726823000032, 0.0817758911567, 143.672903817],
      [-0.0588610508347, 0.8166684036436, 22.0548788019],
      [0.4174841444971, 0.1156739648401, 143.5541939391],
    ],
    variances: {
      block: 3.20644076335,
      intercept: 5.02706799778,
      slope: null,
      correlation: null,
      residual: 1.62779509679,
    },
    logLikelihood: -342.038819675,
    singular: false,
  },
  {
    // statsmodels 0.15.0 gives the same estimates within 3e-6, and the same likelihood (mixed_model_reference.py).
    title: "random slopes that are correlated with the intercepts",
    data: nested("y", TERMS, false),
    slope: "turn",
    coefficients: [
      [6.090718579896, 0.841294664001, 29.0328686833],
      [-0.230903396222, 0.972077761799, 28.9834299763],
      [0.565261661636, 0.134433889033, 26.5846910112],
      [-0.024416368922, 0.970173436422, 28.9843797398],
      [0.424241011864, 0.190118229113, 26.5846910253],
    ],
    variances: {
      block: null,
      intercept: 6.9591022743589,
      slope: 0.1966366909106,
      correlation: 0.0806849548269,
      residual: 1.0830358120376,
    },
    logLikelihood: -332.080821278,
    singular: false,
  },
  {
    title: "random slopes in blocks",
    data: nested("y", TERMS, true),
    slope: "turn",
    coefficients: [
      [6.0913995886192, 0.908044231659, 14.5837931321],
      [-0.2318356593838, 0.743385337135, 22.1900547525],
      [0.5657679538463, 0.133570365465, 26.5227896829],
      [-0.0279601054003, 0.737731367701, 21.9613586443],
      [0.4253482174703, 0.188905640535, 26.5282948338],
    ],
    variances: {
      block: 3.2973940923588,
      intercept: 3.8188916581804153,
      slope: 0.1928340413262,
      correlation: 0.0570220669429,
      residual: 1.0866053294829,
    },
    logLikelihood: -329.018011561,
    singular: false,
  },
  {
    title: "a correlation of −1 and equal blocks",
    data: nested("z", [["arm"], ["turn"], ["arm", "turn"]], true),
    slope: "turn",
    coefficients: [
      [1.08518271344, 0.4715976031, 29.94844137],
      [-0.29571282094, 0.6669397263, 29.94844136],
      [-0.03662264464, 0.1577301646, 29.7406301],
      [0.10720910726, 0.2230641379, 29.74063009],
    ],
    variances: {
      block: 0,
      intercept: 3.159868956142,
      slope: 0.347132403218,
      correlation: -1,
      residual: 0.752495252925,
    },
    logLikelihood: -263.3503917,
    singular: true,
  },
];

for (const { title, data, slope, coefficients, variances, logLikelihood, singular } of FITS) {
  Deno.test(`fitMixedModel() gives lme4's fit and lmerTest's degrees of freedom with ${title}`, () => {
    const model = fitted(data, { slope });
    assert.equal(model.coefficients.length, coefficients.length);
    for (const [index, { name, estimate, standardError, df }] of model.coefficients.entries()) {
      const [expected, error, degrees] = coefficients[index]!;
      assertNear(estimate, expected, 1e-6, name);
      assertNear(standardError, error, 1e-6, `${name}, standard error`);
      assertNear(df, degrees, 1e-5, `${name}, df`);
    }
    for (const [name, expected] of Object.entries(variances)) {
      const found = model.variances[name as keyof typeof model.variances];
      if (expected === null) assert.equal(found, null, name);
      else assertNear(found, expected, 2e-6, name);
    }
    assertNear(model.logLikelihood, logLikelihood, 1e-9, "log-likelihood");
    const between = variances.intercept! + (variances.block ?? 0);
    assertNear(model.icc, between / (between + variances.residual!), 1e-4, "icc");
    assert.equal(model.singular, singular);
  });
}

Deno.test("fitMixedModel() gives the same tests for a centred covariate, and the variance at its mean", () => {
  const data = nested("y", TERMS, true);
  const turn = { ...data.predictors.turn!, centred: true };
  const plain = fitted(data, { slope: "turn" });
  const centred = fitted({ ...data, predictors: { ...data.predictors, turn } }, { slope: "turn" });
  assertNear(centred.logLikelihood, plain.logLikelihood, 1e-9, "log-likelihood");
  assertNear(centred.coefficients[4]!.df, plain.coefficients[4]!.df!, 1e-6, "df");
  const { intercept, slope, correlation } = plain.variances;
  const at = centred.centres.turn!;
  const covariance = correlation! * Math.sqrt(intercept * slope!);
  assertNear(
    centred.variances.intercept,
    intercept + 2 * at * covariance + at ** 2 * slope!,
    1e-5,
    "intercept",
  );
});

Deno.test("fitMixedModel() gives lmerTest's F of each term", () => {
  const third = ROWS.map(({ group }) => "pqr"[group % 3]!);
  const data = nested("y", [["arm"], ["turn"], ["third"], ["third", "turn"]], true);
  const predictors = { ...data.predictors, third: { values: third, reference: "p" } };
  const model = fitted({ ...data, predictors }, { slope: "turn" });
  const [arm, , thirds, changes] = model.terms.map(({ test }) => test) as JointTest[];
  assert.equal(arm!.p.toPrecision(9), model.coefficients[1]!.p.toPrecision(9));
  const expected = [[0.0152806463146, 21.7640691528, 0.984846066448], [
    0.153536737013,
    27.0039340264,
    0.858412665921,
  ]];
  for (const [index, test] of [thirds!, changes!].entries()) {
    const [statistic, df, p] = expected[index]!;
    assert.equal(test.coefficients, 2);
    assertNear(test.statistic, statistic!, 1e-6, "F");
    assertNear(test.df, df!, 1e-5, "df");
    assertNear(test.p, p!, 1e-5, "p");
  }
});

const SMALL = { group: ["a", "a", "b", "b", "c", "c"], outcome: [1, 2, 4, 3, 2, 5], predictors: {} };

Deno.test("fitMixedModel() gives the reason if it cannot fit blocks or slopes", () => {
  const withBlock = (block: string[]) => fitMixedModel({ ...SMALL, block });
  assert.deepEqual(withBlock(["x", "x", "x", "x", "x", "x"]), {
    unavailable: "all rows are in one block, so the variance between blocks cannot be estimated",
  });
  assert.deepEqual(withBlock(["x", "x", "y", "y", "z", "z"]), {
    unavailable:
      "every block has one group, so the variance between blocks cannot be separated from the variance between groups",
  });
  assert.deepEqual(withBlock(["x", "x", "x", "y", "y", "y"]), {
    unavailable: 'the group "b" is in two blocks',
  });
  assert.deepEqual(
    fitMixedModel({
      outcome: [1, 2, 4, 3, 2, 5, 7, 1],
      group: ["a", "a", "b", "b", "c", "c", "d", "d"],
      block: ["x", "x", "x", "x", "y", "y", "y", "y"],
      predictors: { arm: { values: [..."aaaabbbb"], reference: "a" } },
    }),
    {
      unavailable:
        "the predictors identify each of the 2 blocks, so the variance between blocks cannot be estimated",
    },
  );
  const turn = { values: [0, 1, 0, 1, 0, 1] };
  assert.deepEqual(fitMixedModel({ ...SMALL, predictors: { turn } }, { slope: "turn" }), {
    unavailable: '6 rows are too few for an intercept and a slope of "turn" in each of 3 groups',
  });
  assert.throws(() => fitMixedModel(SMALL, { slope: "turn" }), {
    message: 'Cannot give each group a slope of "turn": expected the name of a covariate',
  });
});

Deno.test("residualChecks() gives the skewness of lme4's residuals, and the shares at the ends of the scale", () => {
  const data = nested("y", TERMS, true);
  const checks = residualChecks(data, fitted(data, { slope: "turn" }), { min: 0, max: 10 });
  assert(!isUnavailable(checks));
  assertNear(checks.skewness, 0.15911582841126, 1e-5, "skewness");
  assertNear(checks.floor, 0.00568181818182, 1e-9, "floor");
  assert.deepEqual([checks.outliers, checks.doubts], [0, []]);
  const singular = nested("z", [["arm"], ["turn"], ["arm", "turn"]], true);
  const ofSingular = residualChecks(singular, fitted(singular, { slope: "turn" }));
  assert(!isUnavailable(ofSingular));
  assertNear(ofSingular.skewness, 0.030781800903, 1e-3, "skewness of a singular fit");
  assert.deepEqual([ofSingular.floor, ofSingular.ceiling], [null, null]);
});

Deno.test("residualChecks() reports doubts about floors, ceilings, skewed residuals and outliers", () => {
  const plain = nested("y", [["turn"]], false);
  const spread = (outcome: number[]) => {
    const data = { ...plain, outcome };
    return residualChecks(data, fitted(data), { min: 1, max: 5 });
  };
  const values = ROWS.map(({ group, turn }) => (group * 7 + turn * 3) % 5 === 0 ? 5 : turn === 2 ? 2 : 1);
  const [floor, ceiling] = [spread(values), spread(values.map((value) => value === 5 ? 2 : 6 - value))];
  assert(!isUnavailable(ceiling));
  assert.deepEqual(ceiling.doubts.slice(0, 2), ["ceiling", "skew"]);
  assert(!isUnavailable(floor));
  assert.deepEqual(floor.doubts.slice(0, 3), ["floor", "ceiling", "skew"]);
  assert.deepEqual([floor.floor, floor.ceiling], [115 / 176, 35 / 176]);
  // By lme4's residual standard deviation, three residuals are beyond three standard deviations, and four are
  // beyond two.
  const wild = spread(
    ROWS.map(({ group, turn }, row) =>
      (group * 3 + turn * 5) % 7 + (row % 40 === 0 ? 6 : 0) + (row % 80 === 0 ? 10 : 0)
    ),
  );
  assert(!isUnavailable(wild));
  assert.deepEqual(wild.doubts.slice(-2), ["skew", "outliers"]);
  assert.equal(wild.outliers, 3 / 176);
});

Deno.test("compareFits() gives the mixture of chi-square distributions for variances that cannot be negative", () => {
  const [inBlocks, alone] = [nested("y", TERMS, true), nested("y", TERMS, false)];
  const both = fitted(inBlocks, { slope: "turn" });
  assert.equal(both.varianceParameters, 5);
  const slopes = compareFits(fitted(inBlocks), both);
  assertNear(slopes.chiSquare, 26.0416162285, 1e-6, "chi-square");
  assertNear(slopes.p, 1.27395940714e-6, 1e-5, "p");
  const blocks = compareFits(fitted(alone, { slope: "turn" }), both);
  assertNear(blocks.chiSquare, 6.12561943528, 1e-6, "chi-square");
  assertNear(blocks.p, 0.00666182976138, 1e-5, "p");
  assert.throws(() => compareFits(both, fitted(inBlocks)), RangeError);
});
