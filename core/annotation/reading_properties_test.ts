/** Tests of properties that hold for every reply, and for every valid answer on every scale. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { anyText } from "../testing/any_text.ts";
import type { Scale, ScaleValue } from "./scales/mod.ts";
import { readValue } from "./scales/mod.ts";
import { foldedLabel } from "./scales/wording.ts";

const question = "What is it?";
const RATING: Scale = { name: "r", question, type: "ordinal", min: 1, max: 5 };
const NAMED: Scale = {
  ...RATING,
  labels: { 1: "not at all", 3: "somewhat toxic", 4: "toxic", 5: "very toxic" },
};
const BALANCE: Scale = { name: "b", question, type: "ordinal", min: -3, max: 3 };
const SHARE: Scale = { name: "s", question, type: "interval", min: 0, max: 10 };
const STANCE: Scale = { name: "st", question, type: "nominal", labels: ["for", "against", "against both"] };
const TONE: Scale = { name: "t", question, type: "nominal", labels: ["toxic", "Grüße", "سلام", "👍", ":)"] };
const TRUTH: Scale = { name: "b", question, type: "boolean" };
const REASON: Scale = { name: "t", question, type: "text", maxLength: 5 };

const labels = fc.uniqueArray(
  fc.oneof(
    fc.string({ unit: "grapheme", minLength: 1, maxLength: 12 }),
    fc.constantFrom("a", "a b", "b", "not a", "C", "C.", ":)", ":(", "1", "👩", "👩‍🚀", "yes", "__proto__"),
  ).map((label) => label.trim()).filter((label) => foldedLabel(label) !== ""),
  { minLength: 2, maxLength: 8, selector: foldedLabel },
);
const limits = fc.tuple(fc.integer({ min: -50, max: 50 }), fc.integer({ min: 1, max: 100 }));

/** A scale, the text of a valid answer, and its value. */
const answered: fc.Arbitrary<Readonly<{ scale: Scale; text: string; value: ScaleValue }>> = fc.oneof(
  limits.chain(([min, range]) =>
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

Deno.test("readValue() reads every valid answer of every scale as its value, under both grammars", () => {
  fc.assert(
    fc.property(answered, fc.constantFrom("exact" as const, "mention" as const), (answer, grammar) => {
      const { scale, text, value } = answer;
      assert.deepEqual(readValue({ ...scale, grammar }, text), { value });
      assert.deepEqual(readValue({ ...scale, grammar }, `\n ${text} \n`), { value });
    }),
    { numRuns: 2_000 },
  );
});

const ALL = [RATING, NAMED, BALANCE, SHARE, STANCE, TONE, TRUTH, REASON];

Deno.test("readValue() never throws, and gives only values of the scale", () => {
  fc.assert(
    fc.property(fc.constantFrom(...ALL), anyText({ maxLength: 60 }), (scale, reply) => {
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

/** Long replies. If a regular expression needs quadratic or cubic time, it takes hours on them. */
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

Deno.test("readValue() reads hostile replies quickly", () => {
  for (const reply of HOSTILE) for (const scale of ALL) readValue(scale, reply);
});
