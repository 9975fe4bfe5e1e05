import assert from "node:assert/strict";
import fc from "fast-check";
import { anyText } from "../testing/any_text.ts";
import type { AnswerForm, AnswerSchema } from "../answer_form.ts";
import { answerText, readAnswer } from "./read_answer.ts";

const ANSWERS: AnswerForm = { answers: ["1", "10", " 1", "", 'say "x"', "a\nb"] };

const SCHEMA: AnswerSchema = {
  type: "object",
  properties: {
    score: { type: "integer", minimum: -2, maximum: 3 },
    kind: { enum: ["a", '"', "😀\n"] },
    sure: { type: "boolean" },
    why: { type: "string", maxLength: 3 },
  },
  required: ["why", "sure", "kind", "score"],
  additionalProperties: false,
};

const GOOD = { score: -2, kind: '"', sure: false, why: "😀ab" };

Deno.test("readAnswer() accepts an allowed answer, with spaces around it or in it", () => {
  for (
    const [text, answer] of [["1", "1"], [" 1", " 1"], ["  1\n", "1"], ["10", "10"], [" \t", ""], [
      "a\nb ",
      "a\nb",
    ]]
  ) {
    assert.deepEqual(readAnswer(ANSWERS, text!), { value: answer, text: answer });
  }
  for (const text of ["2", "1.", '"1"', "1 0", "The answer is 1", "say 'x'"]) {
    assert.deepEqual(readAnswer(ANSWERS, text), { problem: "it is not an allowed answer" });
  }
});

Deno.test("readAnswer() accepts any JSON spelling of an object, and writes it in the schema's order", () => {
  const written = [
    JSON.stringify(GOOD),
    JSON.stringify(GOOD, null, 2),
    ' {"why": "\\ud83d\\ude00a\\u0062", "sure": false, "kind": "\\"", "score": -2.0}\n',
  ];
  for (const text of written) {
    assert.deepEqual(readAnswer({ answerSchema: SCHEMA }, text), {
      value: GOOD,
      text: '{"score":-2,"kind":"\\"","sure":false,"why":"😀ab"}',
    });
  }
  const zero = readAnswer({ answerSchema: SCHEMA }, JSON.stringify(GOOD).replace("-2", "-0"));
  assert.ok("value" in zero && Object.is((zero.value as typeof GOOD).score, 0));
});

const REFUSED: readonly (readonly [text: string, problem: RegExp])[] = [
  ["", /^it is empty$/],
  ["Sure! {}", /^it is not the JSON text of an object$/],
  ["```json\n" + JSON.stringify(GOOD) + "\n```", /not the JSON text/],
  ["[1]", /not the JSON text of an object/],
  ["null", /not the JSON text of an object/],
  [JSON.stringify({ ...GOOD, why: undefined }), /^its property "why" is missing$/],
  [JSON.stringify({ ...GOOD, more: 1 }), /^it has a property that was not asked for$/],
  [JSON.stringify({ ...GOOD, __proto__x: 1 }).replace("__proto__x", "__proto__"), /not asked for/],
  [JSON.stringify(GOOD).replace("{", '{"score":1,'), /^it gives a property twice$/],
  [JSON.stringify(GOOD).replace("{", '{"sco\\u0072e":1,'), /^it gives a property twice$/],
  [JSON.stringify({ ...GOOD, score: 4 }), /^its property "score" must be a whole number from -2 to 3$/],
  [JSON.stringify({ ...GOOD, score: 0.5 }), /"score" must be/],
  [JSON.stringify({ ...GOOD, score: "1" }), /"score" must be/],
  [JSON.stringify({ ...GOOD, kind: "b" }), /"kind" must be one of its allowed texts/],
  [JSON.stringify({ ...GOOD, sure: "true" }), /"sure" must be true or false/],
  [JSON.stringify({ ...GOOD, sure: null }), /"sure" must be true or false/],
  [JSON.stringify({ ...GOOD, why: "abcd" }), /"why" must be a text of up to 3 characters/],
  [JSON.stringify({ ...GOOD, why: { x: 1 } }), /"why" must be a text/],
];

for (const [text, problem] of REFUSED) {
  Deno.test(`readAnswer() refuses ${JSON.stringify(text)}`, () => {
    const read = readAnswer({ answerSchema: SCHEMA }, text);
    assert.match("problem" in read ? read.problem : "", problem);
  });
}

Deno.test("readAnswer() reads every text that answerText() writes", () => {
  const value = fc.record({
    why: fc.string({ unit: "grapheme-ascii", maxLength: 3 }),
    score: fc.integer({ min: -2, max: 3 }),
    sure: fc.boolean(),
    kind: fc.constantFrom("a", '"', "😀\n"),
  }, { noNullPrototype: true });
  fc.assert(fc.property(value, (value) => {
    const text = answerText(SCHEMA, value);
    assert.deepEqual(Object.keys(JSON.parse(text)), ["score", "kind", "sure", "why"]);
    assert.deepEqual(readAnswer({ answerSchema: SCHEMA }, text), { value, text });
  }));
});

Deno.test("readAnswer() does not throw for any text", () => {
  fc.assert(fc.property(fc.oneof(anyText(), fc.json()), (text) => {
    assert.ok("problem" in readAnswer({ answerSchema: SCHEMA }, text));
  }));
});
