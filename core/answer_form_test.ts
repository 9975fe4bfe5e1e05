import assert from "node:assert/strict";
import { type AnswerForm, type AnswerProperty, formProblem, labelsOf } from "./answer_form.ts";

function object(properties: Readonly<Record<string, unknown>>, changes: object = {}): AnswerForm {
  const required = Object.keys(properties);
  return {
    answerSchema: {
      type: "object",
      properties: properties as Readonly<Record<string, AnswerProperty>>,
      required,
      additionalProperties: false,
      ...changes,
    },
  };
}

const list = (length: number) => Array.from({ length }, (_, index) => `label ${index}`);

const SOUND: readonly AnswerForm[] = [
  { answers: ["a"] },
  { answers: ["", '"', "\n", "😀", "__proto__"] },
  { answers: list(1000) },
  object({ "Höflichkeit 1": { type: "boolean" } }),
  object({ a: { type: "integer", minimum: -500, maximum: 499 }, b: { enum: list(1000) } }),
  object({ a: { type: "integer", minimum: 3, maximum: 3 }, b: { type: "string", maxLength: 10_000 } }),
];

for (const [index, form] of SOUND.entries()) {
  Deno.test(`formProblem() accepts valid form ${index + 1}`, () => {
    assert.equal(formProblem(form), null);
  });
}

const UNSOUND: readonly (readonly [form: AnswerForm, problem: RegExp])[] = [
  [{ answers: [] }, /^answers must list 1 to 1000 texts, found 0$/],
  [{ answers: list(1001) }, /found 1001$/],
  [{ answers: "ab" as unknown as string[] }, /^answers must be a list of texts$/],
  [{ answers: [1] as unknown as string[] }, /^answers must be a list of texts$/],
  [{ answerSchema: null } as unknown as AnswerForm, /^answerSchema must be a JSON schema$/],
  [{ answerSchema: { type: "object", additionalProperties: false } } as AnswerForm, /must have properties/],
  [object({ a: null }), /^the property "a" must be a schema$/],
  [{ answers: ["a", "b", "a"] }, /texts that all differ$/],
  [{ answers: ["\ud83d"] }, /without halves/],
  [{ answers: ["x".repeat(1001)] }, /up to 1000 characters/],
  [object({}), /1 to 50 properties, it has 0$/],
  [object(Object.fromEntries(list(51).map((name) => [name, { type: "boolean" }]))), /it has 51$/],
  [object({ a: { type: "boolean" } }, { required: [] }), /all of its properties as required/],
  [object({ a: { type: "boolean" } }, { required: ["a", "b"] }), /all of its properties as required/],
  [object({ a: { type: "boolean" } }, { additionalProperties: true }), /additionalProperties: false/],
  [object({ a: { type: "boolean" } }, { type: "array" }), /type "object"/],
  [object({ "1": { type: "boolean" } }), /the property "1" must have a name/],
  [object({ "a\n": { type: "boolean" } }), /the property "a\\n" must have a name/],
  [object({ a: { type: "integer", minimum: 1, maximum: 1001 } }), /at most 1000 numbers/],
  [object({ a: { type: "integer", minimum: 2, maximum: 1 } }), /a minimum and a maximum/],
  [object({ a: { type: "integer", minimum: 0.5, maximum: 1 } }), /whole numbers/],
  [object({ a: { type: "integer" } }), /a minimum and a maximum/],
  [object({ a: { enum: ["x", "x"] } }), /^the property "a" must list texts that all differ$/],
  [object({ a: { type: "string" } }), /a maxLength from 1 to 10000$/],
  [object({ a: { type: "string", maxLength: 0 } }), /a maxLength from 1/],
  [object({ a: { type: "number" } }), /must be an enum, or have the type integer, boolean or string$/],
];

for (const [form, problem] of UNSOUND) {
  Deno.test(`formProblem() reports ${problem} for ${JSON.stringify(form).slice(0, 100)}`, () => {
    assert.match(formProblem(form)!, problem);
  });
}

Deno.test("labelsOf() lists the values of a finite property, and returns null for a text", () => {
  assert.deepEqual(labelsOf({ type: "integer", minimum: -2, maximum: 1 }), ["-2", "-1", "0", "1"]);
  assert.deepEqual(labelsOf({ type: "boolean" }), ["true", "false"]);
  assert.deepEqual(labelsOf({ enum: ["b", "a"] }), ["b", "a"]);
  assert.equal(labelsOf({ type: "string", maxLength: 5 }), null);
});
