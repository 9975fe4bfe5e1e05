import assert from "node:assert/strict";
import type { DiscussionDesign, Participant } from "../../../core/events/discussion_design.ts";
import { evolve, initialState, type OpenState, participantPrompt } from "../../../core/discussion/mod.ts";
import { lastComment } from "./lines.ts";

const lastOf = (content: string) => lastComment([{ role: "user", content }]);

Deno.test("lastComment() finds the last comment of a transcript", () => {
  const prompt =
    "The last comments of the discussion:\n\nAnna: One.\n\nBob: Two: three.\n\nIt is your turn, Cem.";
  assert.deepEqual(lastOf(prompt), { author: "Bob", text: "Two: three." });
});

Deno.test("lastComment() returns all lines of a comment", () => {
  const prompt = "Anna: One.\n\nBob: Two,\n  three.\n  \n  Four: five.\n\nIt is your turn, Cem.";
  assert.deepEqual(lastOf(prompt), { author: "Bob", text: "Two,\nthree.\n\nFour: five." });
});

Deno.test("lastComment() returns null for a prompt without comments", () => {
  assert.equal(lastOf("Nobody has spoken yet. Open the discussion, Anna: now."), null);
  assert.equal(lastOf("The discussion so far:\n\nIt is your turn, Cem."), null);
  assert.equal(lastOf(""), null);
  assert.equal(lastComment([]), null);
});

function design(layout: "transcript" | "dialogue"): DiscussionDesign {
  const person = (name: string) => ({ name, model: "scripted", persona: { age: 30 } });
  return {
    id: "d",
    experiment: "e",
    condition: "base",
    factors: {},
    varied: {},
    replicate: 1,
    seed: "s",
    participants: [person("Anna"), person("Bob")],
    moderator: null,
    openings: [{ author: "Anna", text: "Buses first.\n\nThen trains." }],
    turns: 4,
    history: 3,
    turnTaking: { name: "random", options: {} },
    passWord: "PASS",
    prompt: { layout, version: 1, context: "You discuss.", instructions: "Be brief." },
    models: {},
  };
}

for (const layout of ["transcript", "dialogue"] as const) {
  Deno.test(`lastComment() finds the last comment of a prompt with the layout ${layout}`, () => {
    let state = evolve(initialState, { type: "DiscussionOpened", data: design(layout) });
    const [anna, bob] = design(layout).participants as [Participant, Participant];
    assert.equal(lastComment(participantPrompt(state as OpenState, bob)), null);
    const data = { comment: 0, author: "Anna", text: "Buses first.\n\nThen trains." };
    state = evolve(state, { type: "SeedCommentPosted", data });
    const last = lastComment(participantPrompt(state as OpenState, bob));
    assert.deepEqual(last, { author: "Anna", text: "Buses first.\n\nThen trains." });
    if (layout === "dialogue") assert.equal(lastComment(participantPrompt(state as OpenState, anna)), null);
  });
}
