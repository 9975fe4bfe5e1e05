import assert from "node:assert/strict";
import { ModelError } from "../ports/mod.ts";
import { given, moderatorWith, rulesWith, saying, TEST_MODEL, turnTaken } from "../testing/mod.ts";
import { answered, type AskStep, decide, failed, type OpenState } from "./mod.ts";

const RULES = rulesWith();
const ANN = turnTaken({ turn: 0, comment: 0, participant: "Ann", text: "Hello." });

function asked(state: OpenState): AskStep {
  const step = decide(state, RULES);
  assert.equal(step.kind, "ask");
  return step as AskStep;
}

Deno.test("answered() records a comment with the details of its request and reply", () => {
  const state = given({ openings: [] }, ANN);
  const step = asked(state);
  const reply = {
    text: "Hi.",
    finishReason: "length",
    usage: { promptTokens: 5, completionTokens: 2 },
    servedBy: "m-1",
  } as const;
  assert.deepEqual(answered(state, step, reply), {
    type: "TurnTaken",
    data: {
      turn: 1,
      comment: 1,
      participant: "Bob",
      text: "Hi.",
      generation: {
        model: TEST_MODEL,
        promptHash: step.promptHash,
        seed: step.request.seed,
        finishReason: "length",
        usage: { promptTokens: 5, completionTokens: 2 },
        servedBy: "m-1",
      },
    },
  });
});

Deno.test("answered() keeps the raw reply if the comment differs from it", () => {
  const state = given({ openings: [] }, ANN);
  const event = answered(state, asked(state), saying("Bob: Hi.\n"));
  assert.equal(event.type, "TurnTaken");
  assert.deepEqual([event.data.text, event.data.raw], ["Hi.", "Bob: Hi.\n"]);
});

Deno.test("answered() records silence with its reason and the raw reply", () => {
  const state = given({ openings: [], moderator: moderatorWith() }, ANN);
  const step = asked(state);
  const generation = {
    model: TEST_MODEL,
    promptHash: step.promptHash,
    seed: step.request.seed,
    finishReason: "stop",
  };
  assert.deepEqual(answered(state, step, saying('"PASS."')), {
    type: "ModeratorAbstained",
    data: { turn: 0, moderator: "Mod", reason: "pass-word", raw: '"PASS."', generation },
  });
  const turn = given({ openings: [] });
  const reply = { text: "I can't", finishReason: "refused" } as const;
  const question = asked(turn);
  assert.deepEqual(answered(turn, question, reply), {
    type: "TurnPassed",
    data: {
      turn: 0,
      participant: "Ann",
      reason: "refused",
      raw: "I can't",
      generation: {
        model: TEST_MODEL,
        promptHash: question.promptHash,
        seed: question.request.seed,
        finishReason: "refused",
      },
    },
  });
});

Deno.test("failed() records who was asked, and whether a retry can help", () => {
  const step = asked(given({ openings: [] }, ANN));
  assert.deepEqual(failed(step, new ModelError("time-out", "too slow")), {
    type: "GenerationFailed",
    data: {
      turn: 1,
      speaker: "Bob",
      role: "participant",
      model: TEST_MODEL,
      kind: "time-out",
      retryable: true,
    },
  });
});
