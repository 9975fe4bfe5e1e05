import assert from "node:assert/strict";
import { promptWriter } from "./prompt_writer.ts";
import { syndiscoPythonSet } from "./syndisco_python_set.ts";

const writer = promptWriter(syndiscoPythonSet);

const ANN = {
  name: "ann",
  persona: { age: 41, traits: ["calm", "“dry”"], note: "" },
  context: "A forum.",
  role: { name: "", instructions: "" },
  instructions: 'Be "brief".\nÀ bientôt 🙂',
};

// Version 2.0.7 of the library wrote these texts for the same actors.
const SYSTEM = String
  .raw`{"context": "A forum.", "instructions": "Be \"brief\".\n\u00c0 bient\u00f4t \ud83d\ude42", "type": "1", "persona": {"username": "ann", "age": 41, "traits": ["calm", "\u201cdry\u201d"], "note": ""}}`;

Deno.test("syndisco-python writes the same system messages as the library", () => {
  assert.equal(writer.message("participantSystem", ANN), SYSTEM);
  assert.equal(writer.message("moderatorSystem", ANN), SYSTEM);
  // Personas that were imported from the library contain their names.
  const persona = { username: "ann", ...ANN.persona };
  assert.equal(writer.message("participantSystem", { ...ANN, persona }), SYSTEM);
});

Deno.test("syndisco-python writes the instructions of a role before the shared instructions", () => {
  const role = { name: "troll", instructions: "Provoke." };
  const instructionsIn = (own: object) =>
    JSON.parse(writer.message("participantSystem", { ...ANN, role, ...own })).instructions;
  assert.equal(instructionsIn({ instructions: "" }), "Provoke.");
  assert.equal(instructionsIn({ instructions: "Write." }), "Provoke.\n\nWrite.");
});

Deno.test("syndisco-python asks for comments with the same words as the library", () => {
  const comments = writer.comments([{ author: "ben", text: "Why?" }, { author: "cleo", text: "É so." }]);
  const expected = String
    .raw`{"role": "user", "content": "User ben posted:\nWhy?\nUser cleo posted:\n\u00c9 so.\nUser ann posted:"}`;
  for (const template of ["participant", "moderator"] as const) {
    assert.equal(writer.message(template, { ...ANN, comments, first: false, mayBeSilent: true }), expected);
  }
});

Deno.test("syndisco-python asks annotators about scales", () => {
  const comments = writer.comments([{ author: "ben", text: "Why?" }]);
  const toxicity = {
    name: "toxicity",
    question: "How toxic?",
    form: "a whole number from 1 to 5",
    labels: [],
  };
  const stance = { ...toxicity, name: "stance", question: "For or against?", form: "for or against" };
  const asked = (scales: readonly object[]) =>
    JSON.parse(writer.message("annotator", { ...ANN, comments, scales })).content;
  assert.equal(
    asked([toxicity]),
    "Conversation so far:\nUser ben posted:\nWhy?\nHow toxic? (a whole number from 1 to 5)\n" +
      "Answer only with the value.\nOutput:",
  );
  assert.equal(
    asked([toxicity, stance]),
    "Conversation so far:\nUser ben posted:\nWhy?\ntoxicity: How toxic? (a whole number from 1 to 5)\n" +
      "stance: For or against? (for or against)\nAnswer only with a JSON object.\nOutput:",
  );
});
