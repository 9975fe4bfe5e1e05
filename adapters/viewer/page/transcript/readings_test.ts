import assert from "node:assert/strict";
import { type DiscussionSlots, slotsOf } from "../../../../analysis/projections/mod.ts";
import type { DiscussionEvent } from "../../../../core/events/mod.ts";
import { designWith, passWith, seedPosted, turnPassed, turnTaken } from "../../../../core/testing/mod.ts";
import { coursesOf } from "./course.ts";
import { LiveLog } from "./live_log.ts";
import { problemsOf } from "./problems.ts";
import { readingsOf } from "./readings.ts";

type Values = Readonly<Record<string, number | boolean>>;

function annotated(comment: number, annotator: string, values: Values): DiscussionEvent {
  return { type: "CommentAnnotated", data: { pass: "p1", comment, annotator, values } };
}

function unparsed(comment: number, annotator: string, attempt: number): DiscussionEvent {
  const data = {
    pass: "p1",
    comment,
    annotator,
    scales: ["toxicity"],
    raw: "?",
    problem: "no answer",
    attempt,
  };
  return { type: "AnnotationUnparsed", data };
}

const CONTENT: DiscussionSlots = slotsOf([
  { type: "DiscussionOpened", data: designWith({ turns: 3 }) },
  seedPosted(0, "Ann", "Buses?"),
  turnTaken({ turn: 0, comment: 1, participant: "Ann", text: "Yes." }),
  turnPassed(1, "Bob", "cut-before-text"),
  turnTaken({ turn: 2, comment: 2, participant: "Cem", text: "Fool!" }),
  { type: "DiscussionCompleted", data: { reason: "turns", turns: 3, comments: 3 } },
  { type: "AnnotationPassStarted", data: passWith() },
  annotated(1, "Rita", { toxicity: 1 }),
  annotated(1, "Rita", { insult: false }),
  annotated(1, "Sam", { toxicity: 2 }),
  unparsed(2, "Rita", 1),
  annotated(2, "Rita", { toxicity: 5 }),
  annotated(2, "Sam", { toxicity: 3 }),
  annotated(2, "Sam", { insult: true }),
  unparsed(0, "Sam", 1),
  unparsed(0, "Sam", 2),
]);

const summary = (position: number) =>
  readingsOf(CONTENT.slots[position]!, CONTENT.passes).map(({ scale, readings, mean, disagreement }) => [
    scale.name,
    readings.map(({ annotator, value, replies }) => [annotator, value, replies.length]),
    mean,
    disagreement,
  ]);

Deno.test("readingsOf() gives each annotator's last reply by scale, with mean and disagreement", () => {
  assert.deepEqual(summary(1), [
    ["toxicity", [["Rita", 1, 1], ["Sam", 2, 1]], 1.5, 0.25],
    ["insult", [["Rita", false, 1]], 0, null],
  ]);
  assert.deepEqual(summary(3), [
    ["toxicity", [["Rita", 5, 2], ["Sam", 3, 1]], 4, 0.5],
    ["insult", [["Sam", true, 1]], 1, null],
  ]);
  assert.deepEqual(summary(0), [["toxicity", [["Sam", null, 2]], null, null]]);
  assert.deepEqual(summary(2), []);
});

Deno.test("coursesOf() gives the values of each comment with the annotators' spread, and the peak", () => {
  const [toxicity, insult] = coursesOf(CONTENT);
  assert.deepEqual(toxicity!.points.map(({ position, mean, low, high }) => [position, mean, low, high]), [
    [1, 1.5, 1, 2],
    [3, 4, 3, 5],
  ]);
  assert.deepEqual([toxicity!.min, toxicity!.max, toxicity!.peak.author], [1, 5, "Cem"]);
  assert.equal(toxicity!.generatedPeak, toxicity!.peak);
  assert.deepEqual([insult!.scale, insult!.peak.position], ["insult", 3]);
});

Deno.test("coursesOf() gives the highest generated comment, too, if an opening is higher", () => {
  const [course] = coursesOf(
    slotsOf([
      { type: "DiscussionOpened", data: designWith({ turns: 1 }) },
      seedPosted(0, "Ann", "Buses?"),
      turnTaken({ turn: 0, comment: 1, participant: "Bob", text: "Yes." }),
      { type: "DiscussionCompleted", data: { reason: "turns", turns: 1, comments: 2 } },
      { type: "AnnotationPassStarted", data: passWith() },
      annotated(0, "Rita", { toxicity: 5 }),
      annotated(1, "Rita", { toxicity: 2 }),
    ])!,
  );
  assert.deepEqual([course!.peak.author, course!.generatedPeak!.author], ["Ann", "Bob"]);
});

Deno.test("problemsOf() names cut silence, unparsed replies and disagreement", () => {
  const kinds = CONTENT.slots.map((slot) => problemsOf(slot, CONTENT, new LiveLog()).map(({ kind }) => kind));
  assert.deepEqual(kinds, [["unparsed"], [], ["silence"], ["disagreement"]]);
});
