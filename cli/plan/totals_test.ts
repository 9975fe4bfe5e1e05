import assert from "node:assert/strict";
import { planDiscussions } from "../../core/experiment/mod.ts";
import { parsed, SMALL } from "../../core/experiment/testing.ts";
import { plannedTotals } from "./totals.ts";

Deno.test("plannedTotals() adds up the turns of all conditions", async () => {
  // Two conditions of 4 and 10 turns, five replications each.
  const plan = planDiscussions(
    await parsed(`${SMALL}design: { factors: { discussion.turns: [4, 10] }, replications: 5 }\n`),
  );
  assert.deepEqual(plannedTotals(plan), { discussions: 10, turns: 70 });
});

Deno.test("plannedTotals() adds up to the whole over all parts, and is exact for each", async () => {
  const plan = planDiscussions(
    await parsed(`${SMALL}design: { factors: { discussion.turns: [4, 10] }, replications: 5 }\n`),
  );
  // Five replicates of 14 turns over three parts: the first two have two of them.
  const parts = [1, 2, 3].map((index) => plannedTotals(plan, { index, count: 3 }));
  assert.deepEqual(parts, [
    { discussions: 4, turns: 28 },
    { discussions: 4, turns: 28 },
    { discussions: 2, turns: 14 },
  ]);
  assert.deepEqual(plannedTotals(plan, { index: 6, count: 6 }), { discussions: 0, turns: 0 });
});
