import assert from "node:assert/strict";
import fc from "fast-check";
import { visibleLines, visibleText } from "./visible_text.ts";

Deno.test("visibleText() writes halves of surrogate pairs and invisible marks as escapes, and keeps pairs", () => {
  assert.equal(visibleText("a\ud83d b\ude00 😀 \u202e\ufffa"), "a\\u{d83d} b\\u{de00} 😀 \\u{202e}\\u{fffa}");
});

Deno.test("visibleText() gives one line that any file can hold", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => {
    const shown = visibleText(text);
    assert.equal(shown.isWellFormed(), true);
    assert.equal([...shown].some((char) => char < " " || (char >= "\x7f" && char < "\xa0")), false);
  }));
});

Deno.test("visibleLines() keeps lines and tabs", () => {
  assert.equal(visibleLines("one\r\ntwo\rthree\n\tfour\0"), "one\ntwo\\rthree\n\tfour\\u{0}");
});
