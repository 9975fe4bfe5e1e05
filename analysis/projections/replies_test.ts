import assert from "node:assert/strict";
import type { DiscussionEvent, Generation } from "../../core/events/mod.ts";
import { designWith, seedPosted, turnPassed, turnTaken } from "../../core/testing/mod.ts";
import {
  type Annotation,
  countReply,
  readEvent,
  repliesOf,
  type ReplyCounts,
  replyWarnings,
  type Said,
  slotsOf,
} from "./mod.ts";

function counted(...events: readonly DiscussionEvent[]): Map<string, ReplyCounts> {
  const models = new Map<string, ReplyCounts>();
  for (const event of events) countReply(models, readEvent(event) as Said | Annotation);
  return models;
}

const said = turnTaken({ turn: 0, comment: 0, participant: "Ann", text: "No." });
const ended = (changes: Partial<Generation>): DiscussionEvent => ({
  ...said,
  data: { ...said.data, generation: { ...said.data.generation!, ...changes } },
});

Deno.test("countReply() counts cut, empty and other kinds of replies by model", () => {
  const models = counted(
    said,
    ended({ finishReason: "length" }),
    turnPassed(1, "Bob", "cut-before-text"),
    turnPassed(2, "Bob", "empty"),
    turnPassed(3, "Bob", "pass-word"),
    { ...said, data: { ...said.data, thoughts: "Hm." } },
    ended({ finishReason: "other", finishReasonGiven: "future_reason" }),
    ended({ finishReason: "other" }),
  );
  assert.deepEqual([...models.keys()], [said.data.generation!.model]);
  assert.deepEqual([...models.values()][0], {
    replies: 8,
    cut: 2,
    cutBeforeText: 1,
    cutWhileThinking: 0,
    refused: 0,
    empty: 1,
    withThoughts: 1,
    otherEnds: new Map([["future_reason", 1], ["not kept", 1]]),
  });
});

Deno.test("replyWarnings() warns if at least a tenth of the replies is cut, empty or has thoughts", () => {
  const good = Array.from({ length: 9 }, () => said);
  assert.deepEqual(replyWarnings(counted(...good, said)), []);
  const cut = ended({ finishReason: "length" });
  assert.match(replyWarnings(counted(...good, cut))[0]!, /: 1 of 10 replies were cut .*raise maxTokens/);
  assert.deepEqual(replyWarnings(counted(...good, said, cut)), []);
  const thinking: DiscussionEvent = { ...said, data: { ...said.data, thoughts: "Hm." } };
  assert.match(replyWarnings(counted(...good, thinking))[0]!, /: 1 of 10 replies hold thoughts/);
  assert.match(replyWarnings(counted(...good, turnPassed(0, "Ann")))[0]!, /: 1 of 10 replies are empty/);
});

Deno.test("replyWarnings() warns of each reply that was cut before any text or ended for an unknown reason", () => {
  const many = Array.from({ length: 99 }, () => said);
  assert.match(
    replyWarnings(counted(...many, turnPassed(0, "Ann", "cut-before-text")))[0]!,
    /1 of 100 replies were cut at the limit of tokens, 1 of them before any text/,
  );
  assert.match(
    replyWarnings(counted(...many, ended({ finishReason: "other", finishReasonGiven: "odd" })))[0]!,
    /does not know: "odd" \(1\)/,
  );
});

Deno.test("replyWarnings() says that the model was still thinking when its replies were cut", () => {
  const silent = turnPassed(0, "Ann", "cut-before-text");
  const thinking: DiscussionEvent = { ...silent, data: { ...silent.data, thoughts: "Let me see" } };
  assert.match(
    replyWarnings(counted(thinking, silent))[0]!,
    /: 2 of 2 replies were cut, 2 of them before any text, 1 of them while the model was still thinking; raise/,
  );
});

Deno.test("countReply() counts blank replies of annotators as empty", () => {
  const { generation } = said.data;
  const unparsed = (raw: string): DiscussionEvent => ({
    type: "AnnotationUnparsed",
    data: {
      pass: "p",
      comment: 0,
      annotator: "Rita",
      scales: ["s"],
      raw,
      problem: "?",
      attempt: 1,
      generation: generation!,
    },
  });
  const [counts] = counted(unparsed(" \n"), unparsed("Well"), unparsed("")).values();
  assert.deepEqual([counts!.replies, counts!.empty], [3, 2]);
});

const usage = { promptTokens: 10, completionTokens: 3 };
const asked = { model: "m", promptHash: "0".repeat(64), seed: 1, finishReason: "stop", usage } as const;
const spec = { adapter: "scripted", sampling: {}, options: {} };

function passStarted(pass: string, reparsedFrom?: string): DiscussionEvent {
  const annotators = [{ name: "A" }];
  const data = {
    pass,
    annotators,
    models: { m: { ...spec, adapter: "judge" } },
    ...(reparsedFrom && { reparsedFrom }),
  };
  return { type: "AnnotationPassStarted", data } as unknown as DiscussionEvent;
}

function annotated(pass: string): DiscussionEvent {
  const data = { pass, comment: 0, annotator: "A", values: {}, generation: asked };
  return { type: "CommentAnnotated", data } as unknown as DiscussionEvent;
}

Deno.test("repliesOf() gives each paid reply with the model's specification in the design", () => {
  const answer = turnTaken({ turn: 0, comment: 1, participant: "Ann", text: "Hello" });
  const events: DiscussionEvent[] = [
    { type: "DiscussionOpened", data: designWith({ models: { m: spec } }) },
    seedPosted(0, "Ann", "Well?"),
    { ...answer, data: { ...answer.data, generation: asked } } as DiscussionEvent,
    passStarted("first"),
    annotated("first"),
    passStarted("again", "first"),
    annotated("again"),
  ];
  const replies = [...repliesOf(slotsOf(events))].map(({ entry: _, ...reply }) => reply);
  assert.deepEqual(replies, [
    { model: "m", spec, usage, pass: null },
    { model: "m", spec: { ...spec, adapter: "judge" }, usage, pass: "first" },
  ]);
});

Deno.test("countReply() does not count the end as unknown if a rater cannot tell", () => {
  const models = counted(ended({ finishReason: "other", finishReasonGiven: "cannot-tell" }));
  assert.deepEqual([...models.values()].map(({ otherEnds }) => otherEnds.size), [0]);
  assert.deepEqual(replyWarnings(models), []);
});
