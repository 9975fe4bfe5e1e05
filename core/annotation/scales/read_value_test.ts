import assert from "node:assert/strict";
import type { Scale, ScaleValue } from "./mod.ts";
import { readValue } from "./mod.ts";

const question = "What is it?";
const RATING: Scale = { name: "r", question, type: "ordinal", min: 1, max: 5 };
const NAMED: Scale = {
  ...RATING,
  labels: { 1: "not at all", 3: "somewhat toxic", 4: "toxic", 5: "very toxic" },
};
const BALANCE: Scale = { name: "b", question, type: "ordinal", min: -3, max: 3 };
const SHARE: Scale = { name: "s", question, type: "interval", min: 0, max: 10 };
const WIDE: Scale = { name: "w", question, type: "interval", min: 0, max: 5000 };
const STANCE: Scale = { name: "st", question, type: "nominal", labels: ["for", "against", "against both"] };
const TONE: Scale = { name: "t", question, type: "nominal", labels: ["toxic", "Grüße", "سلام", "👍", ":)"] };
const TRUTH: Scale = { name: "b", question, type: "boolean" };
const REASON: Scale = { name: "t", question, type: "text", maxLength: 5 };

/** No value can be read from the reply. */
const NONE = null;

type Row = readonly [reply: string, expected: ScaleValue | typeof NONE];

const TABLE: readonly (readonly [name: string, scale: Scale, rows: readonly Row[]])[] = [
  ["an ordinal scale", RATING, [
    ["4", 4],
    [" \n4\r\n", 4],
    ["**4**", 4],
    ["4.", 4],
    ["(4)", 4],
    ['"4"', 4],
    ["+4", 4],
    ["4.0", 4],
    ["- 4", 4],
    ["\u200e4", 4],
    ["I'd say 4", 4],
    ["Rating: 4", 4],
    ["Rating:4, since it insults", 4],
    ["4 – rather toxic", 4],
    ["4, and again 4", 4],
    ["On a 5-point scale, 4", 4],
    ["4/5", NONE],
    ["4 out of 5", NONE],
    ["between 3 and 4", NONE],
    ["3-4", NONE],
    ["3–4", NONE],
    ["1..5", NONE],
    ["1…5", NONE],
    ["Rating: 4 (1 = not at all)", NONE],
    ["4, not 9", NONE],
    ["4.5", NONE],
    ["4,5", NONE],
    [".5", NONE],
    ["-1", NONE],
    ["−1", NONE],
    ["—4", NONE],
    ["0", NONE],
    ["6", NONE],
    ["1e3", NONE],
    ["4e", NONE],
    ["0x4", NONE],
    ["４", NONE],
    ["④", NONE],
    ["four", NONE],
    ["4th", NONE],
    ["As GPT-4, I cannot rate this", NONE],
    ["1.2.3", NONE],
    ["2024-05-04", NONE],
    ["1,000", NONE],
    ["44444444444444444444444444", NONE],
    ["", NONE],
    [" \n\t\u00a0", NONE],
    ["...", NONE],
    ["\u200f", NONE],
    ["I cannot rate comments.", NONE],
  ]],
  ["an ordinal scale with labels", NAMED, [
    ["3", 3],
    ["2", 2],
    ["Somewhat toxic", 3],
    ["“very  TOXIC”.", 5],
    ["It is very\ntoxic.", 5],
    ["5: very toxic", 5],
    ["5 (toxic)", NONE],
    ["toxic, or somewhat toxic", NONE],
    ["not toxic", NONE],
    ["It isn't very toxic", NONE],
    ["not at all", 1],
    ["non-toxic", NONE],
    ["toxicity", NONE],
  ]],
  ["an ordinal scale with negative numbers", BALANCE, [
    ["-1", -1],
    ["−1", -1],
    ["–1", -1],
    ["minus 2", -2],
    ["Negative 2.", -2],
    ["Answer:-1", -1],
    ["0", 0],
    ["-0", 0],
    ["+3", 3],
    ["-3–3", NONE],
    ["-1 or 1", NONE],
  ]],
  ["an interval scale", SHARE, [
    ["4.5", 4.5],
    ["4.5.", 4.5],
    [".5", 0.5],
    ["-0", 0],
    ["about 7.25 in all", 7.25],
    ["1e-3", 0.001],
    ["7,5", NONE],
    ["10.01", NONE],
    ["1e999", NONE],
    ["NaN", NONE],
    ["Infinity", NONE],
    ["0.2 to 0.4", NONE],
  ]],
  ["a wide interval scale", WIDE, [["1e3", 1000], ["1,000", NONE], ["1 000", NONE], ["1000", 1000]]],
  ["a nominal scale", STANCE, [
    ["for", "for"],
    ["FOR.", "for"],
    ["*Against*", "against"],
    ["The comment is against it", "against"],
    ["against both", "against both"],
    ["It is against  both of them", "against both"],
    ["for or against", NONE],
    ["before", NONE],
    ["for-profit", NONE],
    ["not against", NONE],
    ["neither for nor against", NONE],
    ["fore", NONE],
    ["neutral", NONE],
    ["", NONE],
  ]],
  ["a nominal scale with labels of many scripts", TONE, [
    ["GRÜSSE", NONE],
    ["gru\u0308ße", "Grüße"],
    ["\u200fسلام\u200f.", "سلام"],
    ["It says سلام, I think", "سلام"],
    ["👍", "👍"],
    ["👍\ufe0f!", "👍"],
    ["👍\u200d🚀", NONE],
    [":)", ":)"],
    ["It smiles: :)", ":)"],
    ["Toxic", "toxic"],
    ["toxic 👍", NONE],
    ["нейтрально", NONE],
  ]],
  ["a yes-or-no scale", TRUTH, [
    ["yes", true],
    ["Yes.", true],
    ["NO", false],
    ["no!", false],
    ["True", true],
    ["false", false],
    ["No, it is polite", false],
    ["No\nThe comment is polite", false],
    ["The answer is **yes**", true],
    ["yes and no", NONE],
    ["not yes", NONE],
    ["That is not true", NONE],
    ["It isn’t true", NONE],
    ["No doubt it is an insult", NONE],
    ["There is no insult in it", NONE],
    ["yesterday", NONE],
    ["nope", NONE],
    ["1", NONE],
    ["maybe", NONE],
  ]],
  ["a text scale", REASON, [
    [" a\nb ", "a\nb"],
    ["12345", "12345"],
    ["👍👍👍👍👍", "👍👍👍👍👍"],
    ["123456", NONE],
    ["  ", NONE],
  ]],
];

for (const [name, scale, rows] of TABLE) {
  Deno.test(`readValue() reads ${name}`, () => {
    for (const [reply, expected] of rows) {
      const read = readValue(scale, reply);
      const found = "value" in read ? read.value : NONE;
      assert.equal(found, expected, `${JSON.stringify(reply)}: ${JSON.stringify(read)}`);
    }
  });
}

Deno.test("readValue() accepts only a bare answer if the grammar is exact", () => {
  for (
    const [scale, whole, more] of [
      [RATING, "**4**.", "I'd say 4"],
      [NAMED, "Very toxic!", "It is very toxic"],
      [SHARE, "0.5", "0.5 of it"],
      [STANCE, "'against'", "against it"],
      [TRUTH, "Yes.", "Yes, it is"],
    ] as const
  ) {
    const exact: Scale = { ...scale, grammar: "exact" };
    assert.ok("value" in readValue(exact, whole), whole);
    assert.deepEqual(readValue(exact, more), { problem: "the reply is more than an answer" });
  }
});

Deno.test("readValue() names the problem of a reply", () => {
  for (
    const [scale, reply, problem] of [
      [RATING, " ", "the reply is empty"],
      [RATING, "6", "the reply holds 6, expected a whole number from 1 to 5"],
      [RATING, "3 or 4", "the reply holds several answers: 3, 4"],
      [STANCE, "neutral", "the reply holds no answer"],
      [STANCE, "not against", "the reply leaves open what it means by against"],
      [REASON, "123456", "the reply has 6 characters, expected at most 5"],
      [RATING, `4${"!".repeat(20_000)}`, "the reply has more than 20000 characters"],
    ] as const
  ) assert.deepEqual(readValue(scale, reply), { problem });
});

Deno.test("readValue() reads a number as a number, even if a label looks like it", () => {
  const swapped: Scale = { ...RATING, labels: { 1: "2", 2: "1" } };
  assert.deepEqual(readValue(swapped, "2"), { value: 2 });
});
