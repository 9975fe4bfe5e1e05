import assert from "node:assert/strict";
import { piecesOf } from "./pieces.ts";

Deno.test("piecesOf() cuts after lines and words, and an unbroken text between characters", () => {
  assert.deepEqual(piecesOf("short", 5), ["short"]);
  assert.deepEqual(piecesOf("one two three", 6), ["one ", "two ", "three"]);
  assert.deepEqual(piecesOf("one\ntwo three", 9), ["one\n", "two three"]);
  assert.deepEqual(piecesOf("\u{1f600}\u{1f600}\u{1f600}", 3), ["\u{1f600}", "\u{1f600}", "\u{1f600}"]);
  assert.deepEqual(piecesOf("abe\u0301c", 3), ["ab", "e\u0301c"]);
  const family = "\u{1f469}\u200d\u{1f467}";
  assert.deepEqual(piecesOf(`ab${family}`, 5), ["ab", family]);
  const text = `${"x".repeat(99_999)} ${"\u8a9e".repeat(50_001)}`;
  const pieces = piecesOf(text, 20_000);
  assert.equal(pieces.join(""), text);
  assert.ok(pieces.every(({ length }) => length > 0 && length <= 20_000));
  assert.equal(piecesOf(text, 20_000)[0]!.length, 20_000);
});
