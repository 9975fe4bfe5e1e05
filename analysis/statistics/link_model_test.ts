import assert from "node:assert/strict";
import {
  type CumulativeLinkMixedModel,
  fitCumulativeLinkMixedModel,
  fitLogisticMixedModel,
  isUnavailable,
  type JointTest,
  type LinkModelOptions,
  type ModelData,
  type Unavailable,
} from "../mod.ts";

// Expected values: lme4 1.1-31 (nAGQ = 25), ordinal 2022.11-16 (nAGQ = 15), clubSandwich 0.5.8 and sandwich 3.0-2,
// computed by ../testing/link_model_reference.R.

/** Thirty groups of five to nine rows, as in the script. */
const ROWS = [...Array(30).keys()].flatMap((group) =>
  [...Array(5 + (group * 3) % 5).keys()].map((turn) => {
    const arm = group % 2 === 0 ? "a" : "b";
    const latent = (group * 37) % 11 / 5 + (turn * 29 + group * 13) % 17 / 6 + (arm === "b" ? 0.5 : 0) +
      0.1 * turn;
    const ordinal = 1 + [1.5, 2.5, 3.2, 4.2].filter((cut) => latent >= cut).length;
    return { group, turn, arm, level: "pqr"[group % 3]!, binary: latent > 2.9 ? 1 : 0, ordinal };
  })
);

function grouped(outcome: "binary" | "ordinal"): ModelData {
  return {
    outcome: ROWS.map((row) => row[outcome]),
    group: ROWS.map(({ group }) => String(group)),
    predictors: {
      arm: { values: ROWS.map(({ arm }) => arm), reference: "a" },
      turn: { values: ROWS.map(({ turn }) => turn) },
      level: { values: ROWS.map(({ level }) => level), reference: "p" },
    },
    terms: [["arm"], ["turn"], ["level"], ["arm", "turn"]],
  };
}

const MODEL: LinkModelOptions = { standardErrors: "model" };

function assertNear(found: number | null, expected: number, precision: number, what: string): void {
  assert.ok(found !== null && Math.abs(found - expected) <= precision, `${what}: ${found}, not ${expected}`);
}

function known<T>(result: T | Unavailable): T {
  assert(!isUnavailable(result), JSON.stringify(result));
  return result;
}

Deno.test("fitLogisticMixedModel() gives glmer's fit with adaptive quadrature", () => {
  const model = known(fitLogisticMixedModel(grouped("binary"), MODEL));
  const expected = [
    [-1.46668307351, 0.5376064383, 0.006368630431],
    [1.12861564718, 0.6040503369, 0.061704492965],
    [0.20335185361, 0.1007068761, 0.04346176374],
    [0.68271795328, 0.5064137459, 0.177612516297],
    [0.27662715359, 0.5026308355, 0.58207350583],
    [-0.09865785296, 0.1398503939, 0.480528490902],
  ];
  for (const [index, { name, estimate, standardError, p }] of model.coefficients.entries()) {
    for (const [place, found] of [estimate, standardError, p].entries()) {
      assertNear(found, expected[index]![place]!, 2e-6, name);
    }
  }
  assertNear(model.groupVariance, 0.5571902823, 2e-6, "variance");
  assertNear(model.logLikelihood, -135.8110063475, 1e-6, "log-likelihood");
  assertNear(model.icc, 0.5571902823 / (0.5571902823 + Math.PI ** 2 / 3), 1e-6, "icc");
});

const IN_B = { name: "b", weights: { "turn": 1, "arm[b]:turn": 1 } };

/** The estimate and the standard error of the trend in arm b. */
const [LOGISTIC, ORDINAL] = [[0.1046940006, 0.0975528639], [0.20734742043, 0.08318114175]] as const;

Deno.test("fitLogisticMixedModel() and fitCumulativeLinkMixedModel() estimate sums of coefficients", () => {
  const options = { ...MODEL, combinations: [IN_B] };
  const models = [
    [known(fitLogisticMixedModel(grouped("binary"), options)), LOGISTIC],
    [known(fitCumulativeLinkMixedModel(grouped("ordinal"), options)), ORDINAL],
  ] as const;
  for (const [{ combinations }, [estimate, standardError]] of models) {
    assert.deepEqual(combinations.map(({ name, df }) => [name, df]), [["b", null]]);
    assertNear(combinations[0]!.estimate, estimate, 2e-6, "estimate");
    assertNear(combinations[0]!.standardError, standardError, 2e-6, "standard error");
  }
});

Deno.test("fitLogisticMixedModel() gives a sum the robust standard error that it has as a coefficient", () => {
  const { predictors, ...data } = grouped("binary");
  const reference = { ...predictors.arm!, reference: "b" };
  const [sum] = known(fitLogisticMixedModel(grouped("binary"), { combinations: [IN_B] })).combinations;
  const { coefficients } = known(
    fitLogisticMixedModel({ ...data, predictors: { ...predictors, arm: reference } }),
  );
  const turn = coefficients.find(({ name }) => name === "turn")!;
  assertNear(sum!.estimate, turn.estimate, 1e-6, "estimate");
  assertNear(sum!.standardError, turn.standardError, 1e-6, "standard error");
  assertNear(sum!.df, turn.df!, 1e-4, "df");
});

Deno.test("fitLogisticMixedModel() gives glmer's fit if groups differ much", () => {
  const rows = [...Array(480).keys()].map((row) => {
    const [group, turn] = [Math.floor(row / 20), row % 20];
    const arm = group % 2 === 0 ? "a" : "b";
    const latent = 3.5 * ((group * 37) % 11) / 10 + ((turn * 29 + group * 13) % 17) / 6 +
      (arm === "b" ? 0.5 : 0);
    return { group: String(group), arm, value: latent > 3.35 ? 1 : 0 };
  });
  const model = known(fitLogisticMixedModel({
    outcome: rows.map(({ value }) => value),
    group: rows.map(({ group }) => group),
    predictors: { arm: { values: rows.map(({ arm }) => arm), reference: "a" } },
  }, MODEL));
  const { estimate, standardError } = model.coefficients[1]!;
  assertNear(estimate, 1.3909584806, 1e-3, "estimate");
  assertNear(standardError, 1.2311725768, 1e-3, "standard error");
  assertNear(model.groupVariance, 7.897734876, 1e-2, "variance");
});

/** Checks a fit of clmm to copies of the thirty groups. Copies make standard errors smaller, but keep estimates. */
function assertFitOfClmm(model: CumulativeLinkMixedModel, copies: number): void {
  // First the thresholds, then the coefficients.
  const expected = [
    [-1.11484678314, 0.54043494666],
    [0.60276694479, 0.53051896036],
    [1.8652340216, 0.54138966626],
    [3.80991142551, 0.59199887173],
    [1.03106053949, 0.57984820221],
    [0.17941956944, 0.08507344267],
    [0.43388570233, 0.55137900990],
    [0.09604946808, 0.55437497246],
    [0.02792785099, 0.11822347391],
  ];
  // clmm stops early: its estimates change by 3e-5 with its control parameters.
  for (const [index, { estimate, standardError }] of [...model.thresholds, ...model.coefficients].entries()) {
    const [value, error] = expected[index]!;
    assertNear(estimate, value!, 5e-5, `estimate ${index}`);
    assertNear(standardError * Math.sqrt(copies), error!, 5e-6, `standard error ${index}`);
  }
  assertNear(model.groupVariance, 1.026873758, 1e-6, "variance");
  assertNear(model.logLikelihood / copies, -303.376762888, 1e-6, "log-likelihood");
}

/** Copies of groups. In every second copy, the rows of a group are in reverse order. */
function copied(data: ModelData, copies: number): ModelData {
  const rows = data.outcome.map((_, row) => row);
  const places = [...Array(copies).keys()].flatMap((copy) =>
    (copy % 2 === 0 ? rows : rows.toReversed()).map((row) => ({ copy, row }))
  );
  return {
    ...data,
    outcome: places.map(({ row }) => data.outcome[row]!),
    group: places.map(({ copy, row }) => `${copy}/${data.group[row]}`),
    predictors: Object.fromEntries(
      Object.entries(data.predictors).map(([name, predictor]) => [
        name,
        { ...predictor, values: places.map(({ row }) => predictor.values[row]!) } as typeof predictor,
      ]),
    ),
  };
}

Deno.test("fitCumulativeLinkMixedModel() gives clmm's fit for 6,000 groups, of which many are alike", () => {
  const model = known(fitCumulativeLinkMixedModel(copied(grouped("ordinal"), 200), MODEL));
  assert.equal(model.groups, 6000);
  assertFitOfClmm(model, 200);
});

Deno.test("fitCumulativeLinkMixedModel() gives clmm's fit with adaptive quadrature", () => {
  const model = known(fitCumulativeLinkMixedModel(grouped("ordinal"), MODEL));
  assertFitOfClmm(model, 1);
  const level = model.terms[2]!.test as JointTest;
  assert.deepEqual([level.coefficients, level.df], [2, null]);
  assertNear(level.statistic, 0.3416538233, 5e-5, "Wald");
});

Deno.test("fitCumulativeLinkMixedModel() gives the logistic fit for any two values", () => {
  const { outcome, ...rest } = grouped("binary");
  const binary = known(fitLogisticMixedModel({ outcome, ...rest }));
  const values = known(
    fitCumulativeLinkMixedModel({ ...rest, outcome: outcome.map((value) => value === 1 ? 7 : -2) }),
  );
  assert.deepEqual(values.coefficients, binary.coefficients.slice(1));
  assert.equal(values.thresholds[0]!.estimate, -binary.coefficients[0]!.estimate);
});

Deno.test("fitLogisticMixedModel() gives clubSandwich's CR2 tests if groups are alike", () => {
  const outcome = ROWS.map(({ level, turn, group }) =>
    level === "r" ? Number((turn + group) % 3 === 0) : (turn + group) % 2
  );
  const data: ModelData = { ...grouped("binary"), outcome, terms: [["arm"], ["level"]] };
  const model = known(fitLogisticMixedModel(data));
  assert.equal(model.groupVariance, 0);
  const expected = [
    [-0.1183272707, 0.06115698675, 8.869241911, 0.08549076413],
    [0.2366545415, 0.06575298942, 24.780897399, 0.001389393058],
    [0, 0.07292891228, 16.763980756, 1],
    [-0.6527895818, 0.0855189029, 16.763750159, 7.520587929e-7],
  ];
  for (const [index, { name, estimate, standardError, df, p }] of model.coefficients.entries()) {
    for (const [place, found] of [estimate, standardError, df, p].entries()) {
      assertNear(found, expected[index]![place]!, 1e-8, name);
    }
  }
  const { statistic, df, p } = model.terms[1]!.test as JointTest;
  assertNear(statistic, 33.73427143, 1e-7, "Hotelling's F");
  assertNear(df, 18.0117942, 1e-7, "df");
  assertNear(p, 8.113878299e-7, 1e-14, "p");

  const block = ROWS.map(({ arm, level, group }) => `${arm}${level}${group < 15}`);
  const ofBlocks = [
    [0.06868243674, 3.072430018],
    [0.09030501792, 7.466406661],
    [0.08135724196, 5.242549523],
    [0.12601942389, 5.349239268],
  ];
  const inBlocks = known(fitLogisticMixedModel({ ...data, block }));
  for (const [index, { name, standardError, df }] of inBlocks.coefficients.entries()) {
    assertNear(standardError, ofBlocks[index]![0]!, 1e-8, name);
    assertNear(df, ofBlocks[index]![1]!, 1e-7, name);
  }
});

Deno.test("fitLogisticMixedModel() gives sandwich's robust errors without corrections if there are 450 groups or more", () => {
  const rows = [...Array(1800).keys()].map((row) => {
    const [group, turn] = [Math.floor(row / 4), row % 4];
    const arm = group % 3 === 0 ? "b" : "a";
    const usual = arm === "b" ? (turn + Math.floor(group / 3)) % 4 !== 0 : (turn + group) % 2 === 1;
    return { group, turn, arm, value: usual || (turn === 3 && group % 5 === 0) ? 1 : 0 };
  });
  const data: ModelData = {
    outcome: rows.map(({ value }) => value),
    group: rows.map(({ group }) => String(group)),
    predictors: {
      arm: { values: rows.map(({ arm }) => arm), reference: "a" },
      turn: { values: rows.map(({ turn }) => turn) },
    },
    terms: [["arm"], ["turn"], ["arm", "turn"]],
  };
  const expected = [
    [-0.08036211232, 0.06635227133],
    [1.1209326199, 0.15690845451],
    [0.12059992408, 0.04438010307],
    [-0.03189286934, 0.10661331906],
  ];
  for (const copies of [1, 20]) {
    const model = known(fitLogisticMixedModel(copied(data, copies)));
    // The variances are proportional to c / (c − 1), where c is the number of clusters, and to 1 / copies.
    const correction = 450 * copies / (450 * copies - 1) / (450 / 449) / copies;
    for (const [index, { name, estimate, standardError, df }] of model.coefficients.entries()) {
      assert.equal(df, null);
      assertNear(estimate, expected[index]![0]!, 1e-9, name);
      assertNear(standardError / Math.sqrt(correction), expected[index]![1]!, 1e-9, name);
    }
  }
});

Deno.test("fitLogisticMixedModel() gives the estimates of both standard errors, and a variance of 0 if groups are alike", () => {
  const alike = { ...grouped("binary"), outcome: ROWS.map(({ turn, group }) => (turn + group) % 2) };
  const [trusting, robust] = [MODEL, {}].map((options) => known(fitLogisticMixedModel(alike, options)));
  assert.equal(trusting!.groupVariance, 0);
  assert.deepEqual(
    trusting!.coefficients.map(({ estimate }) => estimate),
    robust!.coefficients.map(({ estimate }) => estimate),
  );
});

Deno.test("fitLogisticMixedModel() and fitCumulativeLinkMixedModel() say why they cannot fit", () => {
  const binary = grouped("binary");
  const SEPARATED =
    "the predictors separate the values of the outcome: a combination of them has one value only, so an odds ratio is infinite";
  const cases: readonly (readonly [number[], string])[] = [
    [ROWS.map(() => 1), "the outcome does not vary"],
    [ROWS.map(({ group }) => group % 2), "the outcome does not vary within groups"],
    // Complete separation by the turn; then one arm without ones.
    [ROWS.map(({ turn }) => turn > 2 ? 1 : 0), SEPARATED],
    [ROWS.map(({ arm, binary: of }) => arm === "a" ? 0 : of), SEPARATED],
  ];
  for (const [outcome, reason] of cases) {
    assert.deepEqual(fitLogisticMixedModel({ ...binary, outcome }), { unavailable: reason });
  }
  assert.throws(() => fitLogisticMixedModel({ ...binary, outcome: ROWS.map(({ ordinal }) => ordinal) }), {
    message: /Cannot fit a logistic model to "\d": expected 0 or 1/,
  });
  const many = ROWS.map((_, index) => index);
  assert.deepEqual(fitCumulativeLinkMixedModel({ ...binary, outcome: many }), {
    unavailable: `the outcome has ${ROWS.length} different values, and this model takes at most 20`,
  });
  assert.deepEqual(
    fitCumulativeLinkMixedModel({ ...binary, outcome: binary.outcome.with(3, -Infinity) }),
    { unavailable: "row 4 of the outcome is -Infinity, which is not finite or is too large" },
  );
  assert.deepEqual(fitLogisticMixedModel({ ...binary, block: ROWS.map(({ turn }) => String(turn % 3)) }), {
    unavailable: 'the group "0" is in two blocks',
  });
});
