import assert from "node:assert/strict";
import { fitMixedModel, isUnavailable, type ModelData } from "../mod.ts";

// Expected values: lme4 1.1-31 and lmerTest 3.1-3 (R 4.2.2), computed by ../testing/mixed_model_reference.R.

/** 3,000 blocks of two groups, as in the script. In most blocks, groups have three or four rows. */
const ROWS = [...Array(3000).keys()].flatMap((block) =>
  [0, 1].flatMap((k) =>
    [...Array(3 + Math.floor((block * 7 + k * 3) % 5 / 3) + (block % 40 === 0 ? 2 : 0)).keys()].map((
      turn,
    ) => ({
      block,
      group: 2 * block + k,
      arm: k === 0 ? "a" : "b",
      turn,
    }))
  )
).map((row, at) => {
  const { block, group, arm, turn } = row;
  const y = (block * 37) % 101 / 50 + (group * 53) % 97 / 60 + turn * ((group * 29) % 89 - 44) / 100 +
    (at * 7919) % 1009 / 400 + (arm === "b" ? 0.1 * turn : 0);
  return { ...row, y };
});

const DATA: ModelData = {
  outcome: ROWS.map(({ y }) => y),
  group: ROWS.map(({ group }) => String(group)),
  block: ROWS.map(({ block }) => String(block)),
  predictors: {
    arm: { values: ROWS.map(({ arm }) => arm), reference: "a" },
    turn: { values: ROWS.map(({ turn }) => turn) },
  },
  terms: [["arm"], ["turn"], ["arm", "turn"]],
};

const FITS = [
  {
    title: "of groups and blocks",
    coefficients: [
      [3.056990775560271, 0.01914758465683, 10150.10415553],
      [0.005726907302038, 0.02614251332029, 5401.15862322],
      [0.000871742590303, 0.00777503556973, 15227.91074047],
      [0.098181158766001, 0.01089340364023, 15314.08263554],
    ],
    variances: { block: 0.0703247185121, intercept: 0.5682039367191, residual: 0.6271376968230 },
    logLikelihood: -29040.3683375,
  },
  {
    title: "and slopes in blocks",
    slope: "turn",
    coefficients: [
      [3.05690259153905, 0.0189854499557, 6061.94600402],
      [0.00522937438717, 0.0258750384306, 4001.46653535],
      [0.00103033167360, 0.0102502675217, 5572.22924097],
      [0.09865925418849, 0.0145195250889, 5595.95358346],
    ],
    variances: {
      block: 0.0771181627755,
      intercept: 0.7215964781749,
      slope: 0.1884973625722,
      correlation: -0.414357565378,
      residual: 0.3714700213732,
    },
    logLikelihood: -27947.3997327,
  },
];

function assertNear(found: number | null, expected: number, relative: number, what: string): void {
  assert.ok(
    found !== null && Math.abs(found - expected) <= relative * Math.abs(expected),
    `${what}: ${found}, not ${expected}`,
  );
}

for (const { title, slope, coefficients, variances, logLikelihood } of FITS) {
  Deno.test(`fitMixedModel() gives lme4's fit with random intercepts ${title} if many blocks are alike`, () => {
    const model = fitMixedModel(DATA, slope === undefined ? {} : { slope });
    assert(!isUnavailable(model), JSON.stringify(model));
    assert.equal(model.coefficients.length, coefficients.length);
    for (const [index, { name, estimate, standardError, df }] of model.coefficients.entries()) {
      const [expected, error, degrees] = coefficients[index]!;
      assertNear(estimate, expected!, 1e-6, name);
      assertNear(standardError, error!, 1e-6, `${name}, standard error`);
      assertNear(df, degrees!, 2e-5, `${name}, df`);
    }
    for (const [name, expected] of Object.entries(variances)) {
      assertNear(model.variances[name as keyof typeof model.variances], expected, 5e-6, name);
    }
    assertNear(model.logLikelihood, logLikelihood, 1e-10, "log-likelihood");
  });
}
