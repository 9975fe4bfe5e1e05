import assert from "node:assert/strict";
import { type Finding, withVerdicts } from "./checks.ts";

function tested(p: number, pMin = 0): Finding {
  return {
    check: "rate",
    condition: null,
    declared: "",
    observed: { count: 1, of: 2, unit: "share" },
    expected: 1,
    basis: "",
    test: { method: "simulation", p, pMin },
  };
}

const verdicts = (findings: readonly Finding[]) => withVerdicts(findings, 0.05).map(({ verdict }) => verdict);

Deno.test("withVerdicts() shares the level by Holm's rule", () => {
  // p.adjust(c(0.02, 0.01, 0.015, 0.6), "holm") of R: 0.045, 0.04, 0.045, 0.6.
  assert.deepEqual(verdicts([0.02, 0.01, 0.015, 0.6].map((p) => tested(p))), [
    "flag",
    "flag",
    "flag",
    "pass",
  ]);
  // p.adjust(c(0.04, 0.02, 0.03), "holm"): 0.06 three times.
  assert.deepEqual(verdicts([0.04, 0.02, 0.03].map((p) => tested(p))), ["pass", "pass", "pass"]);
  assert.deepEqual(withVerdicts([tested(0.5), tested(0.001)], 0.05).map(({ threshold }) => threshold), [
    0.05,
    0.025,
  ]);
});

Deno.test("withVerdicts() flags any deviation from a rule, and shares the level only among p values", () => {
  const rule = (count: number): Finding => ({
    ...tested(1),
    observed: { count, of: 9, unit: "share" },
    expected: 9,
    test: null,
  });
  assert.deepEqual(verdicts([rule(9), rule(8), tested(0.04)]), ["pass", "flag", "flag"]);
});

Deno.test("withVerdicts() gives no verdict if there are too few simulations, or no observations", () => {
  assert.deepEqual(verdicts([tested(0.06, 0.06)]), ["cannot-tell"]);
  const none: Finding = { ...tested(0), unavailable: "no participant has had a turn" };
  assert.deepEqual(withVerdicts([none])[0]!.reason, "no participant has had a turn");
  assert.deepEqual(verdicts([none, tested(0.05)]), ["cannot-tell", "flag"]);
});
