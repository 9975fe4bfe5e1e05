import assert from "node:assert/strict";
import type { DiscussionEvent } from "../../core/events/mod.ts";
import {
  designWith,
  intervened,
  moderatorWith,
  seedPosted,
  turnPassed,
  turnTaken,
} from "../../core/testing/mod.ts";
import { measureConduct } from "./conduct.ts";
import { DesignTally, type ReadLog, repliesOf, slotsOf } from "./mod.ts";

const HASH = "0".repeat(64);

function branch(events: number, hash: string | null = HASH): readonly DiscussionEvent[] {
  const forkedFrom = {
    stream: "d0",
    seq: events,
    events,
    run: "pilot",
    ...hash === null ? {} : { hash },
  };
  return [
    { type: "DiscussionOpened", data: designWith({ moderator: moderatorWith(), forkedFrom }) },
    seedPosted(0, "Ann", "Well?"),
    turnTaken({ turn: 0, comment: 1, participant: "Ann", text: "Yes." }),
    intervened(0, 2, "Calm."),
    turnTaken({ turn: 1, comment: 3, participant: "Bob", text: "No." }),
    // The events above are copied from the past. The branch's own events begin here.
    intervened(1, 4, "Please."),
    turnTaken({ turn: 2, comment: 5, participant: "Ann", text: "Yes, yes." }),
    turnPassed(3, "Bob"),
  ];
}

Deno.test("slotsOf() marks the slots that a branch copied from its past", () => {
  const { slots } = slotsOf(branch(4));
  assert.deepEqual(slots.map(({ isPast = false }) => isPast), [true, true, true, true, false, false, false]);
  const earlier = slotsOf(branch(4, null));
  assert.ok(earlier.slots.every(({ isPast }) => isPast === undefined));
});

Deno.test("a branch's past counts in none of its figures, but its first turns can be answers to the past", () => {
  const slots = slotsOf(branch(4));
  const { participants, moderator, structure, commentWords, silenceRate } = measureConduct(slots);
  assert.deepEqual(participants.map(({ name, asked, comments }) => [name, asked, comments]), [
    ["Ann", 1, 1],
    ["Bob", 1, 0],
    ["Cem", 0, 0],
  ]);
  assert.deepEqual([moderator!.asked, commentWords, silenceRate], [1, [1, 2], 1 / 2]);
  // Ann's turn 2 follows her turn 0 and Bob's turn 1. Bob's turn 3 follows his turn 1 and Ann's turn 2.
  assert.deepEqual(structure, { turns: 2, answerable: 2, answered: 2, repeated: 0 });
  assert.equal([...repliesOf(slots)].length, 3);
});

Deno.test("DesignTally says which run branches continue, after which turn, and how often each past is used", () => {
  const tally = new DesignTally();
  const log = (events: readonly DiscussionEvent[]): ReadLog => ({
    discussion: "d1",
    damage: null,
    slots: slotsOf(events),
  });
  tally.ended(log(branch(4)));
  tally.ended(log(branch(4)));
  const { branches } = tally.facts();
  assert.deepEqual(branches, {
    discussions: 2,
    runs: { values: [{ value: "pilot", count: 2 }], complete: true },
    pasts: { values: [{ value: HASH, count: 2 }], complete: true },
    turns: { values: [{ value: 2, count: 2 }], complete: true },
  });
  const other = new DesignTally();
  other.ended(log(branch(4, null)));
  assert.equal(other.facts().branches, null);
});
