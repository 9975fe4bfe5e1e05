/** A value is not read if the reply denies it, limits it or asks about it. Other negations have no effect. */
import assert from "node:assert/strict";
import fc from "fast-check";
import type { Scale, ScaleValue } from "./mod.ts";
import { readValue } from "./mod.ts";

const question = "What is it?";
const RATING: Scale = { name: "r", question, type: "ordinal", min: 1, max: 5 };
const SHARE: Scale = { name: "s", question, type: "interval", min: 0, max: 100 };
const TONE: Scale = { name: "t", question, type: "nominal", labels: ["toxic", "polite"] };
const TRUTH: Scale = { name: "b", question, type: "boolean" };
const ANSWER: Scale = { name: "a", question, type: "nominal", labels: ["yes", "no", "unsure"] };

const OPEN: readonly (readonly [what: string, scale: Scale, replies: readonly string[]])[] = [
  ["a number after a negation", RATING, [
    "It is not a 5.",
    "isn't a 4",
    "isnt a 4",
    "no 5",
    "never 5",
    "hardly a 5",
    "I would not give it a 5",
    "I do not want to give it a 5",
    "This isn't a comment which deserves a 5",
    "It is not rude and hateful enough for a 5",
    "I do not feel so strongly that it is a 5",
    "not, in my view, a 5",
    "not **5**",
    "**Not** a 5",
    "anything but 5",
    "rather than 5",
    "4, not 4",
    "The 5 was ruled out",
  ]],
  ["a number before a negation", RATING, [
    "5? No.",
    "5, no",
    "5. No.",
    "5 - definitely not",
    "A 5 is not warranted",
    "5 would be too high",
    "a 4 is unlikely",
    "5 unless it is irony",
    "The comment deserves a 5 only if",
  ]],
  ["numbers in questions", RATING, ["5?", "Is it 4?", "4 or so?", "4？"]],
  ["numbers in comparisons", RATING, [
    ">3",
    "> 3",
    "≥ 3",
    ">=3",
    "<= 3",
    "<3",
    "≠5",
    "!=5",
    "±3",
    "&gt;3",
    "$\\geq 3$",
    "3+",
    "3-",
    "～3",
  ]],
  ["numbers with limits in words", RATING, [
    "at least 3",
    "at most a 3",
    "less than 4",
    "higher than a 3",
    "no more than 3",
    "under 3",
    "above a score of 3",
    "up to 3",
    "max 3",
    "3 at most",
    "3 max",
    "3 or more",
    "3 and up",
    "almost 4",
    "close to 4",
    "It exceeds 3",
  ]],
  ["ranges and parts", RATING, [
    "between 3 and 4",
    "between three and 4",
    "3-4",
    "3 to four",
    "three or 4",
    "4 or five",
    "3/5",
    "5/5",
    "4 out of 5",
    "5 out of 5",
    "4 out of five",
    "5 von 5",
    "3 and a half",
    "3 ½",
    "3½",
    "3%",
    "4,5",
  ]],
  ["a number beside digits of other scripts", RATING, ["３ or 4", "4 (٣)", "④ 4", "４"]],
  ["doubts in other languages", RATING, [
    "nicht 5",
    "Das ist keine 5",
    "mindestens 3",
    "weniger als 4",
    "ce n'est pas un 5",
    "pas 5",
    "au moins 3",
    "plus de 3",
    "no es un 5",
    "al menos 3",
    "más de 3",
    "non è un 5",
    "almeno 3",
    "não é um 5",
    "pelo menos 3",
    "niet 5",
    "minstens 3",
    "inte 5",
    "ikke 5",
    "nie 5",
    "co najmniej 3",
    "δεν είναι 5",
    "όχι 5",
    "τουλάχιστον 3",
    "πάνω από 3",
    "не 5",
    "не менее 3",
    "5 değil",
    "en az 3",
    "ليس 5",
    "לא 5",
    "नहीं 5",
    "tidak 5",
    "không 5",
    "不是 5",
    "至少 3",
    "3 以上",
    "5 ではない",
    "3 이상",
    "Ist es eine 5? Nein.",
    "5? Όχι.",
  ]],
  ["doubtful labels", TONE, [
    "Toxic? No.",
    "Toxic?",
    "toxic: no",
    "toxic: false",
    "toxic = 0",
    "toxic: 0.2",
    '{"toxic": false}',
    "toxic, no",
    "toxic - not",
    "not quite toxic",
    "hardly toxic",
    "not, I think, toxic",
    "no toxic language",
    "without toxic words",
    "non toxic",
    "almost toxic",
    "less toxic",
    "toxic or hateful",
    "anything but toxic",
    "I don't think that it is toxic",
    "toxic is not the word",
    "neither toxic nor polite",
    "kaum toxic",
    "pas toxic",
    "δεν είναι toxic",
  ]],
  ["unclear booleans", TRUTH, ["yes?", "not yes", "That is not true", "No it is not", "It is hardly true"]],
  ["a no that belongs to a noun", ANSWER, ["There is no insult"]],
];

for (const [what, scale, replies] of OPEN) {
  Deno.test(`readValue() does not read ${what}`, () => {
    for (const reply of replies) {
      const read = readValue(scale, reply);
      assert.ok("problem" in read, `${reply}: ${JSON.stringify(read)}`);
    }
  });
}

const READ: readonly (readonly [scale: Scale, rows: readonly (readonly [string, ScaleValue])[]])[] = [
  [RATING, [
    ["I would say 4.", 4],
    ["4, since it isn't polite", 4],
    ["4 because it does not argue", 4],
    ["4 - it is not polite", 4],
    ["4—not polite", 4],
    ["4 (not polite)", 4],
    ["4\n\nThe comment is not polite.", 4],
    ["It is not polite, so 4", 4],
    ["Not toxic: 1", 1],
    ["1. No insults.", 1],
    ["There are no insults here. 1", 1],
    ["No, it's a 4", 4],
    ["No doubt a 5", 5],
    ["I'm not sure. 4", 4],
    ["about 3", 3],
    ["~3", 3],
    ["≈ 3", 3],
    ["More or less 3", 3],
    ["4 or so", 4],
    ["<b>4</b>", 4],
    ["<score>4</score>", 4],
    ["-> 4", 4],
    ["→ 4", 4],
    ["\\boxed{4}", 4],
    ["Overall 3", 3],
    ["Toxic? Yes. 4", 4],
  ]],
  [SHARE, [["70%", 70], ["70 percent", 70]]],
  [TONE, [
    ["Toxic? Yes.", "toxic"],
    ["toxic: yes", "toxic"],
    ["Toxic, no doubt.", "toxic"],
    ["It is toxic because it does not argue", "toxic"],
    ["toxic, not constructive", "toxic"],
    ["Toxic. It doesn't argue.", "toxic"],
    ["The comment is toxic and it isn't clever", "toxic"],
    ['{"label": "toxic"}', "toxic"],
  ]],
  [TRUTH, [
    ["Toxic? No.", false],
    ["No, it is not.", false],
    ["No. It isn't.", false],
    ["No, not at all.", false],
    ["Yes. It is not polite.", true],
  ]],
  [ANSWER, [["No, it is not.", "no"], ["yes, it does", "yes"]]],
];

Deno.test("readValue() reads values in clauses without doubts", () => {
  for (const [scale, rows] of READ) {
    for (const [reply, value] of rows) assert.deepEqual(readValue(scale, reply), { value }, reply);
  }
});

const numbers = fc.integer({ min: 1, max: 5 });

Deno.test("readValue() does not read a number after a negation, limit or comparison, even if other words are between them", () => {
  const doubts = fc.constantFrom(
    "not",
    "never",
    "at least",
    "more than",
    "isn't",
    "nicht",
    "pas",
    "δεν",
    "не",
  );
  const words = fc.array(fc.constantFrom("a", "the", "really", "quite", "score", "of", "*"), {
    maxLength: 4,
  });
  fc.assert(fc.property(doubts, words, numbers, (doubt, between, number) => {
    assert.ok("problem" in readValue(RATING, `It is ${[doubt, ...between].join(" ")} ${number}.`));
  }));
  fc.assert(
    fc.property(fc.constantFrom(..."<>≤≥≠"), fc.constantFrom("", " ", "**"), numbers, (sign, gap, number) => {
      assert.ok("problem" in readValue(RATING, `${sign}${gap}${number}`));
    }),
  );
});

Deno.test("readValue() reads a number even if another sentence denies something", () => {
  const denials = fc.constantFrom(
    "It is not rude.",
    "No insults!",
    "No one is hurt.\n",
    "Das ist nicht nett.",
  );
  fc.assert(fc.property(denials, numbers, fc.boolean(), (denial, value, isFirst) => {
    const reply = isFirst ? `${denial} I would say ${value}.` : `I would say ${value}. ${denial}`;
    assert.deepEqual(readValue(RATING, reply), { value });
  }));
});

/** Long replies. If a regular expression needs quadratic time, it is slow on them. */
const HOSTILE = [
  "not 4 ",
  "4? ",
  "at ",
  "more or ",
  "over the the ",
  "4.",
  "- ",
  "<a 4",
  "n't",
  "toxic? ",
  "\\ge 4 ",
];

Deno.test("readValue() quickly reads a reply with thousands of doubtful words", () => {
  for (const unit of HOSTILE) {
    const reply = unit.repeat(Math.floor(19_900 / unit.length));
    assert.deepEqual([RATING, TONE].map((scale) => "value" in readValue(scale, reply)), [false, false], unit);
  }
});
