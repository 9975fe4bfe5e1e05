/**
 * Numbers that count or name something are not values. Numbers before common words such as "because" are values.
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import type { Scale } from "./mod.ts";
import { readReply } from "../read_reply.ts";
import { readValue } from "./mod.ts";

const question = "What is it?";
const RATING: Scale = { name: "r", question, type: "ordinal", min: 1, max: 5 };
const SHARE: Scale = { name: "s", question, type: "interval", min: 0, max: 100 };
const HUGE: Scale = { name: "h", question, type: "interval", min: 0, max: 1e18 };

const COUNTED: readonly string[] = [
  "It makes 3 points.",
  "It makes **3** points.",
  "It makes <b>3</b> points.",
  "It makes 3 “points”.",
  "3 points are made.",
  "I think it makes, all in all, 3 points.",
  "There are 2 insults in it.",
  "There are 2.",
  "There are only 2, both mild.",
  "I counted 2.",
  "The comment has 4 sentences.",
  "5 people agree",
  "5 PEOPLE agree",
  "It was 3 years ago",
  "It costs $3.",
  "It costs 3 €.",
  "It is 4° outside",
  "2 of them are insults",
  "It insults him 3 times",
  "The 3 insults are mild",
  "All 4 are rude",
  "A 5 means very toxic",
  "5 is very toxic",
  "In sentence 2, it insults him.",
  "In comment 3 the author insults him.",
  "Comment #3",
  "Der Kommentar hat 4 Sätze.",
  "Es gibt 2 Beleidigungen.",
  "Es gibt 2.",
  "Im 3. Satz wird er beleidigt.",
  "Il y a 2 insultes.",
  "Hay 2 insultos.",
  "Ci sono 2 insulti.",
  "Há 2 insultos.",
  "Er zijn 2 beledigingen.",
  "Det finns 2 förolämpningar.",
  "Υπάρχουν 2 προσβολές.",
  "В комментарии 2 оскорбления.",
  "Są 2 obelgi.",
  "Yorumda 2 hakaret var.",
  "هناك 2 إهانات",
  "יש 2 עלבונות",
  "इसमें 2 अपमान हैं",
  "Ada 2 hinaan.",
  "里面有 2 个侮辱",
  "3 et demi",
  "3 und ein halb",
  "3 y medio",
  "4 thousand",
];

const VALUES: readonly string[] = [
  "4",
  "I would say 4.",
  "Rating: 4",
  "4 because it has insults",
  "4 *because* it has insults",
  "4 since two people are insulted",
  "a 4 on the scale",
  "I rate it a 4 for its tone",
  "4 – rude but no insult",
  "4 (rude)",
  "(4) Rude.",
  "4, rude",
  "4. It is rude.",
  "4\nIt is rude.",
  "**4**\n\nIt is rude.",
  "4 points",
  "4 Points.",
  "Rating: 4 points",
  "**Rating:** 4 points",
  "4 stars, since it is rude",
  "4 points because it is rude",
  "Answer = 4",
  "4 I think",
  "4 in my opinion",
  "4 overall",
  "4 seems right",
  "I think that 4 is the best answer",
  "I rate this comment 4.",
  "$4$",
  "# 4",
  "<score>4</score> Rude, I think.",
  "4 auf der Skala",
  "Ich würde 4 sagen.",
  "4 Punkte",
  "4, weil es unhöflich ist",
  "4 car il est impoli",
  "4 porque insulta",
  "4 perché è scortese",
  "4 omdat het onbeleefd is",
  "4 γιατί είναι αγενές",
  "4 потому что это грубо",
  "4 bo jest niegrzeczny",
  "4 karena kasar",
];

Deno.test("readValue() does not read a number that counts or names something", () => {
  for (const reply of COUNTED) {
    const read = readValue(RATING, reply);
    assert.ok("problem" in read, `${reply}: ${JSON.stringify(read)}`);
  }
});

Deno.test("readValue() does not read the maximum in `four out of 5` as the value", () => {
  for (
    const reply of [
      "four out of 5",
      "Four out of **5**.",
      "I'd give it three of 5",
      "4th of 5",
      "on a scale of 5, four",
      "vier von 5",
      "quatre sur 5",
      "cuatro de 5",
      "quattro su 5",
      "τέσσερα από 5",
      "четыре из 5",
    ]
  ) assert.ok("problem" in readValue(RATING, reply), reply);
  for (const reply of ["A rating of 3", "eine Bewertung von 3", "une note de 3"]) {
    assert.deepEqual(readValue(RATING, reply), { value: 3 }, reply);
  }
});

Deno.test("readValue() reads a number before words that can follow a value", () => {
  for (const reply of VALUES) assert.deepEqual(readValue(RATING, reply), { value: 4 }, reply);
});

Deno.test("readValue() does not read a number right before an unknown word", () => {
  const words = fc.string({ unit: fc.constantFrom(..."qxzwßéжξ"), minLength: 3, maxLength: 9 });
  fc.assert(fc.property(fc.integer({ min: 1, max: 5 }), words, fc.boolean(), (number, word, isFirst) => {
    const reply = isFirst ? `${number} ${word}` : `It has ${number} ${word}.`;
    assert.deepEqual(readValue(RATING, reply), {
      problem: `the reply leaves open what it means by ${number}`,
    });
  }));
});

Deno.test("readValue() reads percentages on a scale from 0 to 100, but not a percentage of something", () => {
  for (const reply of ["70%", "70 %.", "70 percent"]) {
    assert.deepEqual(readValue(SHARE, reply), { value: 70 }, reply);
  }
  for (const reply of ["70% of people agree", "70 percent of it", "70 people"]) {
    assert.ok("problem" in readValue(SHARE, reply), reply);
  }
});

Deno.test("a whole number that cannot be kept exactly is not a value, in words and in JSON", () => {
  const exact = "9007199254740991";
  const lost = "9007199254740993";
  const both: readonly Scale[] = [HUGE, RATING];
  for (const scale of [HUGE, { ...HUGE, grammar: "exact" as const }]) {
    assert.deepEqual(readValue(scale, exact), { value: 9007199254740991 });
    assert.ok("problem" in readValue(scale, lost));
  }
  assert.ok("problem" in readValue(HUGE, `I say ${lost}.`));
  // On a scale of whole numbers, 4.00000000000000001 is not 4.
  assert.ok("problem" in readValue(RATING, "4.00000000000000001"));
  const json = (number: string) =>
    readReply(both, { text: `{"h": ${number}, "r": 4}`, finishReason: "stop" });
  assert.deepEqual(json(exact), { values: { h: 9007199254740991, r: 4 } });
  assert.ok("problem" in json(lost));
  assert.ok("problem" in json("1e400"));
  assert.deepEqual(json("0.50"), { values: { h: 0.5, r: 4 } });
});
