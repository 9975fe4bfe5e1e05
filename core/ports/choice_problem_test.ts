import assert from "node:assert/strict";
import type { AnswerForm } from "../answer_form.ts";
import { choiceProblem } from "./read_answer.ts";

const ANSWERS: AnswerForm = { answers: ["1", "2", "__proto__"] };
const SCHEMA: AnswerForm = {
  answerSchema: {
    type: "object",
    properties: { score: { type: "integer", minimum: 0, maximum: 1 }, why: { type: "string", maxLength: 9 } },
    required: ["score", "why"],
    additionalProperties: false,
  },
};

const SHARES = Object.fromEntries([["1", 0.25], ["2", 0.75], ["__proto__", 0]]);
const one = (answer: unknown, probabilities: unknown) => ({ text: "2", choice: { answer, probabilities } });
const object = (choices: unknown, text = '{"score":1,"why":""}') => ({ text, choices });
const score = { answer: "1", probabilities: { "0": 0.4, "1": 0.6 } };

const CASES: readonly (readonly [
  form: AnswerForm | null,
  reply: Parameters<typeof choiceProblem>[1],
  problem: string | null,
])[] = [
  [null, { text: "Hi" }, null],
  [ANSWERS, { text: "anything" }, null],
  [ANSWERS, one("2", SHARES), null],
  [SCHEMA, object({ score }), null],
  [null, one("2", SHARES), "its choice was not asked for"],
  [SCHEMA, one("2", SHARES), "its choice was not asked for"],
  [ANSWERS, object({ score }), "its choices were not asked for"],
  [ANSWERS, { text: "2", choice: null }, "its choice has no probabilities"],
  [ANSWERS, one("2", undefined), "its choice has no probabilities"],
  [ANSWERS, one("1", SHARES), "its choice differs from its text"],
  [ANSWERS, { ...one("3", SHARES), text: "3" }, "its choice is not an allowed answer"],
  [
    ANSWERS,
    one("2", { "1": 0.25, "2": 0.75 }),
    "its choice does not have one probability for each allowed answer",
  ],
  [
    ANSWERS,
    one("2", { ...SHARES, "3": 0 }),
    "its choice does not have one probability for each allowed answer",
  ],
  [ANSWERS, one("2", { ...SHARES, "1": -0.25 }), "its choice has a probability that is not from 0 to 1"],
  [ANSWERS, one("2", { ...SHARES, "1": NaN }), "its choice has a probability that is not from 0 to 1"],
  [ANSWERS, one("2", { ...SHARES, "1": "0.25" }), "its choice has a probability that is not from 0 to 1"],
  [ANSWERS, one("2", { ...SHARES, "1": 0.3 }), "its choice has probabilities that do not sum to one"],
  [
    SCHEMA,
    object({ score }, "no object"),
    "it has choices, but its text does not have the requested form: it is not the JSON text of an object",
  ],
  [SCHEMA, object("none"), "its choices are not an object"],
  [SCHEMA, object({}), "its choices do not have one entry for each finite property"],
  [SCHEMA, object({ score, why: score }), "its choices do not have one entry for each finite property"],
  [SCHEMA, object({ other: score }), 'its choice of "score" has no probabilities'],
  [SCHEMA, object({ score: { ...score, answer: "0" } }), 'its choice of "score" differs from its text'],
];

for (const [index, [form, reply, problem]] of CASES.entries()) {
  Deno.test(`choiceProblem() reports: ${problem ?? "no problem"} (${index + 1})`, () => {
    assert.equal(choiceProblem(form, reply), problem);
  });
}
