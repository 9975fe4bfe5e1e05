import assert from "node:assert/strict";
import {
  designWith,
  intervened,
  moderatorWith,
  participantsNamed,
  turnTaken,
} from "../../core/testing/mod.ts";
import { IMPORTED_MODEL } from "../../core/discussion/mod.ts";
import type { DiscussionDesign, DiscussionEvent } from "../../core/events/mod.ts";
import { measureConduct } from "./conduct.ts";
import { peoplesPart, slotsOf } from "./mod.ts";

const HUMAN = { adapter: "human", sampling: {}, options: {} };
const SCRIPTED = { adapter: "scripted", sampling: {}, options: {} };

/** A discussion in which Ann, Bob, Ann and the host speak, in this order. */
function discussion(changes: Partial<DiscussionDesign>): readonly DiscussionEvent[] {
  return [
    { type: "DiscussionOpened", data: designWith({ turns: 3, openings: [], ...changes }) },
    turnTaken({ turn: 0, comment: 0, participant: "Ann", text: "One" }),
    turnTaken({ turn: 1, comment: 1, participant: "Bob", text: "Two words" }),
    turnTaken({ turn: 2, comment: 2, participant: "Ann", text: "And three words" }),
    intervened(2, 3, "Calm down, all of you"),
  ];
}

function seats(ann: string, bob: string, host: string): Partial<DiscussionDesign> {
  const [first, second] = participantsNamed("Ann", "Bob");
  return {
    participants: [{ ...first!, model: ann }, { ...second!, model: bob }],
    moderator: { ...moderatorWith(), model: host },
  };
}

/** The words of the comments that count, and the number of comments that do not. */
function countedIn(changes: Partial<DiscussionDesign>) {
  const part = peoplesPart(slotsOf(discussion(changes)));
  return part === null ? null : [measureConduct(part.discussion).commentWords, part.others];
}

Deno.test("peoplesPart() keeps the comments of people, and marks the comments of models", () => {
  const models = { me: HUMAN, bot: SCRIPTED };
  assert.deepEqual(countedIn({ ...seats("me", "bot", "bot"), models }), [[1, 3], 2]);
  assert.deepEqual(countedIn({ ...seats("bot", "me", "me"), models }), [[2, 5], 2]);
  assert.deepEqual(countedIn({ ...seats("me", "me", "me"), models }), [[1, 2, 3, 5], 0]);
  assert.equal(countedIn({ ...seats("bot", "bot", "bot"), models }), null);
});

Deno.test('peoplesPart() treats imported speakers as people if they have no model, or the model "human"', () => {
  const models = { unknown: IMPORTED_MODEL, human: IMPORTED_MODEL, qwen: IMPORTED_MODEL };
  assert.deepEqual(countedIn({ ...seats("unknown", "human", "qwen"), models }), [[1, 2, 3], 1]);
  assert.equal(countedIn({ ...seats("qwen", "qwen", "qwen"), models }), null);
});

Deno.test("peoplesPart() keeps the turns of models: a person's turn after them is not a repeated turn", () => {
  const models = { me: HUMAN, bot: SCRIPTED };
  const part = peoplesPart(slotsOf(discussion({ ...seats("me", "bot", "bot"), models })))!;
  const { structure, participants, moderator } = measureConduct(part.discussion);
  assert.deepEqual([structure.turns, structure.repeated], [2, 0]);
  assert.deepEqual([participants.map(({ name }) => name), moderator], [["Ann"], null]);
});

Deno.test("peoplesPart() does not count a speaker as a person if the log lacks the settings of the model", () => {
  assert.deepEqual(countedIn({ ...seats("me", "lost", "lost"), models: { me: HUMAN } }), [[1, 3], 2]);
});
