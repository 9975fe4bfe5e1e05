import assert from "node:assert/strict";
import fc from "fast-check";
import { wordsOf } from "./words.ts";

Deno.test("wordsOf() finds the same words of ASCII, alone and before other letters", () => {
  const text = fc.string({ unit: fc.constantFrom(..."aB3 '-_.\n\x00"), maxLength: 40 });
  fc.assert(
    fc.property(text, (ascii) => assert.deepEqual([...wordsOf(ascii), "é"], wordsOf(`${ascii} É`))),
  );
  assert.deepEqual(wordsOf("Don't re-use İt, 3x"), ["don't", "re-use", "i̇t", "3x"]);
});
