import assert from "node:assert/strict";
import type { AnnotationDesign, DiscussionEvent, Envelope } from "../../core/events/mod.ts";
import { passWith } from "../../core/testing/mod.ts";
import type { RunLogs } from "../shared/logs.ts";
import { findWords } from "./quotes.ts";

const generation = { model: "m", promptHash: "a".repeat(64), seed: 1, finishReason: "sent" } as const;
const AT = "2026-01-01T00:00:00.000Z";

/** A pass in which Rita is a person, and one scale has labels of several words. */
function passOfRita(): AnnotationDesign {
  const { codebook, ...design } = passWith();
  return {
    ...design,
    annotators: [{ name: "Rita", model: "person", persona: {}, instructions: "" }],
    models: { person: { adapter: "human", sampling: {}, options: {} } },
    codebook: {
      ...codebook,
      scales: [{
        name: "tone",
        type: "nominal",
        question: "Which tone?",
        labels: ["not toxic at all", "toxic to many of the readers here"],
      }, { name: "why", type: "text", question: "Why?", maxLength: 100 }],
    },
  };
}

/** The logs of one discussion with these events, each with the person whose words it has. */
function logsWith(events: readonly (readonly [DiscussionEvent, string?])[], ratings: string | null): RunLogs {
  const envelopes = events.map(([event, person], seq) => ({
    stream: "d1",
    seq,
    at: AT,
    v: 1,
    hash: "",
    ...event,
    ...(person === undefined ? {} : { person }),
  })) as unknown as readonly Envelope[];
  return {
    run: {
      readText: (name: string) => Promise.resolve(name === "people/ratings/p1.1.jsonl" ? ratings : null),
    },
    discussions: () => ReadableStream.from(["d1"]),
    events: () => ReadableStream.from(envelopes),
  } as unknown as RunLogs;
}

function annotated(annotator: string, comment: number, values: Readonly<Record<string, string>>) {
  const data = {
    pass: "p1",
    comment,
    annotator,
    attempt: 1,
    values,
    raw: JSON.stringify(values),
    generation,
  };
  return { type: "CommentAnnotated", data } as const;
}

Deno.test("findWords() counts no label as a quote, but finds the free words of a rater", async () => {
  const tone = "toxic to many of the readers here";
  const why = "because she calls him a clown again";
  const logs = logsWith([
    [{ type: "AnnotationPassStarted", data: passOfRita() }],
    [annotated("Rita", 0, { tone, why }), "Rita"],
    [annotated("judge", 0, { tone, why: "it is rude" })],
    [annotated("judge", 1, { tone, why: `Rita says ${why}` })],
  ], null);
  const { quotes, words } = await findWords(logs, ["Rita"]);
  assert.deepEqual(quotes, [{ person: "Rita", discussion: "d1", seq: 3, by: "judge" }]);
  assert.deepEqual(words.get("Rita"), { comments: 0, ratings: 1, others: 0 });
});

Deno.test("findWords() counts comments, and ratings that are saved but in no discussion's log", async () => {
  const items = [0, 1, 2].map((comment) => ({ kind: "comment", discussion: "d1", comment }));
  const stored = [
    { kind: "drawn", at: AT, items },
    { kind: "rated", at: AT, place: 0, box: "encrypted" },
    { kind: "rated", at: AT, place: 0, box: "corrected" },
    { kind: "rated", at: AT, place: 1, box: "encrypted" },
  ].map((entry) => `${JSON.stringify(entry)}\n`).join("");
  const logs = logsWith([
    [{
      type: "TurnTaken",
      data: { turn: 0, comment: 0, participant: "Ann", text: "I hate buses", generation },
    }, "d1/Ann"],
    [{ type: "AnnotationPassStarted", data: passOfRita() }],
    [annotated("Rita", 0, { tone: "not toxic at all" }), "Rita"],
  ], stored);
  const { words } = await findWords(logs, ["Rita", "d1/Ann", "Sam"]);
  assert.deepEqual([...words], [
    ["Rita", { comments: 0, ratings: 2, others: 0 }],
    ["d1/Ann", { comments: 1, ratings: 0, others: 0 }],
    ["Sam", { comments: 0, ratings: 0, others: 0 }],
  ]);
});
