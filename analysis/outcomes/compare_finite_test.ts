/** Checks with random designs and values that a comparison returns finite numbers, or the reason why it has none. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { ANALYSIS_DEFAULT, type AnalysisDesign } from "../../core/experiment/analysis_design.ts";
import { isUnavailable } from "../mod.ts";
import { firstNotFinite } from "../testing/mod.ts";
import { compareOutcomes, type Observation } from "./mod.ts";
import { judgementsOf, observationWith, textsWith } from "./testing/mod.ts";

/** Values with many ties, and some whose squares or sums overflow. */
const VALUE = fc.oneof(
  { weight: 12, arbitrary: fc.integer({ min: 0, max: 2 }) },
  { weight: 1, arbitrary: fc.constantFrom(0.1, 1e-300, 1e100, -1e100, 1e308) },
);
const LEVEL = fc.constantFrom("none", "gentle", "__proto__");

const OBSERVATION = fc.record({
  moderator: fc.option(LEVEL, { freq: 9 }),
  model: fc.option(fc.constantFrom("small", "big"), { freq: 9 }),
  run: fc.constantFrom("first", "first", "second"),
  seed: fc.constantFrom("r1", "r2", "r3"),
  end: fc.constantFrom<Observation["end"]>("completed", "completed", "completed", "aborted", "unfinished"),
  imported: fc.boolean(),
  values: fc.array(fc.option(VALUE, { freq: 6 }), { maxLength: 4 }),
  constant: fc.array(fc.constant(3), { maxLength: 3 }),
  diversity: fc.option(VALUE),
}).map(({ moderator, model, values, constant, diversity, ...place }) => (discussion: number): Observation =>
  observationWith({
    ...place,
    discussion: String(discussion),
    factors: { ...moderator === null ? {} : { moderator }, ...model === null ? {} : { model } },
    judgements: [judgementsOf("toxicity", values), judgementsOf("constant", constant)],
    texts: textsWith({ diversity: diversity ?? { unavailable: "no one spoke" } }),
  }, Math.max(values.length, constant.length))
);

const ANALYSIS = fc.record({
  outcomes: fc.subarray(["toxicity", "constant", "diversity", "nothing such"]),
  effects: fc.option(fc.subarray([
    ["moderator"],
    ["model"],
    ["turn"],
    ["moderator", "model"],
    [
      "moderator",
      "turn",
    ],
    ["gone"],
    ["moderator", "model", "turn"],
  ])),
  test: fc.constantFrom<AnalysisDesign["test"]>("mixed-model", "paired", "permutation", null),
  correction: fc.constantFrom<AnalysisDesign["correction"]>("holm", "benjamini-hochberg", "none"),
  time: fc.constantFrom<AnalysisDesign["time"]>("turn", "position"),
}).map((changes): AnalysisDesign => ({ ...ANALYSIS_DEFAULT, ...changes }));

Deno.test("compareOutcomes() gives finite numbers or a reason", () => {
  fc.assert(
    fc.property(
      fc.array(OBSERVATION, { maxLength: 8 }),
      ANALYSIS,
      fc.constantFrom("before", "after", "none"),
      (made, analysis, declared) => {
        const observations = made.map((observation, place) => observation(place));
        const compared = compareOutcomes(observations, analysis, { seed: "42", declared });
        assert.equal(firstNotFinite(compared), undefined);
        for (const { confirmatory, adjusted, figures } of compared.tests) {
          if (confirmatory || !isUnavailable(figures)) assert.ok(adjusted! >= 0 && adjusted! <= 1);
          else assert.equal(adjusted, null);
        }
      },
    ),
    { numRuns: 300 },
  );
});

/** For each declared test, the reason why it has no figures; an empty text if it has figures. */
function reasons(observations: readonly Observation[], changes: Partial<AnalysisDesign> = {}): string[] {
  const analysis = { ...ANALYSIS_DEFAULT, outcomes: ["toxicity"], ...changes };
  return compareOutcomes(observations, analysis, { seed: "42", declared: "before" }).tests
    .filter(({ confirmatory }) => confirmatory)
    .map(({ figures }) => isUnavailable(figures) ? figures.unavailable : "");
}

const under = (
  moderator: string,
  seed: string,
  values: readonly (number | null)[],
  model?: string,
): Observation =>
  observationWith({
    discussion: `${moderator}-${seed}`,
    factors: { moderator, ...model === undefined ? {} : { model } },
    seed,
    judgements: [judgementsOf("toxicity", values)],
  }, values.length);

Deno.test("compareOutcomes() gives the reason why a degenerate design cannot be tested", () => {
  const one = [under("none", "1", [1, 2]), under("none", "2", [2, 3])];
  assert.deepEqual(reasons(one), []);
  assert.deepEqual(reasons(one, { effects: [["moderator"]] }), [
    'the discussions do not differ by "moderator"',
  ]);
  assert.deepEqual(reasons([]), []);
  assert.deepEqual(reasons([under("a", "1", [1, 2]), under("b", "2", [2, 3])]), [
    "the predictors identify each of the 2 groups, so the variance between groups cannot be estimated",
  ]);
  assert.deepEqual(reasons([under("a", "1", [1, 2]), under("b", "1", [2, 3])]), [
    "only 1 of 1 pairs have both values, and two are needed",
  ]);
  const constant = ["1", "2", "3", "4"].map((seed) => under(seed < "3" ? "a" : "b", seed, [2, 2]));
  assert.deepEqual(reasons(constant), ["the outcome does not vary beyond what the predictors determine"]);
  const lopsided = ["1", "2", "3", "4"].map((seed) =>
    under(seed < "3" ? "a" : "b", seed, seed < "3" ? [2, 3] : [null])
  );
  assert.deepEqual(reasons(lopsided), ['no discussion at "b" has a value']);
  const valueless = ["1", "2"].map((seed) => under(seed === "1" ? "a" : "b", seed, [null]));
  assert.deepEqual(reasons(valueless), ['no discussion at "b" has a value']);
  const confounded = [..."123456"].map((seed) =>
    under(seed < "4" ? "a" : "b", seed, [Number(seed), 2], seed < "4" ? "small" : "big")
  );
  const singular =
    'the design is singular: the columns before "model[small]" determine it (an empty cell, or a ' +
    "repeated predictor)";
  const mixed = { reference: { model: "big" } };
  assert.deepEqual(reasons(confounded, mixed), [singular, singular]);
});
