import assert from "node:assert/strict";
import {
  fitLinearModel,
  isUnavailable,
  type JointTest,
  type ModelData,
  permuteFactorial,
  signFlipTest,
} from "../mod.ts";

// Expected values: clubSandwich 0.5.8 (R 4.2.2), computed by ../testing/linear_model_reference.R.

/** Twelve blocks of a 2 × 3 design without some cells, as in the script. */
const ROWS = [...Array(12).keys()].flatMap((block) =>
  [...Array(block % 4 === 3 ? 4 : 6).keys()].map((k) => {
    const [arm, model] = [k % 2 === 0 ? "a" : "b", "mno"[k >> 1]!];
    const y = (block * 7) % 5 + (block * 13 + k * 29) % 11 / 2 + (arm === "b" ? 0.5 * (1 + block % 3) : 0);
    return { block, arm, model, y };
  })
);

function factorial(rows: typeof ROWS, terms: string[][]): ModelData & Readonly<{ block: string[] }> {
  return {
    outcome: rows.map(({ y }) => y),
    group: rows.map((_, index) => String(index)),
    block: rows.map(({ block }) => String(block)),
    predictors: {
      arm: { values: rows.map(({ arm }) => arm), reference: "a" },
      model: { values: rows.map(({ model }) => model), reference: "m" },
    },
    terms,
  };
}

const MAIN = [["arm"], ["model"]];

/**
 * For each coefficient: estimate, standard error, degrees of freedom and p. For the last term: F, degrees of
 * freedom and p.
 */
const FITS: readonly Readonly<{
  title: string;
  data: ModelData;
  blockEffects?: boolean;
  coefficients: Readonly<Record<string, readonly number[]>>;
  last: readonly number[];
}>[] = [
  {
    title: "effects of blocks",
    data: factorial(ROWS, [...MAIN, ["arm", "model"]]),
    coefficients: {
      "arm[b]": [1.29166666667, 0.801178897789, 11, 0.13521357767243],
      "model[n]": [0.125, 0.718070330817, 11, 0.86496677201358],
      "model[o]": [0.25, 0.909680923708, 9.33501513623, 0.78943909208198],
      "arm[b]:model[n]": [0, 1.172603939956, 11, 1],
      "arm[b]:model[o]": [-0.458333333333, 1.485141743532, 9.8, 0.76407662501743],
    },
    last: [0.0591155550790, 9.31782945736, 0.942948464699],
  },
  {
    title: "clusters without effects of blocks",
    data: factorial(ROWS, MAIN),
    blockEffects: false,
    coefficients: {
      "Intercept": [4.1875, 0.489357834034, 10.9789578195, 3.4697639781e-6],
      "arm[b]": [1.16666666667, 0.395652901718, 10.7111012037, 1.35927570267e-2],
      "model[n]": [0.125, 0.414578098794, 11, 0.768648063435],
      "model[o]": [-0.1875, 0.661449951737, 9.8, 0.782715949087],
    },
    last: [0.1666487108283, 9.31782945736, 0.84896490402],
  },
  {
    title: "independent discussions",
    data: { ...factorial(ROWS, MAIN), block: undefined },
    coefficients: {
      "Intercept": [4.1875, 0.501037340052, 23.1710649126, 1.89655947554e-8],
      "arm[b]": [1.16666666667, 0.562515402002, 61.9973375864, 4.22373881943e-2],
      "model[n]": [0.125, 0.604687203631, 45.4719471947, 0.837152628604],
      "model[o]": [-0.1875, 0.768932877178, 36.4314567685, 0.808719291317],
    },
    last: [0.0805773986736, 43.8890301619, 0.922719653201],
  },
  {
    title: "four blocks",
    data: factorial(ROWS.filter(({ block }) => block < 4), MAIN),
    coefficients: {
      "arm[b]": [0.409090909091, 0.752406607148, 2.90909090909, 0.6255316181819],
      "model[n]": [0.8125, 0.6875, 3, 0.3224242454686],
      "model[o]": [1.28125, 0.865085195708, 2.27272727273, 0.262293911867],
    },
    last: [0.797979797980, 1.57142857143, 0.576531911043],
  },
];

function assertNear(found: number | null, expected: number, what: string): void {
  assert.ok(
    found !== null && Math.abs(found - expected) <= 1e-9 * Math.max(1, Math.abs(expected)),
    `${what}: ${found}, not ${expected}`,
  );
}

for (const { title, data, blockEffects, coefficients, last } of FITS) {
  Deno.test(`fitLinearModel() gives clubSandwich's CR2 tests with ${title}`, () => {
    const model = fitLinearModel(data, { blockEffects });
    assert(!isUnavailable(model), JSON.stringify(model));
    assert.deepEqual(model.coefficients.map(({ name }) => name), Object.keys(coefficients));
    for (const { name, estimate, standardError, df, p } of model.coefficients) {
      for (const [index, found] of [estimate, standardError, df, p].entries()) {
        assertNear(found, coefficients[name]![index]!, name);
      }
    }
    if (title === "effects of blocks") {
      assertNear(model.residualVariance, 3.348639455782, "residual variance");
    }
    const { statistic, df, p } = model.terms.at(-1)!.test as JointTest;
    for (const [index, found] of [statistic, df, p].entries()) assertNear(found, last[index]!, "term");
  });
}

Deno.test("fitLinearModel() gives the reason if it cannot fit a model", () => {
  const constant = factorial(ROWS, MAIN);
  assert.deepEqual(fitLinearModel({ ...constant, outcome: ROWS.map(() => 0.1) }), {
    unavailable: "the outcome does not vary beyond what the predictors determine",
  });
  const between = { values: ROWS.map(({ block }) => block < 6 ? "early" : "late"), reference: "early" };
  assert.deepEqual(fitLinearModel({ ...constant, predictors: { between }, terms: [["between"]] }), {
    unavailable: '"between[late]" does not vary within blocks',
  });
  assert.deepEqual(fitLinearModel(factorial(ROWS, [])), {
    unavailable: "there are no coefficients: the blocks stand for the intercept",
  });
  assert.deepEqual(fitLinearModel(factorial(ROWS.slice(0, 3), MAIN)), {
    unavailable: "3 rows are too few for 2 coefficients and 1 blocks",
  });
  assert.deepEqual(fitLinearModel(factorial(ROWS.slice(0, 6), MAIN)), {
    unavailable: "all rows are in one cluster",
  });
  const oneTreated = factorial(ROWS.filter(({ arm, block }) => arm === "a" || block === 0), MAIN);
  assert.deepEqual(fitLinearModel({ ...oneTreated, terms: [["arm"]] }), {
    unavailable: '12 clusters are too few to know the standard error of "arm[b]"',
  });
});

function permuted(data: ModelData, term: readonly string[], permutations = 2000) {
  const result = permuteFactorial(data, term, { seed: "42", permutations });
  assert(!isUnavailable(result), JSON.stringify(result));
  return result;
}

Deno.test("permuteFactorial() gives R's F of terms in blocks, and its p by Freedman and Lane's method", () => {
  const interaction = permuted(factorial(ROWS, [...MAIN, ["arm", "model"]]), ["model", "arm"]);
  assertNear(interaction.statistic, 0.102653631285, "F of the interaction");
  assert.deepEqual([interaction.coefficients, interaction.blocks, interaction.rows], [2, 12, 66]);
  // R drew 4,000 arrangements. By chance, each of both p varies by less than 0.01.
  assert.ok(Math.abs(interaction.p - 0.908) < 0.03, `${interaction.p}`);
  const drawnOnce = permuted(factorial(ROWS, MAIN), ["arm"], 1);
  assertNear(drawnOnce.statistic, 6.95132127955, "F of the arm");
  // One arrangement was drawn, and the observed one also counts. So p is 1 / 2.
  assert.equal(drawnOnce.p, 0.5);
});

Deno.test("permuteFactorial() gives the sign-flip test of pairs if blocks are pairs", () => {
  const pairs = ROWS.filter(({ model, block }) => model === "m" && block < 9);
  const data = factorial(pairs, [["arm"]]);
  const { p, exact: all } = permuted({ ...data, predictors: { arm: data.predictors.arm! } }, ["arm"]);
  const differences = [...Map.groupBy(pairs, ({ block }) => block).values()].map(([a, b]) => b!.y - a!.y);
  const exact = signFlipTest(differences, { seed: "42" });
  assert(!isUnavailable(exact) && exact.exact && all);
  assert.equal(p, exact.p);
});

Deno.test("permuteFactorial() visits all arrangements of a small design", () => {
  // There are two blocks, with one discussion of each of three levels. Six of all arrangements order both
  // blocks in the same way, and only these have an F of 28/3.
  const values = [..."pqrpqr"];
  const found = permuted({
    outcome: [1, 4, 6, 2, 3, 9],
    group: [..."abcdef"],
    block: [..."xxxyyy"],
    predictors: { level: { values, reference: "p" } },
  }, ["level"]);
  assert.deepEqual([found.exact, found.arrangements, found.p], [true, 36, 6 / 36]);
  assertNear(found.statistic, 28 / 3, "F");
});

Deno.test("permuteFactorial() gives R's share of all arrangements with a covariate", () => {
  const values = [..."abababab"];
  const found = permuted({
    outcome: [1, 2.2, 7, 9.1, 3, 3.6, 8.3, 12.5],
    group: [..."stuvwxyz"],
    block: [..."xxxxyyyy"],
    predictors: { arm: { values, reference: "a" }, size: { values: [1, 2, 3, 5, 2, 4, 7, 8] } },
  }, ["arm"]);
  assertNear(found.statistic, 0.202638020771, "F");
  assert.deepEqual([found.exact, found.p], [true, 387 / 576]);
});

Deno.test("permuteFactorial() refuses unknown terms, and gives the reason if it cannot test", () => {
  const data = factorial(ROWS, MAIN);
  assert.throws(() => permuteFactorial(data, ["arm", "model"], { seed: "42" }), {
    message: 'Cannot test "arm:model": expected one of the terms arm, model',
  });
  assert.deepEqual(permuteFactorial({ ...data, outcome: ROWS.map(() => 3) }, ["arm"], { seed: "42" }), {
    unavailable: "the outcome does not vary beyond what the predictors determine",
  });
});
