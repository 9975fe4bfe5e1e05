import assert from "node:assert/strict";
import { ANNOTATORS_MAX } from "./annotation_schema.ts";
import { annotationProblemsOf, RATED, SMALL } from "./testing.ts";

const SCALE = "  toxicity: { type: ordinal, min: 1, max: 5, question: How toxic? }";
const scaled = (scale: string) => RATED.replace(SCALE, `  s: ${scale}`);
const numbered = Array.from({ length: ANNOTATORS_MAX + 1 }, (_, index) => `{ name: n${index} }`).join(", ");

const WRONG: readonly (readonly [what: string, text: string, ...problems: string[]])[] = [
  ["an unknown key", `${RATED}histroy: 3\n`, 'a.yaml:7:1: histroy: unknown key; did you mean "history"?'],
  [
    "no scales",
    RATED.replace(/scales:[^]*/, ""),
    "a.yaml:2:1: scales: is missing: expected names and their scales",
  ],
  [
    "an empty mapping of scales",
    RATED.replace(/scales:[^]*/, "scales: {}\n"),
    "a.yaml:5:9: scales: expected 1 to 50 scales, found keys and values",
  ],
  [
    "no annotators",
    RATED.replace("annotators: { model: judge }\n", ""),
    "a.yaml:2:1: annotators: is missing: expected annotators: keys and values, or a list of groups",
  ],
  [
    "an empty list of annotators",
    RATED.replace("{ model: judge }", "[]"),
    "a.yaml:4:13: annotators: expected annotators: keys and values, or a list of groups, found an empty list",
  ],
  [
    "no models",
    RATED.replace(/models:\n.*\n/, ""),
    "a.yaml:2:1: models: is missing: expected names and their models",
    'a.yaml:2:22: annotators.model: there is no model "judge": the file has no models',
  ],
  [
    "an unknown model",
    RATED.replace("model: judge", "model: judg"),
    'a.yaml:4:22: annotators.model: there is no model "judg": expected judge; did you mean "judge"?',
  ],
  [
    "an unknown adapter",
    RATED.replace("scripted", "skripted"),
    'a.yaml:3:21: models.judge.adapter: there is no adapter "skripted": expected scripted or openai, or the path of your own; did you mean "scripted"?',
  ],
  [
    "a count without personas",
    RATED.replace("model: judge", "model: judge, count: 2"),
    "a.yaml:4:36: annotators.count: there are no personas to draw from",
  ],
  [
    "more annotators than personas",
    RATED.replace("model: judge", "model: judge, personas: judges.json, count: 4"),
    "a.yaml:4:59: annotators.count: expected at most 3, the number of personas, found 4",
  ],
  [
    "a missing file of personas",
    RATED.replace("model: judge", "model: judge, personas: none.json"),
    'a.yaml:4:39: annotators.personas: cannot read "none.json": there is no file "none.json"',
  ],
  [
    "a name for annotators with personas",
    RATED.replace("model: judge", "model: judge, name: X, personas: judges.json"),
    "a.yaml:4:29: annotators.name: annotators with personas have the names of their personas: remove this key",
  ],
  [
    "two annotators with one name",
    RATED.replace("{ model: judge }", "[{ model: judge }, { model: judge }]"),
    'a.yaml:4:13: annotators: two annotators have the name "judge"',
  ],
  [
    "more annotators than the limit",
    RATED.replace("model: judge", `model: judge, personas: [${numbered}]`),
    "a.yaml:4:13: annotators: expected at most 1000 annotators, found 1001",
  ],
  [
    "an unknown key of a group in a list",
    RATED.replace("{ model: judge }", "[{ model: judge, modl: x }]"),
    'a.yaml:4:30: annotators.0.modl: unknown key; did you mean "model"?',
  ],
  [
    "a negative history",
    `${RATED}history: -1\n`,
    "a.yaml:7:10: history: expected a whole number from 0 to 100000, or all, found -1",
  ],
  [
    "unknown targets",
    `${RATED}targets: participant\n`,
    'a.yaml:7:10: targets: expected all, participants or moderators, found the text "participant"; did you mean "participants"?',
  ],
  [
    "a sample of zero comments",
    `${RATED}targets: { perDiscussion: 0 }\n`,
    "a.yaml:7:27: targets.perDiscussion: expected a whole number from 1 to 1000000, found 0",
  ],
  [
    "an unknown form of requests",
    `${RATED}requests: both\n`,
    'a.yaml:7:11: requests: expected together or separate, found the text "both"',
  ],
  [
    "too many retries",
    `${RATED}retries: 21\n`,
    "a.yaml:7:10: retries: expected a whole number from 0 to 20, found 21",
  ],
  [
    "a pass name with a slash",
    `${RATED}pass: a/b\n`,
    'a.yaml:7:7: pass: expected a name of at most 100 letters, digits, "-", "_" and ".", found the text "a/b"',
  ],
  [
    "a scale name that begins with a digit",
    RATED.replace("toxicity", '"1st"'),
    'a.yaml:6:3: scales.1st: expected a name of at most 64 letters, digits, spaces, "-" and "_" that begins with a letter, found the text "1st"',
  ],
  [
    "a scale without a type",
    scaled("{ question: Q? }"),
    "a.yaml:6:3: scales.s.type: is missing: expected ordinal, interval, nominal, boolean or text",
  ],
  [
    "a scale of an unknown type",
    scaled("{ type: likert, question: Q? }"),
    'a.yaml:6:14: scales.s.type: expected ordinal, interval, nominal, boolean or text, found the text "likert"',
  ],
  [
    "a scale that is a number",
    scaled("5"),
    "a.yaml:6:6: scales.s: expected a scale: keys and values, found 5",
  ],
  [
    "a scale without a question",
    scaled("{ type: boolean }"),
    "a.yaml:6:3: scales.s.question: is missing: expected a question",
  ],
  [
    "a key that the type of the scale does not have",
    scaled("{ type: boolean, question: Q?, min: 1 }"),
    "a.yaml:6:37: scales.s.min: unknown key: expected one of type, question, grammar, labels",
  ],
  [
    "limits in the wrong order",
    scaled("{ type: interval, min: 1, max: 1, question: Q? }"),
    "a.yaml:6:37: scales.s.max: expected a number above min, which is 1, found 1",
  ],
  [
    "a limit that is not a whole number",
    scaled("{ type: ordinal, min: 1, max: 1.5, question: Q? }"),
    "a.yaml:6:36: scales.s.max: expected a whole number, found 1.5",
  ],
  [
    "an infinite limit",
    scaled("{ type: interval, min: 1, max: .inf, question: Q? }"),
    "a.yaml:6:37: scales.s.max: expected a number, found Infinity",
  ],
  [
    "labels of an ordinal scale without numbers",
    scaled("{ type: ordinal, min: 1, max: 2, question: Q?, labels: [low, high] }"),
    "a.yaml:6:61: scales.s.labels: expected what its numbers mean, such as { 1: mild, 5: severe }, found a list",
  ],
  [
    "a label for a number outside the scale",
    scaled("{ type: ordinal, min: 1, max: 2, question: Q?, labels: { 3: high } }"),
    "a.yaml:6:63: scales.s.labels.3: expected a number from 1 to 2",
  ],
  [
    "a label for a number with a leading zero",
    scaled('{ type: ordinal, min: 1, max: 2, question: Q?, labels: { "01": low } }'),
    'a.yaml:6:63: scales.s.labels.01: expected a whole number, found the text "01"',
  ],
  [
    "labels that are too similar",
    scaled("{ type: nominal, question: Q?, labels: [Yes!, no, yes] }"),
    'a.yaml:6:45: scales.s.labels: "Yes!" and "yes" count as the same answer: case, spaces and signs around a label do not matter',
  ],
  [
    "a nominal scale with one label",
    scaled("{ type: nominal, question: Q?, labels: [a] }"),
    "a.yaml:6:45: scales.s.labels: expected a list of at least two labels, found a list",
  ],
  [
    "a label of two lines",
    scaled('{ type: nominal, question: Q?, labels: [a, "b\\nc"] }'),
    'a.yaml:6:49: scales.s.labels.1: expected a label: one line of 1 to 200 visible characters without spaces around it, found the text "b\\nc"',
  ],
  [
    "an unknown grammar",
    scaled("{ type: boolean, question: Q?, grammar: strict }"),
    'a.yaml:6:46: scales.s.grammar: expected exact or mention, found the text "strict"',
  ],
  [
    "scale names that are too similar",
    `${RATED}  Toxicity: { type: boolean, question: Q? }\n`,
    'a.yaml:7:3: scales.Toxicity: the names "toxicity" and "Toxicity" are too similar: a reply could mean either scale',
  ],
  [
    "a seed with a fraction",
    `${RATED}seed: 1.5\n`,
    "a.yaml:7:7: seed: expected a whole number, or a text of 1 to 200 characters, found 1.5",
  ],
];

for (const [what, text, ...problems] of WRONG) {
  Deno.test(`parseAnnotation() refuses ${what}`, async () => {
    assert.deepEqual(await annotationProblemsOf(text), problems);
  });
}

Deno.test("parseAnnotation() refuses an experiment without the section", async () => {
  assert.deepEqual(await annotationProblemsOf(SMALL), [
    "a.yaml:2:1: the experiment has no section annotation",
  ]);
});
