import assert from "node:assert/strict";
import { experimentDocument, experimentFingerprint } from "./fingerprint.ts";
import { planDiscussions } from "./plan.ts";
import { parsed, problemsOf, SMALL } from "./testing.ts";

const EVE = "{ after: 2, author: Eve, text: Stop. }";
const FACTOR = "design: { factors: { discussion.interventions: " +
  `[{ label: none, value: [] }, { label: one, value: [${EVE}] }] } }\n`;

Deno.test("interventions can be the levels of a factor", async () => {
  const plan = planDiscussions(await parsed(SMALL + FACTOR));
  const eve = { after: 2, author: "Eve", text: "Stop." };
  assert.deepEqual([...plan].map(({ condition, interventions }) => [condition, interventions]), [
    ["none", undefined],
    ["one", [eve]],
  ]);
});

Deno.test("an experiment without interventions has the same fingerprint as in versions that had no interventions", async () => {
  // Computed by an earlier version, which had no interventions.
  const expected = "54e00035b041459d389e23a039c90e6c0e275cbc32caa94d00ef41c5ae01b67a";
  assert.equal(experimentFingerprint(experimentDocument(await parsed(SMALL))), expected);
});

Deno.test("parseExperiment() refuses an intervention after a turn that does not exist", async () => {
  const wrong = (intervention: string) =>
    problemsOf(SMALL.replace("turns: 4\n", `turns: 4\n  interventions: [${intervention}]\n`));
  assert.deepEqual(await wrong("{ after: 5, author: Eve, text: Stop. }"), [
    "exp.yaml:11:28: discussion.interventions.0.after: there is no turn 5: the discussion has 4 turns",
  ]);
  assert.deepEqual(await wrong("{ after: 0, author: Eve, text: Stop. }"), [
    "exp.yaml:11:28: discussion.interventions.0.after: expected a whole number from 1 to 100000, found 0",
  ]);
  assert.deepEqual(await wrong('{ after: 1, author: " ", text: " " }'), [
    "exp.yaml:11:39: discussion.interventions.0.author: expected a name: one line of 1 to 200 visible characters " +
    'without spaces around it, found the text " "',
    'exp.yaml:11:50: discussion.interventions.0.text: expected a text, found the text " "',
  ]);
  assert.deepEqual(await wrong(EVE), []);
});
