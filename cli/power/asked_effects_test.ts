import assert from "node:assert/strict";
import type { StudyTest } from "../../analysis/power/mod.ts";
import { partsOf } from "../../analysis/outcomes/effects.ts";
import { coefficientName } from "../../analysis/statistics/coefficient_names.ts";
import { effectNames, testsNamed } from "./asked_effects.ts";

/** A test of one coefficient: factor → level. */
function testOf(levels: Readonly<Record<string, string>>): StudyTest {
  const contrasts = Object.entries(levels).map(([factor, level]) => ({ factor, level, reference: "none" }));
  const effect = Object.keys(levels);
  const term = { name: coefficientName(partsOf(effect, contrasts)), contrasts, throughTurns: false };
  return { plan: { outcome: "mood", effect, term } } as unknown as StudyTest;
}

Deno.test("effectNames() finds the factors of an effect, whatever its levels contain", () => {
  const options = { outcomes: ["mood"], labels: { "moderator.tone": "tone" } };
  assert.deepEqual(effectNames("mood:model[llama3:8b]:turn", options), ["model", "turn"]);
  assert.deepEqual(effectNames("moderator.tone[[EN] calm]", options), ["tone"]);
  assert.deepEqual(effectNames('"a:b"[x]:c', options), ["a:b", "c"]);
});

Deno.test("testsNamed() finds coefficients and effects by labels and by paths of factors", () => {
  const tests = [
    testOf({ tone: "[EN] calm" }),
    testOf({ tone: "warm", model: "tone" }),
    testOf({ "tone:model": "x" }),
  ];
  const options = { tests, places: [0, 1, 2], labels: { "moderator.tone": "tone" } };
  const found = (name: string) => testsNamed(name, options);
  for (const name of ["tone", "moderator.tone", "tone[[EN] calm]", "mood:moderator.tone[[EN] calm]"]) {
    assert.deepEqual(found(name), [0], name);
  }
  assert.deepEqual(found("tone:model"), [1]);
  assert.deepEqual(found("moderator.tone[warm]:model[tone]"), [1]);
  assert.deepEqual(found('"tone:model"'), [2]);
});
