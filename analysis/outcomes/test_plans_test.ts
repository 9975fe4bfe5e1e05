import assert from "node:assert/strict";
import type { Scale } from "../../core/annotation/scales/mod.ts";
import { effectsOf } from "./effects.ts";
import { outcomeValues } from "./outcome_values.ts";
import { type PlanContext, testPlans } from "./test_plans.ts";

const FACTORS = ["moderator", "model"].map((name) => ({ name, levels: ["a", "b"], reference: "a", of: [] }));
const CONTEXT: PlanContext = {
  effects: effectsOf(FACTORS, [["moderator"], ["moderator", "model"], ["moderator", "turn"]]),
  factors: FACTORS,
  analysis: { test: null },
  isMatched: () => false,
};
const ORDINAL: Scale = { name: "toxicity", type: "ordinal", min: 1, max: 5, question: "?" };
const BOOLEAN: Scale = { name: "rude", type: "boolean", question: "?" };

function plansOf(scale: Scale | null, values: readonly number[], changes: Partial<PlanContext> = {}) {
  const outcome = {
    name: scale?.name ?? "diversity",
    declared: true,
    unit: scale === null ? "discussion" : "comment",
    scale,
    values: outcomeValues([values.map((value) => ({ value, time: 0, position: 0 }))]),
  } as const;
  return testPlans(outcome, { ...CONTEXT, ...changes }).filter(({ declared }) => declared)
    .map(({ term, method, slopes, checks, remark }) =>
      [term.name, slopes ? `${method}, slopes` : method, ...checks.map((check) => check.method), remark]
        .filter((part) => part !== null).join(" | ")
    );
}

Deno.test("testPlans() chooses the model that fits the scale, and adds the other models as checks", () => {
  assert.deepEqual(plansOf(ORDINAL, [1, 5]), [
    "moderator[b] | mixed-model | ordinal-mixed-model | linear-model",
    "moderator[b]:model[b] | mixed-model | ordinal-mixed-model | linear-model",
    "moderator[b]:turn | mixed-model, slopes | mixed-model",
  ]);
  assert.deepEqual(plansOf(BOOLEAN, [0, 1]), [
    "moderator[b] | logistic-mixed-model | mixed-model | linear-model",
    "moderator[b]:model[b] | logistic-mixed-model | mixed-model | linear-model",
    "moderator[b]:turn | logistic-mixed-model",
  ]);
  assert.deepEqual(plansOf(null, [0.5]), [
    "moderator[b] | linear-model | permutation",
    "moderator[b]:model[b] | linear-model",
  ]);
});

Deno.test("testPlans() uses the declared model, but no model of categories for means over annotators", () => {
  const declared = { analysis: { test: null, model: { toxicity: "ordinal" } } } as const;
  const [first] = plansOf(ORDINAL, [1, 5], { ...declared, isMatched: () => true });
  assert.equal(first, "moderator[b] | ordinal-mixed-model | mixed-model | linear-model");
  const mean = "the values are means over several annotators, so they are not categories";
  assert.equal(
    plansOf(ORDINAL, [1, 2.5], declared)[0],
    `moderator[b] | mixed-model | linear-model | ${mean}`,
  );
  assert.equal(plansOf(BOOLEAN, [0, 0.5])[0], `moderator[b] | mixed-model | linear-model | ${mean}`);
});

Deno.test("testPlans() says if a declared model does not fit the scale, for example of a later pass", () => {
  const [first] = plansOf(ORDINAL, [1, 5], { analysis: { test: null, model: { toxicity: "logistic" } } });
  const remark = "the scale does not fit the declared model (logistic)";
  assert.equal(first, `moderator[b] | mixed-model | ordinal-mixed-model | linear-model | ${remark}`);
});

Deno.test("testPlans() tests matched conditions in pairs, and leaves out random slopes if asked", () => {
  const plans = plansOf(ORDINAL, [1], { isMatched: () => true, analysis: { test: null, slopes: false } });
  assert.deepEqual(plans, [
    "moderator[b] | paired | mixed-model | ordinal-mixed-model | linear-model",
    "moderator[b]:model[b] | paired | mixed-model | ordinal-mixed-model | linear-model",
    "moderator[b]:turn | mixed-model",
  ]);
  assert.deepEqual(plansOf(null, [1], { analysis: { test: "permutation" } }), [
    "moderator[b] | permutation | linear-model",
    "moderator[b]:model[b] | permutation | linear-model",
  ]);
});
