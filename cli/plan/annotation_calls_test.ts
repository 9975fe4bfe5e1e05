import assert from "node:assert/strict";
import { planDiscussions } from "../../core/experiment/mod.ts";
import { parsed, SMALL } from "../../core/experiment/testing.ts";
import { countAnnotatorCalls } from "./annotation_calls.ts";

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
    "participants' comments",
    (text) => text.replace("  scales:", "  targets: participants\n  scales:"),
    10 * 4 * 2 * 2,
  ],
  [
    "a sample",
    (text) => text.replace("  scales:", "  targets: { perDiscussion: 3 }\n  scales:"),
    10 * 3 * 2 * 2,
  ],
  [
    "comments of moderators who are not there",
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
