import assert from "node:assert/strict";
import { labelLines, labelWidth } from "./labels.ts";

Deno.test("labelLines() breaks names between their words, and within words that are too long", () => {
  assert.deepEqual(labelLines("no moderator", 200, 3), ["no moderator"]);
  assert.deepEqual(labelLines("", 200, 3), [""]);
  assert.deepEqual(labelLines("moderator=facilitator, window=all", 120, 3), [
    "moderator=",
    "facilitator,",
    "window=all",
  ]);
  const halves = labelLines("n".repeat(30), 150, 3);
  assert.ok(halves.length > 1);
  assert.equal(halves.join(""), "n".repeat(30));
});

Deno.test("labelLines() ends a label that does not fit with an ellipsis", () => {
  for (
    const text of [
      "x".repeat(1000),
      "many words ".repeat(100),
      "讨论".repeat(200),
      "\u{1f468}\u200d\u{1f469}".repeat(99),
    ]
  ) {
    const lines = labelLines(text, 120, 3);
    assert.equal(lines.length, 3);
    assert.ok(lines.every((line) => labelWidth(line) <= 120), lines.join("|"));
    assert.ok(lines[2]!.endsWith("…"));
    assert.ok(text.startsWith(lines[0]!));
  }
});

Deno.test("labelLines() writes an ellipsis also if its last line is full right before a space", () => {
  const width = labelWidth("abc");
  assert.ok(labelWidth("abc ") > width);
  assert.deepEqual(labelLines("abc def", width, 1), ["ab…"]);
  assert.deepEqual(labelLines("abc", width, 1), ["abc"]);
  assert.deepEqual(labelLines("abc def", width, 2), ["abc", "def"]);
});

Deno.test("labelLines() joins lines, and shows invisible characters as escapes", () => {
  assert.deepEqual(labelLines("a\n\tb\u202ec", 500, 3), ["a b\\u{202e}c"]);
});

// If the work grew with the square of the number of characters, this test would take many minutes.
Deno.test("labelLines() is fast for very many characters without a width in one line", () => {
  const unseen = "\u200b".repeat(200_000);
  assert.deepEqual(labelLines(`a${unseen}b`, 100, 3), [`a${unseen}b`]);
});
