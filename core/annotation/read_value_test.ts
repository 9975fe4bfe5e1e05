import assert from "node:assert/strict";
import fc from "fast-check";
import type { Scale, ScaleValue } from "./codebook.ts";
import { readValue } from "./read_value.ts";
import { foldedLabel } from "./wording.ts";

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

/** No value: the reply must become one that cannot be read. */
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

Deno.test("readValue() takes nothing but an answer where the grammar is exact", () => {
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

Deno.test("readValue() says what is wrong with a reply", () => {
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

Deno.test("readValue() takes a number for a number, whatever the labels say", () => {
  const swapped: Scale = { ...RATING, labels: { 1: "2", 2: "1" } };
  assert.deepEqual(readValue(swapped, "2"), { value: 2 });
});

const labels = fc.uniqueArray(
  fc.oneof(
    fc.string({ unit: "grapheme", minLength: 1, maxLength: 12 }),
    fc.constantFrom("a", "a b", "b", "not a", "C", "C.", ":)", ":(", "1", "👩", "👩‍🚀", "yes", "__proto__"),
  ).map((label) => label.trim()).filter((label) => foldedLabel(label) !== ""),
  { minLength: 2, maxLength: 8, selector: foldedLabel },
);
const bounds = fc.tuple(fc.integer({ min: -50, max: 50 }), fc.integer({ min: 1, max: 100 }));

/** A scale, and the texts of valid answers to it with what each means. */
const answered: fc.Arbitrary<Readonly<{ scale: Scale; text: string; value: ScaleValue }>> = fc.oneof(
  bounds.chain(([min, range]) =>
    fc.integer({ min, max: min + range }).map((value) => ({
      scale: { ...RATING, min, max: min + range } as Scale,
      text: String(value),
      value,
    }))
  ),
  fc.tuple(labels, fc.nat()).map(([texts, nth]) => {
    const value = nth % texts.length;
    const scale: Scale = {
      ...RATING,
      min: 0,
      max: texts.length,
      labels: Object.fromEntries(
        texts.map((text, index) => [index, /^\W*\d/.test(text) ? `x${text}` : text]),
      ),
    };
    return { scale, text: scale.labels![value]!, value };
  }).filter(({ scale }) =>
    new Set(Object.values((scale as { labels: object }).labels).map((label) => foldedLabel(label))).size ===
      scale.max
  ),
  fc.double({ min: 0, max: 10, noNaN: true }).map((value) => ({
    scale: SHARE,
    text: String(value),
    value: value || 0,
  })),
  fc.tuple(labels, fc.nat()).map(([texts, nth]) => {
    const text = texts[nth % texts.length]!;
    return { scale: { ...STANCE, labels: texts } as Scale, text, value: text };
  }),
  fc.boolean().map((value) => ({ scale: TRUTH, text: value ? "yes" : "no", value })),
  fc.string({ minLength: 1, maxLength: 20 }).map((text) => text.trim()).filter((text) => text !== "")
    .map((text) => ({ scale: { ...REASON, maxLength: 100 } as Scale, text, value: text })),
);

Deno.test("readValue() reads every valid answer of every scale as itself, under both grammars", () => {
  fc.assert(
    fc.property(answered, fc.constantFrom("exact" as const, "mention" as const), (answer, grammar) => {
      const { scale, text, value } = answer;
      assert.deepEqual(readValue({ ...scale, grammar }, text), { value });
      assert.deepEqual(readValue({ ...scale, grammar }, `\n ${text} \n`), { value });
    }),
    { numRuns: 2_000 },
  );
});

const ALL = TABLE.map(([, scale]) => scale);

Deno.test("readValue() never throws, and gives only values of the scale", () => {
  fc.assert(
    fc.property(fc.constantFrom(...ALL), fc.string({ unit: "binary", maxLength: 60 }), (scale, reply) => {
      const read = readValue(scale, reply);
      if (!("value" in read)) return;
      const { value } = read;
      switch (scale.type) {
        case "ordinal":
        case "interval":
          return assert.ok(Number(value) >= scale.min && Number(value) <= scale.max);
        case "nominal":
          return assert.ok(scale.labels.includes(String(value)));
        case "boolean":
          return assert.equal(typeof value, "boolean");
        case "text":
          return assert.equal(value, reply.trim());
      }
    }),
    { numRuns: 500 },
  );
});

/** Replies that take a careless pattern the square or the cube of their length; the test run would not end. */
const HOSTILE: readonly string[] = [
  " ",
  "\n",
  "(",
  "*",
  "1",
  "1.",
  "-",
  "minus ",
  "not ",
  "a",
  "no ",
  "👍",
  '"',
]
  .flatMap((unit) => [unit.repeat(300_000), `x${unit.repeat(300_000)}x`, `${unit.repeat(9_000)}x`]);

Deno.test("readValue() is not held up by hostile replies", () => {
  for (const reply of HOSTILE) for (const scale of ALL) readValue(scale, reply);
});
