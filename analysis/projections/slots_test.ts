import assert from "node:assert/strict";
import { type DiscussionEvent, EVENT_VERSIONS } from "../../core/events/mod.ts";
import { annotationEvents, sampleEvents } from "../../core/testing/sample_stream.ts";
import {
  abstained,
  designWith,
  generationFailed,
  interventionPosted,
  passWith,
  seedPosted,
  turnPassed,
} from "../../core/testing/mod.ts";
import { evolve, initialState, readEvent, readSlots, result, slotsOf } from "./mod.ts";

const EVENTS = [...sampleEvents("d1"), ...annotationEvents("p1")];
const OPENED = EVENTS[0]!;

Deno.test("slotsOf() gives one slot for each opening, turn and question to the moderator", () => {
  const { design, slots, comments } = slotsOf(EVENTS);
  assert.equal(design.id, "d1");
  assert.deepEqual(
    slots.map((
      { position, by, author, role, turn, comment, text, silence, raw },
    ) => [position, by, author, role, turn, comment, text, silence, raw]),
    [
      [0, "opening", "Ada", null, null, 0, "Grüße 😀", null, undefined],
      [1, "participant", "Bob", "troll", 0, 1, "No.", null, " No. "],
      [2, "moderator", "Mo", null, 0, 2, "Calm.", null, undefined],
      [3, "participant", "Ada", null, 1, null, null, "empty", '""'],
      [4, "moderator", "Mo", null, 1, null, null, "pass-word", "PASS"],
      [5, "participant", "Bob", "troll", 2, 3, "Fine\n\ud800.", null, undefined],
    ],
  );
  assert.deepEqual(slots.map(({ generation }) => generation?.model), [
    undefined,
    ..."tiny,".repeat(4).split(",").slice(0, 4),
    "tiny",
  ]);
  assert.deepEqual(comments.map(({ position }) => position), [0, 1, 2, 5]);
});

Deno.test("slotsOf() gives each slot the annotators' replies about it", () => {
  const { slots, annotations, passes, failures, problem } = slotsOf(EVENTS);
  assert.deepEqual(
    slots.flatMap(({ position, annotations }) =>
      annotations.map(({ pass, annotator, values, problem }) => [position, pass, annotator, values, problem])
    ),
    [
      [1, "p1", "Rita", { toxicity: 4, stance: "against" }, undefined],
      [3, "p1", "Rita", { toxicity: 1 }, undefined],
      [5, "p1", "Rita", null, "toxicity: no answer"],
    ],
  );
  assert.equal(annotations.length, 3);
  assert.deepEqual([...passes].map(([name, { completed }]) => [name, completed]), [["p1", true]]);
  assert.deepEqual(
    failures.map(({ pass, turn, comment, speaker, error }) => [pass, turn, comment, speaker, error]),
    [[null, 1, null, "Ada", "time-out"], ["p1", null, 3, "Rita", "time-out"]],
  );
  assert.equal(problem, null);
});

Deno.test("slotsOf() lets an imported pass start again with further annotators", () => {
  const [rita, sam] = ["Rita", "Sam"].map((name) => ({ name, persona: {}, instructions: "" }));
  const start = (...annotators: (typeof rita)[]): DiscussionEvent => ({
    type: "AnnotationPassStarted",
    data: passWith({ annotators: annotators.map((annotator) => annotator!) }),
  });
  const completed = EVENTS.at(-1)!;
  const { passes, problem } = slotsOf([
    ...sampleEvents("d1"),
    start(rita),
    completed,
    start(rita, sam),
    { type: "CommentAnnotated", data: { pass: "p1", comment: 1, annotator: "Sam", values: { toxicity: 2 } } },
  ]);
  const pass = passes.get("p1")!;
  assert.deepEqual(pass.design.annotators.map(({ name }) => name), ["Rita", "Sam"]);
  assert.deepEqual([passes.size, pass.completed, problem], [1, false, null]);
});

Deno.test("slotsOf() says how a discussion ended, and whether its last request failed", () => {
  const failed = generationFailed(0, "Ann");
  assert.deepEqual(slotsOf(EVENTS).ending, {
    kind: "end",
    end: "completed",
    reason: "turns",
    note: undefined,
    at: undefined,
  });
  assert.deepEqual([slotsOf([OPENED]).ending, slotsOf([OPENED, failed]).endsInFailure], [null, true]);
  assert.equal(slotsOf([OPENED, failed, turnPassed(0, "Ada")]).endsInFailure, false);
});

Deno.test("evolve() records only the first contradiction, and continues to read", () => {
  const annotated = (changes: object): DiscussionEvent => ({
    type: "CommentAnnotated",
    data: { pass: "p1", comment: 0, annotator: "Rita", values: {}, ...changes },
  });
  const started: DiscussionEvent = { type: "AnnotationPassStarted", data: passWith() };
  const opening = seedPosted(0, "Ada", "Well?");
  const problemOf = (...events: DiscussionEvent[]) => slotsOf([OPENED, ...events]).problem;
  assert.match(problemOf(annotated({}))!, /"p1" never started/);
  assert.match(problemOf(opening, started, annotated({ annotator: "Zoe" }))!, /no annotator "Zoe"/);
  assert.match(problemOf(opening, started, annotated({ comment: 1 }))!, /a slot that does not exist/);
  assert.match(problemOf(seedPosted(1, "Ada", "Well?"))!, /comment 1/);
  assert.match(problemOf(OPENED)!, /opens twice/);
  assert.equal(slotsOf([OPENED, annotated({}), opening, abstained(0)]).slots.length, 2);
});

Deno.test("a log that opens no discussion has no slots", async () => {
  assert.equal(result(initialState()), null);
  const state = evolve(initialState(), turnPassed(0, "Ann"));
  assert.deepEqual([result(state), state.problem], [
    null,
    'it begins with "TurnPassed", not with the opening of a discussion',
  ]);
  assert.equal(await readSlots((async function* () {})()), null);
  assert.throws(() => slotsOf([]), /Cannot read a log: it is empty/);
});

Deno.test("evolve() keeps the earliest and the latest time, even if times are not in order", () => {
  const times = ["2026-01-02T00:00:00.000Z", "2026-01-01T00:00:00.000Z", "2026-01-03T00:00:00.000Z"];
  const said = [{ type: OPENED.type, data: designWith() }, turnPassed(0, "Ann"), turnPassed(1, "Bob")];
  const { firstAt, lastAt } = slotsOf(said.map((event, index) => ({ ...event, at: times[index]! })));
  assert.deepEqual([firstAt, lastAt], [times[1], times[2]]);
});

Deno.test("readEvent() reads every type of event", () => {
  const aborted: DiscussionEvent = {
    type: "DiscussionAborted",
    data: { reason: "why", turns: 0, comments: 0 },
  };
  const kinds = new Map(
    [...EVENTS, interventionPosted(0, 1), aborted].map((event) => [event.type, readEvent(event).kind]),
  );
  assert.deepEqual([...kinds.keys()].sort(), Object.keys(EVENT_VERSIONS).sort());
  assert.ok([...kinds.values()].every((kind) => kind !== undefined));
});
