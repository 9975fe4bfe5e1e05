import assert from "node:assert/strict";
import fc from "fast-check";
import { gcmsiv } from "npm:@noble/ciphers@2.4.0/aes.js";
import { eventOf } from "../events/mod.ts";
import type { DiscussionEvent, Envelope } from "../events/mod.ts";
import { shapeProblem } from "../events/discussion_event.ts";
import { anyText } from "../testing/any_text.ts";
import { opened, sealed, sealedWords } from "./mod.ts";

const KEY = new Uint8Array(32).fill(7);
const PERSON = "d1/Ann";
const place = { stream: "d1", seq: 3, person: PERSON, key: KEY };

function envelopeOf({ type, data }: DiscussionEvent): Envelope {
  return { stream: "d1", seq: 3, at: "2026-01-01T00:00:00.000Z", type, v: 1, data, hash: "0".repeat(64) };
}

const generation = { model: "m", promptHash: "a".repeat(64), seed: 1, finishReason: "sent" } as const;
const about = { pass: "p", comment: 0, annotator: "Rita", attempt: 1, generation };

/** An event of each type that can have words of a person. */
function eventsWith(text: string): readonly DiscussionEvent[] {
  const taken = { raw: `${text}!`, thoughts: text, removed: [text], generation };
  return [
    { type: "TurnTaken", data: { turn: 0, comment: 0, participant: "Ann", text, ...taken } },
    { type: "TurnPassed", data: { turn: 0, participant: "Ann", reason: "empty", ...taken } },
    { type: "ModeratorIntervened", data: { turn: 0, comment: 1, moderator: "Mo", text, ...taken } },
    { type: "ModeratorAbstained", data: { turn: 0, moderator: "Mo", reason: "empty", ...taken } },
    { type: "CommentAnnotated", data: { ...about, ...taken, values: { why: text, toxicity: 3 } } },
    {
      type: "AnnotationUnparsed",
      data: { ...about, ...taken, scales: ["why"], problem: `${text} is no answer` },
    },
  ];
}

Deno.test("opened() returns the event that sealed() got, and the sealed event contains no word of the text", () => {
  fc.assert(fc.property(anyText(), (text) => {
    const marked = `\u2603${text}\u2603`;
    for (const event of eventsWith(marked)) {
      const closed = sealed(event, place);
      const line = JSON.stringify(closed);
      assert.ok(!line.includes("\u2603"), line);
      assert.equal(shapeProblem(closed), null);
      const again = opened(envelopeOf(closed), KEY);
      assert.deepEqual(eventOf(again), event);
      assert.equal(again.person, PERSON);
    }
  }));
});

Deno.test("without the right key, the words stay encrypted; after a withdrawal, the event has a mark", () => {
  for (const event of eventsWith("Hello")) {
    const envelope = envelopeOf(sealed(event, place));
    for (const key of [null, new Uint8Array(32)]) assert.deepEqual(opened(envelope, key), envelope);
    const { box } = sealedWords(envelope)!;
    const withdrawn = opened(envelope, "withdrawn");
    assert.deepEqual(sealedWords(withdrawn), { person: PERSON, box, withdrawn: true });
    const forged = { person: "d1/Bob", box };
    const other = { ...envelope, data: { ...envelope.data, sealed: forged } as Envelope["data"] };
    assert.deepEqual(opened(other, KEY), other);
  }
});

Deno.test("sealed() keeps no words of a person who withdrew, and leaves events without words as they are", () => {
  const [turn] = eventsWith("Hello");
  const kept = sealed(turn!, { ...place, key: "withdrawn" });
  assert.deepEqual(kept.data, {
    turn: 0,
    comment: 0,
    participant: "Ann",
    text: "",
    generation,
    sealed: { person: PERSON, box: "" },
  });
  const empty = {
    type: "TurnPassed",
    data: { turn: 0, participant: "Ann", reason: "timed-out", raw: "", generation },
  } as const;
  assert.equal(sealed(empty, place), empty);
});

Deno.test("the lengths of encrypted texts reveal little: all short texts have the same length", () => {
  const lengthOf = (text: string) => sealedWords(envelopeOf(sealed(eventsWith(text)[0]!, place)))!.box.length;
  assert.equal(lengthOf("No"), lengthOf("No, I do not think so"));
});

Deno.test("the cipher gives the values of RFC 8452", () => {
  // Appendix C.2, the first case with a plaintext of 8 bytes and no additional data.
  const hex = (text: string) => Uint8Array.from(text.match(/../g)!, (pair) => parseInt(pair, 16));
  const key = hex("01" + "00".repeat(31));
  const box = gcmsiv(key, hex("030000000000000000000000")).encrypt(hex("0100000000000000"));
  assert.equal(box.toHex(), "c2ef328e5c71c83b843122130f7364b761e0b97427e3df28");
});
