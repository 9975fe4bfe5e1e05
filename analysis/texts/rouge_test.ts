import assert from "node:assert/strict";
import { numberedWords } from "./numbered_words.ts";
import { meanPairwiseRougeL, rougeL, wordsCompared } from "./rouge.ts";

// Expected scores come from the Python package rouge_score 0.1.2 (RougeScorer(["rougeL"], use_stemmer=False)).

const LETTERS = "a b c d e f g h i j k l m n o p q r s t u v w x y z";
const upTo = (n: number, item: (i: number) => number) =>
  Array.from({ length: n }, (_, i) => item(i)).join(" ");

Deno.test("rougeL() gives the same scores as rouge_score for up to 32 words and for more", () => {
  const pairs: [string, string, number][] = [
    ["the cat sat on the mat", "the cat the mat sat on it", 0.6153846153846153],
    [
      `${LETTERS} a b c d e f g h i j k l m n o p`,
      "p o n a b c x y z m n o p q a a b c i j k l r s t u v w x y z a b c d e f",
      0.5822784810126581,
    ],
    [upTo(100, (i) => i % 7), upTo(97, (i) => (i * i) % 11), 0.46700507614213194],
    ["", "x", 0],
    ["", "", 0],
    ["日本", "日本", 0],
  ];
  for (const [one, other, f1] of pairs) {
    assert.ok(Math.abs(rougeL(one, other) - f1) < 1e-12, `${one} | ${other}`);
    assert.ok(Math.abs(rougeL(other, one) - f1) < 1e-12, `${other} | ${one}`);
  }
});

const meanOf = (texts: readonly string[]) => {
  const pairs = texts.flatMap((one, at) => texts.slice(at + 1).map((other) => rougeL(one, other)));
  return pairs.reduce((sum, f1) => sum + f1, 0) / pairs.length;
};

Deno.test("meanPairwiseRougeL() refuses fewer than two texts", () => {
  assert.throws(() => meanPairwiseRougeL(numberedWords(["alone"])), RangeError);
});

Deno.test("meanPairwiseRougeL() compares all words of texts of up to five thousand words", () => {
  const texts = [upTo(5_000, (i) => i % 7), upTo(4_000, (i) => (i * i) % 11), "1 2 3"];
  const { mean, words } = meanPairwiseRougeL(numberedWords(texts));
  assert.deepEqual([mean, words], [meanOf(texts), null]);
});

Deno.test("meanPairwiseRougeL() compares the first five thousand words of longer texts, and reports this limit", () => {
  const heads = [upTo(5_000, (i) => i % 7), upTo(5_000, (i) => (i * i) % 11), "1 2 3"];
  const texts = [`${heads[0]} end`, `${heads[1]}, and ${"more ".repeat(1000)}`, heads[2]!];
  const { mean, words } = meanPairwiseRougeL(numberedWords(texts));
  assert.deepEqual([mean, words], [meanOf(heads), 5_000]);
});

Deno.test("wordsCompared() returns how many words of each text the limit of steps allows", () => {
  assert.equal(wordsCompared([]), 5_000);
  assert.equal(wordsCompared([5_000_000, 3]), 5_000);
  assert.equal(wordsCompared(Array(30).fill(10_000)), 5_000);
  // 4,950 pairs of 112 · (3,584 + 16) steps take 1,995,840,000 steps. One more word needs 113 · 3,601 steps a pair.
  assert.equal(wordsCompared(Array(100).fill(10_000)), 3584);
  assert.equal(wordsCompared(Array(3000).fill(150)), 96);
  assert.equal(wordsCompared(Array(10_000).fill(10)), 5_000);
  assert.equal(wordsCompared(Array(10_000).fill(100)), null);
});
