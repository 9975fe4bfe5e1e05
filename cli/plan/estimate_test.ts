import assert from "node:assert/strict";
import { planDiscussions } from "../../core/experiment/mod.ts";
import { parsed, SMALL } from "../../core/experiment/testing.ts";
import {
  COMMENT_TOKENS,
  countAnnotatorCalls,
  countCalls,
  estimateTokens,
  type ModelCalls,
  plannedTotals,
} from "./estimate.ts";

Deno.test("plannedTotals() adds up the turns of all conditions", async () => {
  // Two conditions of 4 and 10 turns, five replications each.
  const plan = planDiscussions(
    await parsed(`${SMALL}design: { factors: { discussion.turns: [4, 10] }, replications: 5 }\n`),
  );
  assert.deepEqual(plannedTotals(plan), { discussions: 10, turns: 70 });
});

Deno.test("plannedTotals() counts each shard exactly, and the shards add up to the plan", async () => {
  const plan = planDiscussions(
    await parsed(`${SMALL}design: { factors: { discussion.turns: [4, 10] }, replications: 5 }\n`),
  );
  // Three shards share five replicates of 14 turns: 2, 2 and 1.
  const parts = [1, 2, 3].map((index) => plannedTotals(plan, { index, count: 3 }));
  assert.deepEqual(parts, [
    { discussions: 4, turns: 28 },
    { discussions: 4, turns: 28 },
    { discussions: 2, turns: 14 },
  ]);
  assert.deepEqual(plannedTotals(plan, { index: 6, count: 6 }), { discussions: 0, turns: 0 });
});

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

Deno.test("countCalls() counts a call for each turn, and moderator calls by the schedule", async () => {
  const participants = { model: "a", participant: 60, moderator: 0, certainty: "exact" };
  for (
    const [schedule, moderator, certainty] of [
      ["every-turn", 60, "exact"],
      ["on-demand", 60, "exact"],
      // In each of six discussions, the calls come after the turns 3, 6 and 9.
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

Deno.test("countCalls() divides turns among models that are drawn at random", async () => {
  assert.deepEqual(await callsOf({ model: "[a, b]" }), [
    { model: "a", participant: 30, moderator: 0, certainty: "expected" },
    { model: "b", participant: 30, moderator: 60, certainty: "expected" },
  ]);
});

Deno.test("countCalls() adds up conditions", async () => {
  // Six replications of ten turns without a moderator, and six with a moderator.
  assert.deepEqual(await callsOf({ design: "factors: { moderator: [none, m] }," }), [
    { model: "a", participant: 120, moderator: 0, certainty: "exact" },
    { model: "b", participant: 0, moderator: 60, certainty: "exact" },
  ]);
});

Deno.test("countCalls() takes the mean over values that vary", async () => {
  assert.deepEqual(await callsOf({ design: "vary: { discussion.turns: [10, 20] }," }), [
    { model: "a", participant: 90, moderator: 0, certainty: "expected" },
    { model: "b", participant: 0, moderator: 90, certainty: "expected" },
  ]);
});

const ANNOTATED = SMALL.replace("discussion:", "openings: [One., [Two., Three.]]\ndiscussion:") + `
design: { replications: 10 }
annotation:
  annotators: { model: talker, personas: [{ name: Rita }, { name: Sam }] }
  scales:
    toxicity: { type: ordinal, min: 1, max: 5, question: How toxic is it? }
    sarcasm: { type: boolean, question: Is it sarcastic? }
`;

const CASES: readonly (readonly [what: string, change: (text: string) => string, calls: number])[] = [
  // 10 discussions of 4 turns and up to 2 openings, 2 annotators, 2 scales.
  ["all comments, scale by scale", (text) => text, 10 * 6 * 2 * 2],
  ["all scales together", (text) => text.replace("  scales:", "  requests: together\n  scales:"), 10 * 6 * 2],
  [
    "scripted interventions",
    (text) =>
      text.replace(
        "turns: 4\n",
        "turns: 4\n  interventions: [{ after: 2, author: Host, text: Stay calm. }]\n",
      ),
    10 * 7 * 2 * 2,
  ],
  [
    "participants' comments",
    (text) => text.replace("  scales:", "  targets: participants\n  scales:"),
    10 * 4 * 2 * 2,
  ],
  [
    "a sample of comments",
    (text) => text.replace("  scales:", "  targets: { perDiscussion: 3 }\n  scales:"),
    10 * 3 * 2 * 2,
  ],
  [
    "no comments of moderators in discussions without a moderator",
    (text) => text.replace("  scales:", "  targets: moderators\n  scales:"),
    0,
  ],
];

for (const [what, change, calls] of CASES) {
  Deno.test(`countAnnotatorCalls() counts ${what}`, async () => {
    const experiment = await parsed(change(ANNOTATED));
    const counts = countAnnotatorCalls(experiment.annotation!.design, planDiscussions(experiment));
    assert.deepEqual([...counts].map(([model, { calls }]) => [model, calls]), [["talker", calls]]);
  });
}

Deno.test("estimateTokens() counts the comments that prompts show", async () => {
  const text = (history: number) => SMALL.replace("turns: 4", `turns: 4\n  history: ${history}`);
  const tokens = async (history: number) =>
    estimateTokens(planDiscussions(await parsed(text(history)))).get("talker")!;
  const alone = await tokens(0);
  const withComments = await tokens(2);
  // The four prompts show 0, 1, 2 and 2 comments.
  assert.equal(withComments.prompt - alone.prompt, 5 * COMMENT_TOKENS);
  assert.equal(alone.reply, 4 * COMMENT_TOKENS);
});

Deno.test("estimateTokens() limits replies to the model's maxTokens", async () => {
  const text = SMALL.replace("adapter: scripted", "adapter: scripted, maxTokens: 10");
  assert.equal(estimateTokens(planDiscussions(await parsed(text))).get("talker")!.reply, 40);
});

Deno.test("estimateTokens() scales its sample up to the plan", async () => {
  const text = `${SMALL}design: { replications: 1000 }\n`;
  assert.equal(
    estimateTokens(planDiscussions(await parsed(text))).get("talker")!.reply,
    4000 * COMMENT_TOKENS,
  );
});
