import assert from "node:assert/strict";
import { slotsOf } from "../../../../analysis/projections/mod.ts";
import { sampleEvents } from "../../../../core/testing/sample_stream.ts";
import { citation, discussionText } from "./citation.ts";
import { missingWords } from "./plain_words.ts";
import { durationWords, timingOf } from "./timings.ts";

const CONTENT = slotsOf(sampleEvents("d1"));

Deno.test("citation() names run, discussion and comment, and the hashes that prove them", () => {
  const run = { name: "pilot", experiment: "calm", head: "b".repeat(64) };
  const event = { stream: "d1", seq: 2, hash: "a".repeat(64) };
  assert.equal(
    citation({ run, slot: CONTENT.slots[1]!, event }),
    `Bob, comment 2 of the discussion "d1", run "pilot" of the experiment "calm". SynDisco log, event 2, ` +
      `SHA-256 ${"a".repeat(64)}; head of the run's log ${"b".repeat(64)}`,
  );
});

Deno.test("discussionText() gives every slot with its speaker, and silence with its reason", () => {
  const text = discussionText(CONTENT);
  assert.match(
    text,
    /^d1 \(condition base, replicate 1\)\n\n1\. Ada \(opening comment\)\nGrüße 😀\n\n2\. Bob/,
  );
  assert.match(text, /4\. Ada \(turn 2\)\n\(the reply had only quotation marks\)/);
  assert.match(text, /5\. Mo \(moderator, after turn 2\)\n\(chose to say nothing/);
  assert.match(text, /Completed: all turns were taken\n$/);
});

Deno.test("timingOf() reads metadata of any shape", () => {
  const nothing = { attempts: null, latencyMs: null, waitedMs: null, message: null, status: null };
  assert.deepEqual(timingOf(undefined), nothing);
  assert.deepEqual(timingOf({ attempts: "3", latencyMs: -1, message: { a: 1 }, status: NaN }), nothing);
  assert.deepEqual(timingOf({ attempts: 3, latencyMs: 250, message: "busy", status: 503 }), {
    ...nothing,
    attempts: 3,
    latencyMs: 250,
    message: "busy",
    status: 503,
  });
});

Deno.test("durationWords() chooses the unit by the length", () => {
  assert.deepEqual([340, 12_400, 200_000, 59_999, 7_380_000].map(durationWords), [
    "0.34 s",
    "12 s",
    "3 min 20 s",
    "60 s",
    "2 h 3 min",
  ]);
});

Deno.test("missingWords() says why there is no comment, and what happened to the words of people", () => {
  const words = (changes: Partial<Parameters<typeof missingWords>[0]>) =>
    missingWords({ silence: null, raw: undefined, ...changes }, "PASS");
  assert.equal(words({ silence: "empty" }), "No comment: the reply was empty.");
  assert.equal(words({ silence: "timed-out" }), "No comment: gave no answer in time.");
  assert.equal(
    words({ withheld: "withdrawn" }),
    "Withdrawn: the person withdrew, so the words can no longer be read.",
  );
  assert.equal(
    words({ withheld: "sealed" }),
    "Sealed: the words of a person are encrypted, and the key is not here.",
  );
});
