import assert from "node:assert/strict";
import fc from "fast-check";
import { neutralise, neutraliseLines, safeJson } from "./neutralise.ts";

/** The characters that control a terminal, by code point. The test does not share the tables of the code. */
function commands(text: string): number[] {
  return [...text].map((char) => char.codePointAt(0)!).filter((code) =>
    code < 0x20 || (code >= 0x7f && code <= 0x9f) || code === 0x61c || code === 0x200e || code === 0x200f ||
    (code >= 0x2028 && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069)
  );
}

const hostile = fc.array(
  fc.oneof(
    fc.string({ unit: "grapheme" }),
    fc.integer({ min: 0, max: 0x9f }).map((code) => String.fromCodePoint(code)),
    fc.constantFrom("\x1b]0;title\x07", "\x9b31m", "\u202e", "\u2066", "\u061c", "\r\n", "\u2028"),
  ),
).map((parts) => parts.join(""));

Deno.test("neutralise() leaves no character that controls a terminal", () => {
  fc.assert(fc.property(hostile, (text) => assert.deepEqual(commands(neutralise(text)), [])));
});

Deno.test("neutraliseLines() leaves no character that controls a terminal except newlines and tabs", () => {
  fc.assert(fc.property(hostile, (text) => {
    const left = commands(neutraliseLines(text, "  ")).filter((code) => code !== 10 && code !== 9);
    assert.deepEqual(left, []);
  }));
});

Deno.test("neutralise() changes neither harmless text nor its own result", () => {
  fc.assert(fc.property(hostile, (text) => {
    const safe = neutralise(text);
    assert.equal(neutralise(safe), safe);
    if (commands(text).length === 0 && !/[\ufff9-\ufffb\p{Noncharacter_Code_Point}]/u.test(text)) {
      assert.equal(safe, text);
    }
  }));
});

Deno.test("neutralise() does not change joined emoji, accents and other scripts", () => {
  const text = "👩‍👩‍👧 é 你好 שלום می‌خواهم \\u{1b}";
  assert.equal(neutralise(text), text);
});

Deno.test("neutraliseLines() keeps the lines and indents all but the first", () => {
  assert.equal(neutraliseLines("one\r\ntwo\rthree\n\tfour", "  "), "one\n  two\\rthree\n  \tfour");
});

Deno.test("safeJson() leaves no character that controls a terminal except newlines, and keeps the value", () => {
  fc.assert(fc.property(hostile, fc.constantFrom(undefined, 2), (text, indent) => {
    const json = safeJson({ [text]: [text] }, indent);
    assert.deepEqual(commands(json).filter((code) => code !== 10), []);
    assert.deepEqual(JSON.parse(json), { [text]: [text] });
  }));
});
