import assert from "node:assert/strict";
import { slotsOf } from "../../../../analysis/projections/mod.ts";
import type { DiscussionEvent } from "../../../../core/events/mod.ts";
import {
  abstained,
  designWith,
  intervened,
  interventionPosted,
  moderatorWith,
  seedPosted,
  turnPassed,
  turnTaken,
} from "../../../../core/testing/mod.ts";
import { alignedRows, firstDifference } from "./aligned.ts";

const OPENING = seedPosted(0, "Ann", "Should buses run at night?");

function slotsWith(events: readonly DiscussionEvent[], changes: Parameters<typeof designWith>[0] = {}) {
  const data = designWith({ moderator: moderatorWith(), ...changes });
  return slotsOf([{ type: "DiscussionOpened", data }, ...events]).slots;
}

const textsOf = (columns: Parameters<typeof alignedRows>[0]) =>
  alignedRows(columns).map(({ place, cells, isShared }) => [
    place,
    ...cells.map((slot) => slot === null ? null : slot.text ?? slot.silence),
    ...isShared ? ["shared"] : [],
  ]);

Deno.test("alignedRows() puts turns with the same number side by side, and leaves gaps", () => {
  const one = slotsWith([
    OPENING,
    turnTaken({ turn: 0, comment: 1, participant: "Bob", text: "Yes." }),
    interventionPosted(0, 2),
    intervened(0, 3, "Calm."),
    turnPassed(1, "Ann"),
    abstained(1),
  ]);
  const other = slotsWith([
    OPENING,
    turnTaken({ turn: 0, comment: 1, participant: "Cem", text: "No." }),
    turnTaken({ turn: 1, comment: 2, participant: "Ann", text: "Why?" }),
    turnTaken({ turn: 2, comment: 3, participant: "Bob", text: "So." }),
  ]);
  assert.deepEqual(textsOf([one, other, []]), [
    ["opening 1", "Should buses run at night?", "Should buses run at night?", null],
    ["turn 1", "Yes.", "No.", null],
    ["scripted after turn 1", "Stop.", null, null],
    ["moderator after turn 1", "Calm.", null, null],
    ["turn 2", "empty", "Why?", null],
    ["moderator after turn 2", "pass-word", null, null],
    ["turn 3", null, "So.", null],
  ]);
});

Deno.test("alignedRows() shares copied slots of branches and equal openings, but not comments that are equal by chance", () => {
  const first = turnTaken({ turn: 0, comment: 1, participant: "Bob", text: "Yes." });
  const second = turnTaken({ turn: 1, comment: 2, participant: "Ann", text: "No." });
  const forkedFrom = { stream: "d0", seq: 2, events: 2, hash: "f".repeat(64), run: "r" };
  const origin = slotsWith([OPENING, first, second]);
  const branch = slotsWith([OPENING, first, second], { forkedFrom });
  assert.deepEqual(textsOf([origin, branch]), [
    ["opening 1", "Should buses run at night?", "Should buses run at night?", "shared"],
    ["turn 1", "Yes.", "Yes.", "shared"],
    ["turn 2", "No.", "No."],
  ]);
});

Deno.test("firstDifference() gives the first row that differs, and ignores rows that a discussion has not reached", () => {
  const turn = (at: number, text: string) =>
    turnTaken({ turn: at, comment: at + 1, participant: "Bob", text });
  const one = slotsWith([OPENING, turn(0, "Yes."), turn(1, "No.")]);
  const other = slotsWith([OPENING, turn(0, "Yes."), turn(1, "Maybe.")]);
  const shorter = slotsWith([OPENING, turn(0, "Yes.")]);
  assert.equal(firstDifference(alignedRows([one, other])), 2);
  assert.equal(firstDifference(alignedRows([one, shorter])), null);
  assert.equal(firstDifference(alignedRows([slotsWith([turn(0, "A.")]), slotsWith([turn(0, "B.")])])), null);
  const moderated = slotsWith([OPENING, turn(0, "Yes."), intervened(0, 2, "Calm.")]);
  assert.equal(firstDifference(alignedRows([one, moderated])), 2);
  assert.equal(firstDifference(alignedRows([moderated, one])), 2);
});
