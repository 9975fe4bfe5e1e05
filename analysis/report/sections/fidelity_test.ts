import assert from "node:assert/strict";
import type { FidelityCheck } from "../../fidelity/mod.ts";
import { linesOf } from "../testing/mod.ts";
import { fidelitySection } from "./fidelity.ts";

const PASSED: FidelityCheck = {
  check: "turn counts",
  condition: null,
  declared: "15 turns",
  observed: { count: 360, of: 360, unit: "share" },
  expected: 360,
  basis: "as many turns as declared",
  test: null,
  verdict: "pass",
  reason: "all cases are as declared",
  threshold: null,
};
const FLAGGED: FidelityCheck = {
  check: "respond rate",
  condition: "nomod",
  declared: "respond, probability 0.4",
  observed: { count: 824, of: 4680, unit: "share" },
  expected: 2340,
  basis: "the second-to-last speaker comes back",
  test: { method: "normal approximation", p: 1e-9, pMin: 0 },
  verdict: "flag",
  reason: "chance does not explain the difference",
  threshold: 0.01,
};
const UNTOLD: FidelityCheck = {
  ...PASSED,
  check: "designs",
  observed: null,
  expected: null,
  verdict: "cannot-tell",
  reason: "the experiment is not known",
};

Deno.test("fidelitySection() lists flagged checks first, and gives the reason if a check has no verdict", () => {
  const fidelity = {
    discussions: 360,
    checks: [UNTOLD, PASSED, FLAGGED],
    problems: [{ discussion: "d7", message: 'Cannot read "d7": line 3 is damaged' }],
    declaredBy: 'the experiment "e.yaml"',
    notShown: null,
  };
  const [, against, callout, ...rest] = linesOf(fidelitySection([{ run: "pilot", fidelity }]));
  assert.equal(against, '360 discussions compared with the experiment "e.yaml".');
  assert.equal(
    callout,
    "flag: Not as declared: 1 check: respond rate (nomod): declared respond, probability 0.4; observed 824 of 4,680 " +
      "(17.6 %), expected 50.0 %; the second-to-last speaker comes back",
  );
  assert.deepEqual(rest, [
    "respond rate (nomod) | flagged | respond, probability 0.4 | 824 of 4,680 (17.6 %) | 50.0 % | < 0.001 | 0.01000",
    "turn counts | as declared | 15 turns | 360 of 360 (100.0 %) | 360 |  | ",
    "respond rate (nomod) | the second-to-last speaker comes back",
    "turn counts | as many turns as declared",
    "designs | the experiment is not known",
    'caution: Not checked to their end: 1 discussion: Cannot read "d7": line 3 is damaged',
  ]);
});
