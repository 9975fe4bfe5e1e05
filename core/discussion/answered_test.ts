import assert from "node:assert/strict";

import type { DiscussionEvent } from "../events/mod.ts";

import { ModelError } from "../ports/mod.ts";
import {
  designWith,
  moderatorWith,
  rulesWith,
  saying,
  stateAfter,
  TEST_MODEL,
  turnTaken,
} from "../testing/mod.ts";

import { answered, type AskStep, decide, type DiscussionDesign, failed, type OpenState } from "./mod.ts";

const rules = rulesWith();

/** The state after a discussion of that design was opened and some things happened. */
function given(changes: Partial<DiscussionDesign>, ...events: readonly DiscussionEvent[]): OpenState {
  return stateAfter([{ type: "DiscussionOpened", data: designWith(changes) }, ...events]);
}

function asked(state: OpenState): AskStep {
  const step = decide(state, rules);
  assert.equal(step.kind, "ask");
  return step as AskStep;
}

/** A discussion's events in short: who did what. */
function inShort(events: readonly DiscussionEvent[]): string {
  return events.map(({ type, data }) => {
    switch (type) {
      case "SeedCommentPosted":
        return `${data.comment}:seed ${data.author}`;
      case "TurnTaken":
        return `${data.comment}:${data.participant}`;
      case "TurnPassed":
        return `(${data.participant})`;
      case "ModeratorIntervened":
        return `${data.comment}:Mod`;
      case "ModeratorAbstained":
        return "(Mod)";
      case "DiscussionCompleted":
        return `end ${data.turns}/${data.comments}`;
      default:
        return type;
    }
  }).join(" ");
}

const ANN = turnTaken({ turn: 0, comment: 0, participant: "Ann", text: "Hello." });

Deno.test("answered() records a comment with how it came about", () => {
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

Deno.test("answered() keeps the raw reply where the comment differs from it", () => {
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

Deno.test("failed() records who was to answer, and whether asking again can help", () => {
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
