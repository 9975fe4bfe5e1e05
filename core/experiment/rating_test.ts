import assert from "node:assert/strict";
import { parsed, problemsOf, SMALL } from "./testing.ts";

const SCALES = `annotation:
  annotators: { model: talker }
  scales:
    toxicity: { type: ordinal, min: 1, max: 5, question: "How toxic?", labels: { 5: severe } }
    insult: { type: boolean, question: "Does it insult?" }
    why: { type: text, question: "Why?" }
`;
const KNOWN = `- comments: [{ author: Ann, text: Hm. }, { author: Bob, text: You idiot. }]
  answers: { toxicity: 5, insult: true }
- comments: [{ author: Ann, text: "Yes" }]
  answers: { insult: "no" }
`;
const FILES = { "guide.md": "Rate calmly.\n", "known.yaml": KNOWN };
const RATING =
  `${SMALL}${SCALES}people: { rating: { instructions: guide.md, known: known.yaml, quiz: known.yaml } }\n`;

Deno.test("parseExperiment() reads people.rating: instructions, a share of repeats, and items with known answers", async () => {
  const { people: { rating }, annotation } = await parsed(RATING, { files: FILES });
  const items = [
    {
      comments: [{ author: "Ann", text: "Hm." }, { author: "Bob", text: "You idiot." }],
      answers: { toxicity: "5", insult: "yes" },
    },
    { comments: [{ author: "Ann", text: "Yes" }], answers: { insult: "no" } },
  ];
  const expected = { instructions: "Rate calmly.\n", repeat: 0.05, known: items, quiz: items };
  assert.deepEqual(rating, expected);
  assert.deepEqual(annotation!.people.rating, expected);
});

Deno.test("parseExperiment() names a wrong value of people.rating, and its place in the file of items", async () => {
  const problems = (rating: string, known = KNOWN) =>
    problemsOf(`${SMALL}${SCALES}people:\n  rating: ${rating}\n`, {
      files: { ...FILES, "known.yaml": known },
    });
  const one = (answers: string) => `- { comments: [{ author: A, text: x }], answers: ${answers} }\n`;
  const [first] = await problems("{ repeat: 2 }");
  assert.match(first!, /people\.rating\.repeat: expected a number from 0 to 1, found 2$/);
  for (
    const [known, reason] of [
      ["[]", "expected at least one item"],
      [one("{ toxicity: 7 }"), "0.answers.toxicity: the reply holds 7, expected a whole number from 1 to 5"],
      [one("{ mood: 1 }"), "0.answers.mood: the pass has no scale of this name"],
      [one("{ why: because }"), "0.answers.why: an answer in free words cannot be compared; remove it"],
      [one("{}"), "0.answers: expected at least one answer"],
      ["- { comments: [], answers: { toxicity: 1 } }", "0.comments: expected at least one comment"],
    ] as const
  ) {
    const [found, ...others] = await problems("{ known: known.yaml }", known);
    assert.deepEqual(others, []);
    assert.ok(found!.includes(`people.rating.known: cannot use "known.yaml": ${reason}`), `${found}`);
  }
  const [missing] = await problems("{ quiz: gone.yaml }");
  assert.match(missing!, /people\.rating\.quiz: cannot use "gone\.yaml": there is no file "gone\.yaml"$/);
  const [unnamed] = await problems("{ quiz: known.csv }");
  assert.match(unnamed!, /its name does not end in \.json, \.yaml or \.yml$/);
});

Deno.test("parseExperiment() refuses an annotation that asks a person for all scales in one request", async () => {
  const text = RATING.replace("{ model: talker }", "{ model: anna }\n  requests: together")
    .replace("models:\n", "models:\n  anna: { adapter: human }\n");
  assert.match(text, /adapter: human/);
  const found = await problemsOf(text, { files: FILES });
  assert.ok(
    found.some((problem) => /annotation\.requests: the annotator's model "anna" is a person/.test(problem)),
  );
});
