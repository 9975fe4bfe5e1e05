import assert from "node:assert/strict";
import fc from "fast-check";
import { anyText } from "../testing/any_text.ts";
import { portableSha256 } from "../sha256.ts";
import { DamagedLine, type DamageKind } from "./event_type.ts";
import { decodeLine, EMPTY_CHAIN, encodeEvent } from "./codec.ts";
import type { DiscussionEvent } from "./mod.ts";
import { sampleEvents, sealedLines } from "../testing/sample_stream.ts";

// Both lines were made by another program: Python's json and hashlib.
const FIRST = '{"stream":"s","seq":0,"at":"2026-01-01T00:00:00.000Z","type":"SeedCommentPosted","v":1,' +
  '"data":{"comment":0,"author":"Ada","text":"Grüße 😀"},' +
  '"hash":"3daa743bdfe8f9bd0faa27de195b0cc865d6bb778334231a2abe4849b4666532"}';
const SECOND = '{"stream":"s","seq":1,"at":"2026-01-01T00:00:00.000Z","type":"SeedCommentPosted","v":1,' +
  '"data":{"comment":1,"author":"Bob","text":"two"},' +
  '"hash":"9a02bbc1ed7b98d5930ed8a86a661392159e4bb86d60bbecf075c10fbef4fbad"}';
const FIRST_HASH = "3daa743bdfe8f9bd0faa27de195b0cc865d6bb778334231a2abe4849b4666532";

const atMs = Date.UTC(2026, 0, 1);
const sha256 = portableSha256;
const afterFirst = { seq: 1, hash: FIRST_HASH };

function posted(comment: number, author: string, text: string): DiscussionEvent {
  return { type: "SeedCommentPosted", data: { comment, author, text } };
}

function damageOf(line: string, end = EMPTY_CHAIN): DamageKind {
  try {
    decodeLine(line, end, sha256);
  } catch (error) {
    assert.ok(error instanceof DamagedLine);
    return error.kind;
  }
  return assert.fail("the damaged line was accepted");
}

Deno.test("encodeEvent() writes the same lines as another program", () => {
  const first = encodeEvent("s", EMPTY_CHAIN, {
    pending: { event: posted(0, "Ada", "Grüße 😀") },
    atMs,
    sha256,
  });
  assert.equal(first.line, FIRST);
  assert.deepEqual(first.end, afterFirst);
  const second = encodeEvent("s", first.end, { pending: { event: posted(1, "Bob", "two") }, atMs, sha256 });
  assert.equal(second.line, SECOND);
});

Deno.test("encodeEvent() writes meta after data, and the hash depends on it", () => {
  const pending = { event: posted(0, "Ada", "x"), meta: { latencyMs: 12 } };
  const { line } = encodeEvent("s", EMPTY_CHAIN, { pending, atMs, sha256 });
  assert.ok(line.includes('"text":"x"},"meta":{"latencyMs":12},"hash":"'));
  assert.deepEqual(decodeLine(line, EMPTY_CHAIN, sha256).meta, { latencyMs: 12 });
  assert.equal(damageOf(line.replace("12", "13")), "wrong-hash");
});

Deno.test("decodeLine() reads the lines of another program", () => {
  const first = decodeLine(FIRST, EMPTY_CHAIN, sha256);
  assert.deepEqual(first.data, { comment: 0, author: "Ada", text: "Grüße 😀" });
  assert.equal(first.hash, FIRST_HASH);
  assert.equal(decodeLine(SECOND, afterFirst, sha256).seq, 1);
});

Deno.test("decodeLine() names the kind of damage", () => {
  assert.equal(damageOf(""), "not-json");
  assert.equal(damageOf(FIRST.slice(0, -1)), "not-json");
  assert.equal(damageOf("\ufeff" + FIRST), "not-json");
  assert.equal(damageOf("null"), "not-an-event");
  assert.equal(damageOf("[]"), "not-an-event");
  assert.equal(damageOf('{"type":"TurnTaken"}'), "not-an-event");
  assert.equal(damageOf(FIRST.replace("Ada", "Eve")), "wrong-hash");
  assert.equal(damageOf(FIRST + "\r"), "wrong-hash");
  assert.equal(damageOf(FIRST.replace('{"stream', '{ "stream')), "wrong-hash");
  assert.equal(damageOf(SECOND), "wrong-hash");
  assert.equal(damageOf(FIRST, afterFirst), "wrong-hash");
  assert.equal(damageOf(FIRST, { ...EMPTY_CHAIN, seq: 3 }), "wrong-place");
});

Deno.test("decodeLine() refuses events of newer versions and unknown types", () => {
  const reseal = (from: string, to: string) => {
    const open = FIRST.slice(0, FIRST.indexOf(',"hash"')).replace(from, to);
    return `${open},"hash":"${sha256(EMPTY_CHAIN.hash + open)}"}`;
  };
  assert.equal(damageOf(reseal('"v":1', '"v":2')), "newer-version");
  assert.equal(damageOf(reseal("SeedCommentPosted", "ThoughtHad")), "newer-version");
  assert.equal(damageOf(reseal("SeedCommentPosted", "constructor")), "newer-version");
});

Deno.test("encodeEvent() and decodeLine() preserve any text", () => {
  fc.assert(fc.property(anyText(), fc.string({ unit: "grapheme" }), (author, text) => {
    const event = posted(0, author, text);
    const { line } = encodeEvent(author, EMPTY_CHAIN, { pending: { event }, atMs, sha256 });
    assert.ok(!line.includes("\n"));
    const read = decodeLine(line, EMPTY_CHAIN, sha256);
    assert.deepEqual([read.stream, read.data], [author, event.data]);
  }));
  const event = posted(0, "\ud800", "\udc00\u0000\n");
  const { line } = encodeEvent("s", EMPTY_CHAIN, { pending: { event }, atMs, sha256 });
  assert.ok(line.isWellFormed());
  assert.deepEqual(decodeLine(line, EMPTY_CHAIN, sha256).data, event.data);
});

Deno.test("decodeLine() refuses every change of one character", () => {
  fc.assert(fc.property(fc.nat(FIRST.length - 1), fc.string({ minLength: 1, maxLength: 1 }), (at, char) => {
    fc.pre(FIRST[at] !== char);
    damageOf(FIRST.slice(0, at) + char + FIRST.slice(at + 1));
  }));
});

Deno.test("sealedLines() has every discussion event type except InterventionPosted and DiscussionAborted", () => {
  assert.equal(sealedLines("s").length, 9);
  assert.equal(new Set(sampleEvents("s").map(({ type }) => type)).size, 8);
});
