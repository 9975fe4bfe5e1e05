import assert from "node:assert/strict";
import fc from "fast-check";
import { bar, displayWidth, pad, truncate, wrap } from "./text.ts";

Deno.test("displayWidth() counts columns as terminals do", () => {
  // In East Asian Width (Unicode annex 11), ideographs are wide. A combining mark takes no column.
  assert.deepEqual(["abc", "你好", "e\u0301", "👩‍👩‍👧", ""].map(displayWidth), [3, 4, 1, 2, 0]);
});

Deno.test("truncate() cuts between characters and marks the cut", () => {
  assert.equal(truncate("abcdef", 6), "abcdef");
  assert.equal(truncate("abcdefg", 6), "abcde…");
  assert.equal(truncate("你好世界", 6), "你好…");
});

Deno.test("truncate() never returns more columns than its limit", () => {
  fc.assert(fc.property(fc.string({ unit: "grapheme" }), fc.integer({ min: 1, max: 30 }), (text, columns) => {
    assert.ok(displayWidth(truncate(text, columns)) <= columns);
  }));
});

Deno.test("pad() adds spaces on the right or on the left", () => {
  assert.equal(pad("你", 4) + "|", "你  |");
  assert.equal(pad("7", 3, "left"), "  7");
  assert.equal(pad("long", 2), "long");
});

Deno.test("wrap() breaks at spaces, keeps line breaks and cuts long words", () => {
  assert.deepEqual(wrap("one two three\nfour", 7), ["one two", "three", "four"]);
  assert.deepEqual(wrap("abcdefgh ij", 3), ["abc", "def", "gh", "ij"]);
});

Deno.test("wrap() removes only spaces, and no line is wider than the limit", () => {
  const words = fc.array(
    fc.string({ unit: "grapheme-ascii", maxLength: 12 }).filter((word) => !/\s/.test(word)),
  );
  fc.assert(fc.property(words, fc.integer({ min: 1, max: 20 }), (words, columns) => {
    const lines = wrap(words.join(" "), columns);
    assert.ok(lines.every((line) => displayWidth(line) <= columns));
    assert.equal(lines.join("").replaceAll(" ", ""), words.join(""));
  }));
});

Deno.test("bar() fills whole columns", () => {
  assert.equal(bar(0, 8, 4), "░░░░");
  assert.equal(bar(1, 2, 4), "██░░");
  assert.equal(bar(8, 8, 4), "████");
});

Deno.test("bar() is full only when all is done or the whole is 0", () => {
  assert.equal(bar(999_999, 1_000_000, 2), "█░");
  assert.equal(bar(0, 0, 3), "███");
});
