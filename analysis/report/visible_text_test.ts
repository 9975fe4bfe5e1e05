import assert from "node:assert/strict";
import fc from "fast-check";
import { anyText } from "../../core/testing/any_text.ts";
import { visibleJson, visibleLines, visibleText } from "./visible_text.ts";

Deno.test("visibleText() writes halves of surrogate pairs and annotation marks as escapes, and keeps whole pairs", () => {
  assert.equal(visibleText("a\ud83d b\ude00 😀 \u202e\ufffa"), "a\\u{d83d} b\\u{de00} 😀 \\u{202e}\\u{fffa}");
});

Deno.test("visibleText() escapes control characters, direction marks and characters that a page cannot hold", () => {
  const all =
    "\0\x07\b\x1b\x7f\x85\u061c\u200e\u200f\u2028\u2029\u202a\u202e\u2066\u2069\ufff9\uffff\u{1fffe}\ud800";
  assert.match(visibleText(all), /^(?:\\u\{[0-9a-f]+\})+$/);
  assert.equal(visibleText(all).match(/\\u/g)?.length, [...all].length);
  // Zero-width joiners stay, because letters and emoji need them.
  assert.equal(
    visibleText("\u{1f468}\u200d\u{1f469} می\u200cخواهم"),
    "\u{1f468}\u200d\u{1f469} می\u200cخواهم",
  );
});

Deno.test("visibleText() gives one line that any file can hold", () => {
  fc.assert(fc.property(anyText(), (text) => {
    const shown = visibleText(text);
    assert.equal(shown.isWellFormed(), true);
    assert.equal([...shown].some((char) => char < " " || (char >= "\x7f" && char < "\xa0")), false);
  }));
});

Deno.test("visibleLines() keeps lines and tabs", () => {
  assert.equal(visibleLines("one\r\ntwo\rthree\n\tfour\0"), "one\ntwo\\rthree\n\tfour\\u{0}");
});

Deno.test("visibleJson() writes hidden characters as escapes, and the JSON has the same value", () => {
  const value = { a: "\u202eevil\u001b\u{1fffe}\ud800", b: ["one\ntwo"] };
  const json = visibleJson(JSON.stringify(value, null, 2));
  assert.deepEqual(JSON.parse(json), value);
  assert.match(json, /"a": "\\u202eevil\\u001b\\ud83f\\udffe\\ud800"/);
});
