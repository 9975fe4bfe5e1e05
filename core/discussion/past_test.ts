import assert from "node:assert/strict";
import { abstained, interventionPosted, seedPosted, turnPassed, turnTaken } from "../testing/mod.ts";
import { upToTurn } from "./past.ts";

const OPENED = { type: "DiscussionOpened" };
const EVENTS = [
  OPENED,
  seedPosted(0, "Ann", "Well?"),
  turnTaken({ turn: 0, comment: 1, participant: "Bob", text: "Yes." }),
  interventionPosted(0, 2),
  abstained(0),
  turnPassed(1, "Ann"),
  abstained(1),
];

Deno.test("upToTurn() ends with the turn itself, before the interventions and the moderator's reply that follow the turn", () => {
  assert.deepEqual(upToTurn(EVENTS, 0), { events: EVENTS.slice(0, 2), turns: 0 });
  assert.deepEqual(upToTurn(EVENTS, 1), { events: EVENTS.slice(0, 3), turns: 1 });
  assert.deepEqual(upToTurn(EVENTS, 2), { events: EVENTS.slice(0, 6), turns: 2 });
});

Deno.test("upToTurn() says how many turns a log has if it ends before the given turn", () => {
  assert.equal(upToTurn(EVENTS, 3).turns, 2);
  assert.deepEqual(upToTurn([OPENED], 0), { events: [OPENED], turns: 0 });
});
