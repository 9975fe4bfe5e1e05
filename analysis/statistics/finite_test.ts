/** Checks with random data that each statistic gives finite numbers, or the reason why it has none. */
import assert from "node:assert/strict";
import fc from "fast-check";
import {
  alphaInterval,
  cliffsDelta,
  clusterBootstrap,
  compareFits,
  equivalence,
  fitCumulativeLinkMixedModel,
  fitLinearModel,
  fitLogisticMixedModel,
  fitMixedModel,
  hedgesG,
  isUnavailable,
  krippendorffAlpha,
  type ModelData,
  pairedDifference,
  permutationTest,
  permuteFactorial,
  polarisation,
  rawAgreement,
  residualChecks,
  signFlipTest,
} from "../mod.ts";
import { firstNotFinite } from "../testing/mod.ts";

/** Values with many ties, values of very different sizes, and a few that no statistic can use. */
const VALUE = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 0, max: 2 }) },
  { weight: 2, arbitrary: fc.double({ noNaN: true }) },
  { weight: 2, arbitrary: fc.constantFrom(0.1, 1e-300, 1e100, -1e100, 1e15, 1e15 + 1) },
  { weight: 1, arbitrary: fc.constantFrom(NaN, Infinity, 1e308) },
);
const VALUES = fc.oneof(
  fc.array(VALUE, { maxLength: 8 }),
  fc.array(fc.constantFrom(0.1, 0.3), { maxLength: 6 }),
);
const RATINGS = fc.array(
  fc.array(fc.option(fc.constantFrom(0, 1, 2, 1e90, -1e90, 1e-200)), { maxLength: 4 }),
  { maxLength: 8 },
);
const ROWS = fc.array(
  fc.record({
    outcome: fc.option(VALUE, { freq: 8 }),
    group: fc.constantFrom("d1", "d2", "d3", "d4"),
    arm: fc.option(fc.constantFrom("a", "b"), { freq: 9 }),
    turn: fc.option(VALUE, { freq: 9 }),
  }),
  { maxLength: 16 },
);
const OPTIONS = { seed: "42", resamples: 20, permutations: 20 };

function assertFinite(result: unknown): void {
  assert.equal(firstNotFinite(result), undefined);
}

Deno.test("comparisons of two conditions give finite numbers or a reason", () => {
  fc.assert(
    fc.property(VALUES, VALUES, (values, reference) => {
      assertFinite(hedgesG(values, reference));
      assertFinite(cliffsDelta(values, reference));
      assertFinite(permutationTest(values, reference, OPTIONS));
      assertFinite(signFlipTest(values, OPTIONS));
      assertFinite(pairedDifference(values.map((value, i) => [value, reference[i] ?? null]), OPTIONS));
      const total = (sample: readonly number[]) => sample.reduce((sum, value) => sum + value, 0);
      assertFinite(clusterBootstrap(values, total, OPTIONS));
    }),
    { numRuns: 400 },
  );
});

Deno.test("measures of agreement give finite numbers or a reason", () => {
  fc.assert(
    fc.property(RATINGS, fc.constantFrom("nominal", "ordinal", "interval"), (ratings, scale) => {
      assertFinite(krippendorffAlpha(ratings, scale));
      assertFinite(alphaInterval(ratings, scale, OPTIONS));
      assertFinite(rawAgreement(ratings));
      assertFinite(polarisation(ratings.map((row) => row.length)));
    }),
    { numRuns: 400 },
  );
});

Deno.test("mixed models give finite numbers or a reason", () => {
  const terms = fc.constantFrom([["arm"]], [["turn"]], [["arm"], ["turn"], ["arm", "turn"]], []);
  fc.assert(
    fc.property(ROWS, terms, fc.constantFrom("REML", "ML"), (rows, terms, method) => {
      const data: ModelData = {
        outcome: rows.map(({ outcome }) => outcome),
        group: rows.map(({ group }) => group),
        predictors: {
          arm: { values: rows.map(({ arm }) => arm), reference: "a" },
          turn: { values: rows.map(({ turn }) => turn), centred: true },
        },
        terms,
      };
      assertFinite(fitMixedModel(data, { method }));
    }),
    { numRuns: 1500 },
  );
});

/** Two to eight groups of one to six rows, nested in blocks. */
const NESTED = fc.tuple(fc.integer({ min: 2, max: 8 }), fc.integer({ min: 1, max: 6 }), fc.boolean()).chain(
  ([groups, size, isBetween]) => {
    const row = fc.record({
      outcome: fc.option(VALUE, { freq: 14 }),
      bit: fc.constantFrom(0, 1),
      arm: fc.constantFrom("a", "b"),
      turn: fc.option(fc.oneof({ weight: 3, arbitrary: fc.integer({ min: 0, max: 3 }) }, VALUE), {
        freq: 14,
      }),
    });
    return fc.array(row, { minLength: groups * size, maxLength: groups * size }).map((rows) =>
      rows.map((one, place) => {
        const group = place % groups;
        return { ...one, group, arm: isBetween ? (group % 2 === 0 ? "a" : "b") : one.arm };
      })
    );
  },
);

Deno.test("models with blocks, slopes and links, and their tests, give finite numbers or a reason", () => {
  const terms = fc.constantFrom([["arm"]], [["turn"]], [["arm"], ["turn"], ["arm", "turn"]], []);
  fc.assert(
    fc.property(NESTED, terms, fc.integer({ min: 1, max: 3 }), (rows, terms, perBlock) => {
      const data: ModelData = {
        outcome: rows.map(({ outcome }) => outcome),
        group: rows.map(({ group }) => String(group)),
        block: rows.map(({ group }) => String(Math.floor(group / perBlock))),
        predictors: {
          arm: { values: rows.map(({ arm }) => arm), reference: "a", centred: perBlock === 2 },
          turn: { values: rows.map(({ turn }) => turn), centred: perBlock === 3 },
        },
        terms,
      };
      const [smaller, larger] = [fitMixedModel(data), fitMixedModel(data, { slope: "turn" })];
      for (const model of [smaller, larger]) {
        assertFinite(model);
        if (isUnavailable(model)) continue;
        assertFinite(residualChecks(data, model, { min: 0, max: 2 }));
        for (const one of model.coefficients) assertFinite(equivalence(one, 0.5));
      }
      if (!isUnavailable(smaller) && !isUnavailable(larger)) assertFinite(compareFits(smaller, larger));
      for (const blockEffects of [true, false]) assertFinite(fitLinearModel(data, { blockEffects }));
      for (const term of terms) assertFinite(permuteFactorial(data, term, OPTIONS));
      for (const standardErrors of ["robust", "model"] as const) {
        const binary = { ...data, outcome: rows.map(({ bit }) => bit) };
        assertFinite(fitLogisticMixedModel(binary, { standardErrors }));
        assertFinite(fitCumulativeLinkMixedModel(data, { standardErrors }));
      }
    }),
    { numRuns: 100 },
  );
});
