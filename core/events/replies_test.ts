import assert from "node:assert/strict";
import { type DiscussionEvent, StreamReplies } from "./mod.ts";
import { designWith, seedPosted, turnTaken } from "../testing/mod.ts";

const usage = { promptTokens: 10, completionTokens: 3 };
const generation = { model: "m", promptHash: "0".repeat(64), seed: 1, finishReason: "stop", usage } as const;
const spec = { adapter: "scripted", sampling: {}, options: {} };

function passStarted(pass: string, reparsedFrom?: string): DiscussionEvent {
  const data = { pass, models: { m: { ...spec, adapter: "judge" } }, ...(reparsedFrom && { reparsedFrom }) };
  return { type: "AnnotationPassStarted", data } as unknown as DiscussionEvent;
}

function annotated(pass: string): DiscussionEvent {
  const data = { pass, comment: 0, annotator: "A", values: {}, generation };
  return { type: "CommentAnnotated", data } as unknown as DiscussionEvent;
}

Deno.test("StreamReplies.read() gives each reply that was paid for, with the model as its design has it", () => {
  const replies = new StreamReplies();
  const said = turnTaken({ turn: 0, comment: 1, participant: "Ann", text: "Hello" });
  const events: DiscussionEvent[] = [
    { type: "DiscussionOpened", data: designWith({ models: { m: spec } }) },
    seedPosted(0, "Ann", "Well?"),
    { ...said, data: { ...said.data, generation } } as DiscussionEvent,
    passStarted("first"),
    annotated("first"),
    passStarted("again", "first"),
    annotated("again"),
  ];
  assert.deepEqual(events.map((event) => replies.read(event)), [
    null,
    null,
    { model: "m", spec, usage, pass: null },
    null,
    { model: "m", spec: { ...spec, adapter: "judge" }, usage, pass: "first" },
    null,
    null,
  ]);
});
