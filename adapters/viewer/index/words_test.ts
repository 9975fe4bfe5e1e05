import assert from "node:assert/strict";
import { indexedText, wordsIn } from "./words.ts";

const words = (text: string) => [...wordsIn(text)].map(({ word }) => word);

Deno.test("wordsIn() gives words without accents and case, and their places", () => {
  assert.deepEqual([...wordsIn("Déjà-vu, 42!")], [
    { word: "deja", start: 0, end: 4 },
    { word: "vu", start: 5, end: 7 },
    { word: "42", start: 9, end: 11 },
  ]);
  assert.deepEqual(words("Cafe\u0301 ÅNGSTRÖM ﬁne ＡＢＣ"), ["cafe", "angstrom", "fine", "abc"]);
  assert.deepEqual(words(" …!? 🚌 "), []);
});

Deno.test("wordsIn() splits Chinese, Japanese, Thai and Lao into characters, and keeps words of other scripts whole", () => {
  assert.deepEqual(words("坐bus去"), ["坐", "bus", "去"]);
  assert.deepEqual(words("夜バス"), ["夜", "バ", "ス"]);
  assert.deepEqual(words("ดี"), ["ด", "ี"]);
  assert.deepEqual(words("नमस्ते 버스 автобус"), ["नमस्ते", "버스", "автобус"]);
});

Deno.test("indexedText() leaves ASCII as it is, and puts spaces around unspaced characters", () => {
  assert.equal(indexedText("No, w-1 \0!"), "No, w-1 \0!");
  assert.equal(indexedText("夜bus").trim().replaceAll(/ +/g, " "), "夜 bus");
  assert.equal(indexedText("Grüße"), "Grüße");
});
