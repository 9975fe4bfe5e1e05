import assert from "node:assert/strict";
import { declaredBy } from "./mod.ts";
import { checked, experimentWith, flagged, held } from "./testing/mod.ts";

const STRATEGIES = [
  "round-robin",
  "round-robin, randomFirst: true",
  "random",
  "respond, probability: 0.4",
  "weighted",
  "mention, fallback: { strategy: respond, probability: 0.3 }",
];

/** Runs of each strategy. */
const RUNS = 30;

/**
 * By chance, at most this many of n tests are below a level: the mean of the binomial plus four standard
 * deviations.
 */
function mostOf(n: number, level: number): number {
  return n * level + 4 * Math.sqrt(n * level * (1 - level));
}

Deno.test("Fidelity and each test flag at most the given share of runs that follow their declaration", async () => {
  const level = 0.05;
  let flaggedRuns = 0;
  const tests = new Map<string, { below: number; of: number }>();
  for (const turnTaking of STRATEGIES) {
    for (let seed = 0; seed < RUNS; seed++) {
      const experiment = await experimentWith({ seed: `${seed}`, turnTaking });
      const checks = checked(held(experiment), { declaration: declaredBy(experiment), familyLevel: level });
      if (flagged(checks).length > 0) flaggedRuns++;
      for (const { check, test, verdict, basis } of checks) {
        if (test === null) assert.notEqual(verdict, "flag", `${turnTaking}: ${check}: ${basis}`);
        else {
          const { below, of } = tests.get(check) ?? { below: 0, of: 0 };
          tests.set(check, { below: below + (test.p <= level ? 1 : 0), of: of + 1 });
        }
      }
    }
  }
  const runs = RUNS * STRATEGIES.length;
  assert.ok(flaggedRuns <= mostOf(runs, level), `${flaggedRuns} of ${runs} runs`);
  assert.deepEqual([...tests.keys()].sort(), [
    "respond rate",
    "sampling of openings",
    "sampling of personas",
    "share of role troll",
    "speaker distribution",
    "talkativeness of speakers",
  ]);
  for (const [check, { below, of }] of tests) {
    assert.ok(below <= mostOf(of, level), `${check}: ${below} of ${of}`);
  }
});

Deno.test("Fidelity counts draws only once if matched conditions share them", async () => {
  const level = 0.05;
  const design = ", matched: true, factors: { discussion.history: [1, 2, 3, 4] }";
  let flaggedRuns = 0;
  for (let seed = 0; seed < RUNS; seed++) {
    const experiment = await experimentWith({ seed: `${seed}`, replications: 24, design });
    const checks = checked(held(experiment), { declaration: declaredBy(experiment), familyLevel: level });
    if (flagged(checks).length > 0) flaggedRuns++;
    const rates = checks.filter(({ check }) => check === "respond rate");
    assert.deepEqual(rates.map(({ condition }) => condition), ["1", "2", "3", "4"]);
  }
  assert.ok(flaggedRuns <= mostOf(RUNS, level), `${flaggedRuns} of ${RUNS} runs`);
});
