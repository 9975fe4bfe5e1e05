import assert from "node:assert/strict";
import { portableSha256 } from "../sha256.ts";
import { given, moderatorWith, rulesWith, saying, turnTaken } from "../testing/mod.ts";
import { answered, type AskStep, decide, leavingOut, type OpenState } from "./mod.ts";

const rules = rulesWith();
const SAID = [
  turnTaken({ turn: 0, comment: 0, participant: "Ann", text: "One." }),
  turnTaken({ turn: 1, comment: 1, participant: "Bob", text: "Two." }),
  turnTaken({ turn: 2, comment: 2, participant: "Cem", text: "Three." }),
];

function asked(state: OpenState): AskStep {
  const step = decide(state, rules);
  assert.equal(step.kind, "ask");
  return step as AskStep;
}

Deno.test("leavingOut() drops the oldest comments from the prompt, and changes nothing else in the request", () => {
  const state = given({ openings: [], history: 2, turns: 9 }, ...SAID);
  const step = asked(state);
  const without = (comments: number) => leavingOut(state, step, { comments, rules })!;
  const contents = (step: AskStep) => step.request.messages.map(({ content }) => content);
  const [system, user] = contents(step) as [string, string];
  assert.deepEqual(contents(without(1)), [system, user.replace("Bob: Two.\n\n", "")]);
  assert.deepEqual(contents(without(2)), [
    system,
    user.replace("The last comments of the discussion:\n\nBob: Two.\n\nCem: Three.\n\n", ""),
  ]);
  const { messages: _, ...rest } = step.request;
  const { messages, ...others } = without(1).request;
  assert.deepEqual(others, rest);
  assert.equal(without(1).promptHash, portableSha256(JSON.stringify(messages)));
});

Deno.test("leavingOut() returns null if the number is no whole number, or not from 1 to the number of shown comments", () => {
  const state = given({ openings: [], history: 2, turns: 9 }, ...SAID);
  for (const comments of [0, 3, -1, 0.5, NaN]) {
    assert.equal(leavingOut(state, asked(state), { comments, rules }), null);
  }
});

Deno.test("leavingOut() keeps the moderator's instructions and the offer of silence", () => {
  const schedule = { name: "on-demand", options: {} };
  const state = given({ openings: [], history: null, moderator: moderatorWith({ schedule }) }, SAID[0]!);
  const step = asked(state);
  assert.equal(step.request.origin.role, "moderator");
  const [system, user] = step.request.messages;
  assert.deepEqual(leavingOut(state, step, { comments: 1, rules })!.request.messages, [
    system,
    {
      role: "user",
      content: user!.content.replace("The last comments of the discussion:\n\nAnn: One.\n\n", ""),
    },
  ]);
});

Deno.test("answered() records how many comments the prompt left out, and the hash of the shorter prompt", () => {
  const state = given({ openings: [], turns: 9 }, ...SAID);
  const sent = leavingOut(state, asked(state), { comments: 2, rules })!;
  const event = answered(state, sent, saying("Four."));
  assert.equal(event.type, "TurnTaken");
  const { commentsLeftOut, promptHash } = event.data.generation!;
  assert.deepEqual([commentsLeftOut, promptHash], [2, sent.promptHash]);
});
