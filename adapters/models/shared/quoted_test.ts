import assert from "node:assert/strict";
import fc from "fast-check";
import { anyText } from "../../../core/testing/any_text.ts";
import { readQuoted } from "./formed_row.ts";

const READ: readonly (readonly [written: string, value: string, hasEnded: boolean])[] = [
  ["", "", false],
  ['"', "", true],
  ['Hi", "more": 1', "Hi", true],
  ['say \\"hi\\""', 'say "hi"', true],
  ["a line\nbreak and a \\n", "a line\nbreak and a \n", false],
  ["\\u00e4\\ud83d\\ude00", "ä😀", false],
  ["half an escape \\", "half an escape ", false],
  ["half an escape \\u12", "half an escape ", false],
  ['no escape \\q \\u12zz"', "no escape q u12zz", true],
  ['\\\\"', "\\", true],
  ["half \\ud83d of a character", "half \ufffd of a character", false],
  ["12345678901", "1234567890", true],
  ["123456789😀1", "123456789😀", true],
];

for (const [written, value, hasEnded] of READ) {
  Deno.test(`readQuoted() reads ${JSON.stringify(written)}`, () => {
    const read = readQuoted(written, hasEnded && /\d$/.test(written) ? 10 : 100);
    assert.deepEqual([read.value, read.hasEnded], [value, hasEnded]);
    assert.ok(written.startsWith(read.raw));
  });
}

Deno.test("readQuoted() reads any JSON string up to the closing quotation mark", () => {
  fc.assert(fc.property(fc.string({ unit: "grapheme" }), fc.string(), (text, rest) => {
    const read = readQuoted(JSON.stringify(text).slice(1) + rest, 10_000);
    assert.deepEqual([read.value, read.hasEnded], [text, true]);
  }));
});

Deno.test("readQuoted() always returns a well-formed text of at most the maximum length", () => {
  fc.assert(fc.property(anyText(), fc.integer({ min: 1, max: 20 }), (written, most) => {
    const { value } = readQuoted(written, most);
    assert.ok([...value].length <= most && value.isWellFormed());
  }));
});
