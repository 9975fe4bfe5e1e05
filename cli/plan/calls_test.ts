import assert from "node:assert/strict";
import { planDiscussions } from "../../core/experiment/mod.ts";
import { parsed } from "../../core/experiment/testing.ts";
import { countCalls, type ModelCalls } from "./calls.ts";

async function callsOf(
  { model = "a", schedule = "every-turn", design = "" },
): Promise<readonly ModelCalls[]> {
  return countCalls(planDiscussions(
    await parsed(`
name: calls
seed: 1
models: { a: { adapter: scripted }, b: { adapter: scripted }, unused: { adapter: scripted } }
participants: { model: ${model}, personas: [{ name: Anna }, { name: Ben }] }
discussion: { turns: 10 }
moderators: { m: { model: b, schedule: ${schedule} } }
moderator: m
design: { ${design} replications: 6 }
`),
  ));
}

Deno.test("countCalls() counts participants' turns and moderators' by their schedules", async () => {
  const participants = { model: "a", participant: 60, moderator: 0, certainty: "exact" };
  for (
    const [schedule, moderator, certainty] of [
      ["every-turn", 60, "exact"],
      ["on-demand", 60, "exact"],
      // After turns 3, 6 and 9 of ten, in six discussions.
      ["{ every: 3 }", 18, "exact"],
      ["{ schedule: threshold, signal: length, above: 9 }", 60, "at most"],
    ] as const
  ) {
    assert.deepEqual(await callsOf({ schedule }), [
      participants,
      { model: "b", participant: 0, moderator, certainty },
    ]);
  }
});

Deno.test("countCalls() shares turns among models that are drawn", async () => {
  assert.deepEqual(await callsOf({ model: "[a, b]" }), [
    { model: "a", participant: 30, moderator: 0, certainty: "expected" },
    { model: "b", participant: 30, moderator: 60, certainty: "expected" },
  ]);
});

Deno.test("countCalls() adds up conditions", async () => {
  // Twice ten turns without, and twice with the moderator; six replications of each.
  assert.deepEqual(await callsOf({ design: "factors: { moderator: [none, m] }," }), [
    { model: "a", participant: 120, moderator: 0, certainty: "exact" },
    { model: "b", participant: 0, moderator: 60, certainty: "exact" },
  ]);
});

Deno.test("countCalls() takes the mean over what varies", async () => {
  assert.deepEqual(await callsOf({ design: "vary: { discussion.turns: [10, 20] }," }), [
    { model: "a", participant: 90, moderator: 0, certainty: "expected" },
    { model: "b", participant: 0, moderator: 90, certainty: "expected" },
  ]);
});
