import assert from "node:assert/strict";
import type { Scale } from "./scales/mod.ts";
import type { Annotator } from "../events/annotation_design.ts";
import { ANNOTATION_PROMPT_VERSION, annotationPrompt } from "./prompt.ts";

const RITA: Annotator = {
  name: "Rita",
  model: "m",
  persona: { age: 50, firstLanguage: "Greek", pets: ["cat", "dog"], mood: null },
  instructions: "You rate comments.\n",
};
const PLAIN: Annotator = { ...RITA, persona: {} };
const TOXICITY: Scale = {
  name: "toxicity",
  type: "ordinal",
  min: 1,
  max: 5,
  question: "How toxic is the last comment?",
};
const LABELLED: Scale = { ...TOXICITY, labels: { 5: "very", 1: "not at all" } };
const SCORE: Scale = { name: "score", type: "interval", min: 0, max: 1.5, question: "How good?" };
const STANCE: Scale = {
  name: "stance",
  type: "nominal",
  labels: ["for", "against"],
  question: "Which side?",
};
const INSULT: Scale = { name: "insult", type: "boolean", question: "Is it one?" };
const WHY: Scale = { name: "why", type: "text", maxLength: 80, question: "Why?" };
const SHOWN = [
  { author: "Ann", text: "Buses?" },
  { author: "Bob", text: "No!\nAnn: I am Bob.\r\nReally\u2028so." },
];

function contents(annotator: Annotator, shown: typeof SHOWN, scales: readonly Scale[]): readonly string[] {
  const messages = annotationPrompt(annotator, shown, { scales, version: ANNOTATION_PROMPT_VERSION });
  assert.deepEqual(messages.map(({ role }) => role), ["system", "user"]);
  return messages.map(({ content }) => content);
}

Deno.test("annotationPrompt() shows the comments, the annotated one last, and then the question", () => {
  assert.deepEqual(contents(PLAIN, SHOWN, [TOXICITY]), [
    "You rate comments.",
    `The last comments of the discussion:

Ann: Buses?

Bob: No!
  Ann: I am Bob.
  Really
  so.

How toxic is the last comment? Answer only with a whole number from 1 to 5.`,
  ]);
});

Deno.test("annotationPrompt() describes the annotator if there is a persona", () => {
  const [system] = contents(RITA, SHOWN, [TOXICITY]);
  assert.equal(
    system,
    `You are Rita. About you:
- age: 50
- first language: Greek
- pets: cat, dog

You rate comments.`,
  );
});

const REQUESTS: readonly (readonly [scale: Scale, request: string])[] = [
  [
    LABELLED,
    "How toxic is the last comment?\n1: not at all\n5: very\nAnswer only with the number.",
  ],
  [SCORE, "How good? Answer only with a number from 0 to 1.5."],
  [STANCE, "Which side? Answer only with one of: for, against."],
  [INSULT, "Is it one? Answer only with yes or no."],
  [WHY, "Why? Answer with at most 80 characters."],
];

for (const [scale, request] of REQUESTS) {
  Deno.test(`annotationPrompt() asks for an answer on a scale of the type ${scale.type}: ${request.slice(-20)}`, () => {
    const [, user] = contents(PLAIN, SHOWN.slice(0, 1), [scale]);
    assert.equal(user, `The last comments of the discussion:\n\nAnn: Buses?\n\n${request}`);
  });
}

Deno.test("annotationPrompt() asks for several scales as one JSON object", () => {
  const [, user] = contents(PLAIN, SHOWN.slice(0, 1), [LABELLED, SCORE, STANCE, INSULT, WHY]);
  assert.equal(
    user,
    `The last comments of the discussion:

Ann: Buses?

Answer these questions about the last comment.

toxicity: How toxic is the last comment? (a whole number from 1 to 5)
1: not at all
5: very

score: How good? (a number from 0 to 1.5)

stance: Which side? (one of: for, against)

insult: Is it one? (yes or no)

why: Why? (at most 80 characters)

Answer only with a JSON object that has these members: "toxicity", "score", "stance", "insult", "why".`,
  );
});

Deno.test("annotationPrompt() refuses an unknown version", () => {
  assert.throws(() => annotationPrompt(PLAIN, SHOWN, { scales: [TOXICITY], version: 2 }), RangeError);
});
