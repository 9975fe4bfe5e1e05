import assert from "node:assert/strict";
import fc from "fast-check";
import { anyText } from "../../core/testing/any_text.ts";
import { originalText, tableJson, tableText } from "./cell_texts.ts";

/** Texts of any code units, among them many that tables cannot hold. */
const texts = fc.array(
  fc.oneof(
    fc.constantFrom(
      "\0",
      "\ud83d",
      "\ude00",
      "\u{100000}",
      "\u{10d800}",
      "\u{10dfff}",
      "\udbf6",
      "\\",
      "\\u0000",
    ),
    anyText(),
  ),
).map((parts) => parts.join(""));

Deno.test("tableText() gives well-formed text without U+0000, and originalText() restores the text", () => {
  fc.assert(fc.property(texts, (text) => {
    const held = tableText(text);
    assert.ok(held.isWellFormed() && !held.includes("\0"));
    assert.equal(originalText(held), text);
  }));
});

Deno.test("tableText() does not change other texts", () => {
  for (const text of ["", "quotes \"' and\r\nlines", "😀 مرحبا", "\u{10ffff}", "\u{10d7ff}", "\\u0000"]) {
    assert.equal(tableText(text), text);
  }
});

Deno.test("tableJson() replaces the same characters as tableText(), in keys and in values", () => {
  fc.assert(fc.property(texts, texts, (key, value) => {
    const json = tableJson(JSON.stringify({ [`_${key}`]: value }));
    assert.deepEqual(JSON.parse(json), { [`_${tableText(key)}`]: tableText(value) });
    assert.doesNotMatch(json.replaceAll("\\\\", ""), /\\u(?:0000|d[89a-f])/);
  }));
});

Deno.test("tableJson() keeps escaped surrogate pairs", () => {
  assert.equal(JSON.parse(tableJson(String.raw`"\ud83d\ude00 \\ud83d \u0000"`)), "😀 \\ud83d \u{100000}");
});
