import assert from "node:assert/strict";
import { ANALYSIS_DEFAULT } from "../../core/experiment/analysis_design.ts";
import { openDraw } from "../../core/random/mod.ts";
import { outcomesOf } from "../outcomes/outcomes.ts";
import { numbersIn } from "../outcomes/outcome_values.ts";
import { sampleOf } from "../outcomes/sample.ts";
import { observationsWith } from "../outcomes/testing/mod.ts";
import { isUnavailable } from "../statistics/unavailable.ts";
import { drawsOf, fitSource, type OutcomeSource } from "./outcome_source.ts";

const MODERATOR = { moderator: ["none", "gentle"] };

const ANALYSIS = { ...ANALYSIS_DEFAULT, outcomes: ["toxicity"] };

/** 50 discussions of each condition. Each discussion has 20 comments. */
const SAMPLE = sampleOf(
  observationsWith({
    seed: "places",
    factors: MODERATOR,
    replications: 50,
    comments: 20,
    scales: ["toxicity"],
    matched: false,
  }),
  ANALYSIS,
  MODERATOR,
);

const [OUTCOME] = outcomesOf(SAMPLE.compared, ANALYSIS).filter(({ declared }) => declared);

/** The effect in log odds. The factor is centred, so log odds are the threshold plus or minus half of the effect. */
const EFFECT = Math.log(9);

/** The categories and thresholds of a source, and the shares of its categories in each condition. */
const SOURCES = {
  logistic: { categories: [0, 1], thresholds: [-Math.log(3)], none: [0.5, 0.5], gentle: [0.1, 0.9] },
  ordinal: {
    categories: [1, 2, 5],
    thresholds: [-Math.log(3), Math.log(3)],
    none: [0.5, 0.4, 0.1],
    gentle: [0.1, 0.4, 0.5],
  },
} as const;

for (const kind of ["logistic", "ordinal"] as const) {
  const { categories, thresholds, ...shares } = SOURCES[kind];
  const source: OutcomeSource = {
    kind,
    use: "levels",
    coefficients: { "moderator[gentle]": EFFECT },
    block: 0,
    intercept: 0,
    slope: 0,
    correlation: 0,
    residual: 0,
    categories,
    thresholds,
  };

  Deno.test(`values of the ${kind} model have the shares of its odds, and a fit finds the model again`, () => {
    const draws = drawsOf(source, OUTCOME!.values, SAMPLE.context);
    assert(!isUnavailable(draws), JSON.stringify(draws));
    const values = draws(openDraw("test", kind));
    for (const [condition, expected] of Object.entries(shares)) {
      const own = SAMPLE.compared.flatMap((observation, place) =>
        observation.condition === condition ? numbersIn(values, place) : []
      );
      for (const [at, category] of categories.entries()) {
        const share = own.filter((value) => value === category).length / own.length;
        // A difference of four standard deviations occurs by chance in 1 of 15,000 comparisons.
        const error = Math.sqrt(expected[at]! * (1 - expected[at]!) / own.length);
        assert.ok(Math.abs(share - expected[at]!) < 4 * error, `${condition}: ${share} of ${category}`);
      }
    }
    const fitted = fitSource({ ...OUTCOME!, values }, SAMPLE.context, { kind, use: "levels", slopes: false });
    assert(!isUnavailable(fitted), JSON.stringify(fitted));
    assert.deepEqual(fitted.categories, categories);
    const found = [fitted.coefficients["moderator[gentle]"]!, ...fitted.thresholds];
    for (const [at, expected] of [EFFECT, ...thresholds].entries()) {
      assert.ok(Math.abs(found[at]! - expected) < 0.4, `${found[at]}, not ${expected}`);
    }
  });
}
