import assert from "node:assert/strict";
import type { DiscussionDesign, DiscussionEvent } from "../events/mod.ts";
import {
  abstained,
  designWith,
  generationFailed,
  intervened,
  moderatorWith,
  play,
  seedPosted,
  stateAfter,
  turnPassed,
  turnTaken,
} from "../testing/mod.ts";
import { evolve, initialState } from "./mod.ts";

const opened = (changes: Partial<DiscussionDesign> = {}): DiscussionEvent => ({
  type: "DiscussionOpened",
  data: designWith(changes),
});

Deno.test("evolve() opens a discussion in which nothing has happened", () => {
  assert.deepEqual(stateAfter([opened()]), {
    phase: "open",
    design: designWith(),
    seeded: 0,
    intervened: 0,
    turn: 0,
    moderated: true,
    comments: 0,
    window: [],
    last: null,
    secondToLast: null,
    lastTurnSilent: false,
    turnsTaken: [0, 0, 0],
    lastIntervention: null,
    failures: 0,
    ending: null,
  });
});

Deno.test("evolve() counts comments and turns, and no comment for a silent turn", () => {
  const state = stateAfter([
    opened({ moderator: moderatorWith() }),
    seedPosted(0, "Ann", "Should buses run at night?"),
    turnTaken({ turn: 0, comment: 1, participant: "Bob", text: "Yes." }),
    intervened(0, 2, "Why?"),
    turnPassed(1, "Cem"),
    abstained(1),
    turnTaken({ turn: 2, comment: 3, participant: "Bob", text: "Because." }),
  ]);
  const { turn, comments, last, secondToLast, turnsTaken, lastIntervention, lastTurnSilent, moderated } =
    state;
  assert.deepEqual(
    { turn, comments, last, secondToLast, turnsTaken, lastIntervention, lastTurnSilent, moderated },
    {
      turn: 3,
      comments: 4,
      last: 1,
      secondToLast: 2,
      turnsTaken: [0, 2, 1],
      lastIntervention: 0,
      lastTurnSilent: false,
      moderated: false,
    },
  );
  assert.deepEqual(state.window, [
    { comment: 1, author: "Bob", text: "Yes.", by: "participant" },
    { comment: 2, author: "Mod", text: "Why?", by: "moderator" },
    { comment: 3, author: "Bob", text: "Because.", by: "participant" },
  ]);
});

Deno.test("evolve() remembers a silent turn's speaker, and that the turn was silent", () => {
  const state = stateAfter([opened(), turnPassed(0, "Cem")]);
  assert.deepEqual([state.last, state.lastTurnSilent, state.comments, state.turn], [2, true, 0, 1]);
});

Deno.test("evolve() counts failures until a request succeeds", () => {
  const failures = [opened(), generationFailed(0, "Ann"), generationFailed(0, "Ann")];
  assert.equal(stateAfter(failures).failures, 2);
  assert.equal(stateAfter([...failures, turnPassed(0, "Ann")]).failures, 0);
});

Deno.test("evolve() ends a discussion, and refuses its later events", () => {
  const completed: DiscussionEvent = {
    type: "DiscussionCompleted",
    data: { reason: "turns", turns: 0, comments: 0 },
  };
  const aborted: DiscussionEvent = {
    type: "DiscussionAborted",
    data: { reason: "power cut", turns: 0, comments: 0 },
  };
  assert.deepEqual(stateAfter([opened(), completed]).ending, {
    type: "DiscussionCompleted",
    reason: "turns",
  });
  const ended = stateAfter([opened(), aborted]);
  assert.deepEqual([ended.phase, ended.ending], ["ended", {
    type: "DiscussionAborted",
    reason: "power cut",
  }]);
  for (const event of [opened(), turnPassed(0, "Ann"), completed, generationFailed(0, "Ann")]) {
    assert.throws(() => evolve(ended, event), {
      name: "RangeError",
      message: `Cannot apply "${event.type}": the discussion has ended`,
    });
  }
});

Deno.test("evolve() refuses events that cannot happen", () => {
  assert.throws(() => evolve(initialState, turnPassed(0, "Ann")), {
    name: "RangeError",
    message: 'Cannot apply "TurnPassed": the discussion has not been opened',
  });
  assert.throws(() => stateAfter([opened(), opened()]), {
    name: "RangeError",
    message: 'Cannot apply "DiscussionOpened": the discussion is already open',
  });
  assert.throws(() => stateAfter([opened(), turnPassed(0, "Zoe")]), {
    name: "RangeError",
    message: 'Cannot give "Zoe" a turn: no participant of this discussion has that name',
  });
  assert.throws(() => stateAfter([opened(), { type: "Unheard" } as never]), TypeError);
});

Deno.test("evolve() does not change the state that it gets", () => {
  const { events } = play(designWith({ moderator: moderatorWith() }), (_, nth) => `comment ${nth}`);
  let state = evolve(initialState, events[0]!);
  for (const event of events.slice(1)) {
    const before = JSON.stringify(state);
    const next = evolve(state, event);
    assert.equal(JSON.stringify(state), before);
    state = next;
  }
});

Deno.test("evolve() keeps a state whose size does not grow with the discussion", () => {
  const say = (_: unknown, nth: number) => `comment number ${String(nth).padStart(6, "0")}`;
  const sizes = [50, 5000].map((turns) => {
    const { states } = play(designWith({ turns, moderator: moderatorWith() }), say);
    return Math.max(...states.map((state) => JSON.stringify({ ...state, design: null }).length));
  });
  // The longer discussion has a hundred times as many turns. So each of ten counters has two more digits.
  assert.ok(sizes[1]! - sizes[0]! <= 20, `${sizes}`);
});

Deno.test("evolve() keeps the comments that prompts show, but at least two", () => {
  const kept = (history: number | null) =>
    play(designWith({ history, turns: 9, openings: [] }), (_, nth) => `c${nth}`).states.at(-1)!
      .window.map(({ text }) => text).join(" ");
  assert.equal(kept(0), "c7 c8");
  assert.equal(kept(1), "c7 c8");
  assert.equal(kept(4), "c5 c6 c7 c8");
  assert.equal(kept(50), "c0 c1 c2 c3 c4 c5 c6 c7 c8");
  assert.equal(kept(null), "c0 c1 c2 c3 c4 c5 c6 c7 c8");
});
