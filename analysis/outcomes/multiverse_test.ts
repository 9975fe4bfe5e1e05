import assert from "node:assert/strict";
import { ANALYSIS_DEFAULT, type AnalysisDesign } from "../../core/experiment/analysis_design.ts";
import { isUnavailable } from "../mod.ts";
import { compareOutcomes, type Observation } from "./mod.ts";
import { CROSSED, judgementsOf, observationsWith, observationWith } from "./testing/mod.ts";

/** Six discussions of each condition: an opening, two comments, a silent turn and a moderator's comment, all annotated. */
const OBSERVATIONS: readonly Observation[] = ["none", "gentle"].flatMap((moderator, gentle) =>
  [0, 1, 2, 3, 4, 5].map((r): Observation => {
    const made = observationWith({
      factors: { moderator },
      replicate: r + 1,
      judgements: [judgementsOf("toxicity", [9, r % 3 + gentle, 2 + r % 2 + gentle, 5, 7 - gentle])],
    }, 5);
    const [opening, first, second, silent, last] = made.slots;
    const moderated = { ...last!, by: "moderator", turn: 2 } as const;
    return {
      ...made,
      slots: [
        { ...opening!, by: "opening", turn: null },
        first!,
        second!,
        { ...silent!, comment: null },
        moderated,
      ],
    };
  })
);

const ANALYSIS: AnalysisDesign = {
  ...ANALYSIS_DEFAULT,
  outcomes: ["toxicity"],
  reference: { moderator: "none", model: "small" },
};

Deno.test("compareOutcomes() computes a declared test under all ways to count comments, and by both methods", () => {
  const { multiverses, tests } = compareOutcomes(OBSERVATIONS, ANALYSIS, { seed: "42", declared: "before" });
  const [{ alternatives, term }] = multiverses as [typeof multiverses[number]];
  assert.equal(term.name, "moderator[gentle]");
  // There are two choices of whose comments count, two of silent turns, two of openings, and two methods.
  assert.equal(alternatives.length, 16);
  const [declared] = alternatives.filter(({ isDeclared }) => isDeclared);
  assert.deepEqual(declared!.figures, tests[0]!.figures);
  const estimateOf = (changes: Partial<typeof alternatives[number]>) => {
    const found = alternatives.find((one) =>
      Object.entries({ ...declared, figures: undefined, isDeclared: undefined, ...changes }).every((
        [key, value],
      ) => value === undefined || one[key as keyof typeof one] === value)
    );
    assert(found !== undefined && !isUnavailable(found.figures));
    return found.figures.estimate.toFixed(6);
  };
  // With a gentle moderator, each comment of participants is 1 higher, and each comment of moderators 1 lower.
  assert.equal(estimateOf({}), "1.000000");
  assert.equal(estimateOf({ silences: "include" }), (2 / 3).toFixed(6));
  assert.equal(estimateOf({ comments: "all" }), (1 / 3).toFixed(6));
  assert.equal(estimateOf({ comments: "all", silences: "include", openings: "include" }), (1 / 5).toFixed(6));
});

Deno.test("compareOutcomes() gives a test by permutation the same p in its multiverse", () => {
  const analysis: AnalysisDesign = { ...ANALYSIS, test: "permutation", effects: [["moderator"]] };
  const { multiverses, tests } = compareOutcomes(CROSSED, analysis, { seed: "42", declared: "before" });
  const [test] = tests;
  assert.equal(test!.method, "permutation");
  const declared = multiverses[0]!.alternatives.find(({ isDeclared }) => isDeclared);
  assert(!isUnavailable(test!.figures));
  assert.deepEqual(declared!.figures, test!.figures);
});

Deno.test("compareOutcomes() has no multiverse for figures of discussions, or if all choices are equal", () => {
  const analysis: AnalysisDesign = {
    ...ANALYSIS,
    outcomes: ["toxicity", "diversity"],
    effects: [["turn"]],
    slopes: false,
  };
  assert.deepEqual(compareOutcomes(CROSSED, analysis, { seed: "42", declared: "before" }).multiverses, []);
});

Deno.test("compareOutcomes() hints at a large interaction only if it is not declared", () => {
  const random = observationsWith({
    seed: "hints",
    factors: { moderator: ["none", "gentle"], model: ["small", "big"], length: ["short", "long"] },
    replications: 16,
    comments: 2,
    scales: ["toxicity"],
    matched: true,
  });
  const crossed = random.map((one): Observation => {
    const isBoth = one.factors.moderator === "gentle" && one.factors.model === "big";
    const values = one.judgements[0]!.values[0]!.map((value) => Number(value) + (isBoth ? 4 : 0));
    return { ...one, judgements: [judgementsOf("toxicity", values)] };
  });
  const hintsIn = (observations: readonly Observation[], effects: AnalysisDesign["effects"]) =>
    compareOutcomes(observations, { ...ANALYSIS, effects }, { seed: "42", declared: "before" }).hints;
  const [hint, ...others] = hintsIn(crossed, [["moderator"], ["length", "model"]]);
  assert.deepEqual([hint!.factors, others], [["moderator", "model"], []]);
  assert.equal(hint!.largest.term.name, "moderator[gentle]:model[big]");
  assert.ok(Math.abs(hint!.largest.estimate - 4) < 1.5 && hint!.adjusted < 0.001);
  assert.deepEqual(hintsIn(crossed, [["moderator", "model"]]), []);
  assert.deepEqual(hintsIn(random, [["moderator"]]), []);
});

Deno.test("compareOutcomes() reports a doubt about a logistic model of few discussions, or of two replicates", () => {
  const moderator = ["none", "gentle"];
  const doubtsOf = (replications: number, matched: boolean) => {
    const factors: Record<string, string[]> = matched
      ? { moderator, model: ["small", "big", "huge"] }
      : { moderator };
    const observations = observationsWith({
      ...{ seed: "d", factors, replications, comments: 20, scales: ["rude"], matched },
    }).map((observation) => ({
      ...observation,
      judgements: observation.judgements.map((judgements) => ({
        ...judgements,
        scale: { name: "rude", type: "boolean", question: "?" } as const,
        values: judgements.values.map((list) => list.map((value) => Number(value) > 0)),
      })),
    }));
    const analysis: AnalysisDesign = { ...ANALYSIS, outcomes: ["rude"], model: { rude: "logistic" } };
    const { tests } = compareOutcomes(observations, analysis, { seed: "42", declared: "before" });
    return tests.find(({ declared }) => declared)!.doubts;
  };
  assert.deepEqual(doubtsOf(4, false), [
    "8 discussions are few for a logistic or ordinal model: in simulations without effects, up to 9 % of such tests " +
    "had p below 0.05",
  ]);
  assert.deepEqual(doubtsOf(10, false), []);
  assert.match(doubtsOf(2, true)[0]!, /^2 replicates are few .* up to 6 %/);
  assert.deepEqual(doubtsOf(4, true), []);
});

Deno.test("compareOutcomes() reports a doubt about a linear model if many values are at the lowest value", () => {
  const floored = CROSSED.map((one): Observation => {
    const [, ...values] = one.judgements[0]!.values[0] as number[];
    const within = values.map((value) => Math.min(value, 10));
    return { ...one, judgements: [judgementsOf("toxicity", [-10, ...within])] };
  });
  const analysis: AnalysisDesign = { ...ANALYSIS, test: "mixed-model" };
  const [test] = compareOutcomes(floored, analysis, { seed: "42", declared: "before" }).tests;
  // One of the four values of each discussion is at the lowest value.
  assert.ok(
    test!.doubts.includes("25.0 % of the values are at the lowest value of the scale"),
    `${test!.doubts}`,
  );
});
