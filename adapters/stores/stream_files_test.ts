import assert from "node:assert/strict";
import fc from "fast-check";
import { fileNameOf, streamOf } from "./stream_files.ts";

Deno.test("fileNameOf() leaves ordinary ids as they are", () => {
  assert.equal(fileNameOf("moderator=none+history=3.r007_a-b"), "moderator=none+history=3.r007_a-b.jsonl");
});

Deno.test("fileNameOf() escapes names that would leave the folder", () => {
  assert.equal(fileNameOf("../a"), "%2E.%2Fa.jsonl");
  assert.equal(fileNameOf(".."), "%2E..jsonl");
  assert.equal(fileNameOf("a/b\\c"), "a%2Fb%5Cc.jsonl");
  assert.equal(fileNameOf("a\0b"), "a%00b.jsonl");
  assert.equal(fileNameOf("ä"), "%C3%A4.jsonl");
});

Deno.test("fileNameOf() refuses names that are empty or too long", () => {
  assert.throws(() => fileNameOf(""), RangeError);
  assert.equal(fileNameOf("x".repeat(200)).length, 206);
  assert.throws(() => fileNameOf("x".repeat(201)), RangeError);
  assert.throws(() => fileNameOf("ä".repeat(34)), RangeError);
});

Deno.test("streamOf() restores the name of every stream, and ignores other files", () => {
  fc.assert(fc.property(fc.string({ unit: "grapheme", minLength: 1, maxLength: 16 }), (stream) => {
    fc.pre(new TextEncoder().encode(stream).length <= 66);
    const name = fileNameOf(stream);
    assert.match(name, /^[A-Za-z0-9+_=%-][A-Za-z0-9+._=%-]*$/);
    assert.equal(streamOf(name), stream);
  }));
  for (const name of ["notes.txt", ".jsonl", "a b.jsonl", "a%2.jsonl", "%61.jsonl", "a.jsonl.damaged-1"]) {
    assert.equal(streamOf(name), null, name);
  }
});
