import assert from "node:assert/strict";
import fc from "fast-check";
import { wordsOf } from "../../core/words.ts";
import { anyText } from "../../core/testing/any_text.ts";
import { numberedWords } from "./numbered_words.ts";

// Expected words come from the Python package rouge_score 0.1.2 (tokenize.tokenize(text, None)).

Deno.test("numberedWords() splits a text into the same words as rouge_score", () => {
  const cut: Record<string, string[]> = {
    "It's Ünïcode_and_under-score 42nd—ok": "it s n code and under score 42nd ok".split(" "),
    "İstanbul \u212aelvin ſharp": ["i", "stanbul", "kelvin", "harp"],
    "": [],
    "日本語 نص": [],
    "a_b__c 1,000.50": ["a", "b", "c", "1", "000", "50"],
    "ÉCOLE straße\u00a0x\u2003y": ["cole", "stra", "e", "x", "y"],
  };
  for (const [text, words] of Object.entries(cut)) {
    const [numbers, ...alone] = numberedWords([text, ...words]).rouge;
    assert.deepEqual([...numbers!], alone.flatMap((each) => [...each]), text);
    assert.equal(numbers!.length, words.length, text);
    assert.equal(new Set(numbers!).size, new Set(words).size, text);
  }
});

/** The words of all texts, each as the position at which it occurs first. */
function positions(texts: readonly ArrayLike<string | number>[]): readonly number[] {
  const all = texts.flatMap((words): (string | number)[] => Array.from(words));
  return all.map((word) => all.indexOf(word));
}

function assertNumbered(texts: readonly string[]): void {
  const { rouge, all, kinds } = numberedWords(texts);
  const split = texts.map((text) => text.toLowerCase().match(/[a-z0-9]+/g) ?? []);
  assert.deepEqual(rouge.map(({ length }) => length), split.map(({ length }) => length));
  assert.deepEqual(positions(rouge), positions(split));
  const words = texts.map(wordsOf);
  assert.deepEqual(all.map(({ length }) => length), words.map(({ length }) => length));
  assert.deepEqual(positions(all), positions(words));
  assert.ok([...rouge, ...all].every((numbers) => numbers.every((number) => number < kinds)));
}

Deno.test("numberedWords() gives two words the same number if and only if they are equal", () => {
  const part = fc.constantFrom("a", "B", "b", "ab", "é", "e\u0301", "K", "\u212a", "'", "-", "’", " ", ".");
  const text = fc.oneof(fc.array(part, { maxLength: 12 }).map((parts) => parts.join("")), anyText());
  fc.assert(fc.property(fc.array(text, { maxLength: 5 }), assertNumbered), { numRuns: 1000 });
});

Deno.test("numberedWords() numbers many and long words", () => {
  const numbers = Array.from({ length: 2_000 }, (_, number) => `w${number}`);
  assertNumbered([numbers.join(" "), numbers.toReversed().join("-"), "x".repeat(5_000), "don't do-not"]);
});
