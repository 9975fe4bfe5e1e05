import assert from "node:assert/strict";
import { evolve, initialState, type OpenState } from "../../core/discussion/mod.ts";
import type { DiscussionEvent } from "../../core/events/mod.ts";
import { designWith } from "../../core/testing/mod.ts";
import { TallyKeeper } from "./tally.ts";

const GENERATION = {
  model: "m",
  promptHash: "0".repeat(64),
  seed: 1,
  finishReason: "stop",
  usage: { promptTokens: 100, completionTokens: 7 },
} as const;

/** A discussion of ten turns of which some are over. */
function stateAt(id: string, turn: number, phase: "open" | "ended" = "open"): OpenState {
  const design = { ...designWith({ turns: 10 }), id };
  const opened = evolve(initialState, { type: "DiscussionOpened", data: design }) as OpenState;
  return { ...opened, turn, phase };
}

function taken(turn: number): DiscussionEvent {
  return {
    type: "TurnTaken",
    data: { turn, comment: turn, participant: "Anna", text: "x", generation: GENERATION },
  };
}

Deno.test("TallyKeeper counts turns, silence, interventions, tokens and failures of this run", () => {
  const keeper = new TallyKeeper({ discussions: 2, turns: 20 });
  keeper.count({ kind: "opened", state: stateAt("a", 0), resumed: false });
  const silent = { turn: 1, participant: "Ben", reason: "empty", raw: "", generation: GENERATION } as const;
  const spoken = { turn: 1, comment: 1, moderator: "M", text: "x", generation: GENERATION } as const;
  const failed = {
    turn: 2,
    speaker: "Ben",
    role: "participant",
    model: "m",
    kind: "time-out",
    retryable: true,
  } as const;
  keeper.count({
    kind: "recorded",
    discussion: "a",
    events: [
      taken(0),
      { type: "TurnPassed", data: silent },
      { type: "ModeratorIntervened", data: spoken },
      { type: "GenerationFailed", data: failed },
    ],
  });
  const { turns, silent: silence, interventions, tokens, failures, discussions } = keeper.tally;
  assert.deepEqual(turns, { planned: 20, ended: 2, endedBefore: 0, givenUp: 0 });
  assert.deepEqual([silence, interventions, failures, discussions.open], [1, 1, 1, 1]);
  assert.deepEqual(tokens, { prompt: 300, completion: 21 });
});

Deno.test("TallyKeeper tells what had been done before from what this run does", () => {
  const keeper = new TallyKeeper({ discussions: 3, turns: 30 });
  keeper.count({ kind: "opened", state: stateAt("a", 10, "ended"), resumed: true });
  keeper.count({ kind: "opened", state: stateAt("b", 4), resumed: true });
  keeper.count({ kind: "recorded", discussion: "b", events: [taken(4)] });
  const { turns, discussions } = keeper.tally;
  assert.deepEqual(turns, { planned: 30, ended: 15, endedBefore: 14, givenUp: 0 });
  assert.deepEqual(discussions, {
    planned: 3,
    ended: 1,
    endedBefore: 1,
    resumed: 1,
    open: 1,
    setAside: 0,
    left: 0,
  });
});

Deno.test("TallyKeeper leaves out turns that will not be held", () => {
  const keeper = new TallyKeeper({ discussions: 4, turns: 40 });
  // Ended early before this run with 7 turns to go, ended early now with 8 to go, failed with 10 to go.
  keeper.count({ kind: "opened", state: stateAt("a", 3, "ended"), resumed: true });
  keeper.count({ kind: "opened", state: stateAt("b", 1), resumed: true });
  keeper.count({ kind: "recorded", discussion: "b", events: [taken(1)] });
  keeper.count({ kind: "ended", discussion: "b" });
  keeper.count({ kind: "opened", state: stateAt("c", 0), resumed: false });
  keeper.count({ kind: "set-aside", discussion: "c", reason: "no" });
  assert.deepEqual(keeper.tally.turns, { planned: 40 - 7 - 8, ended: 5, endedBefore: 4, givenUp: 10 });
  assert.deepEqual(keeper.tally.discussions.open, 0);
});
