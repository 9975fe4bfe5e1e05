import assert from "node:assert/strict";
import type { DiscussionEvent } from "../../core/events/mod.ts";
import { designWith, participantsNamed, passWith, turnTaken } from "../../core/testing/mod.ts";
import { inEnvelopes } from "../fidelity/testing/mod.ts";
import { measureConduct } from "./conduct.ts";
import { PeopleWordsTally } from "./people_words.ts";
import { slotsOf } from "./slots.ts";

const PERSON = { person: "d1/Ann", box: "AAAA" };
const WITHDRAWN = { ...PERSON, withdrawn: true } as const;

function annotated(comment: number, annotator: string, more: object = {}): DiscussionEvent {
  const data = { pass: passWith().pass, comment, annotator, values: { toxicity: 3 }, attempt: 1, ...more };
  return { type: "CommentAnnotated", data } as DiscussionEvent;
}

const annotator = passWith().annotators[0]!.name;

/** A log in which Ann withdrew, Bob has spoken, and Cem's words are sealed. */
function logWith(...events: readonly DiscussionEvent[]): readonly DiscussionEvent[] {
  const design = designWith({ openings: [], participants: participantsNamed("Ann", "Bob", "Cem"), turns: 4 });
  const said = (turn: number, participant: string, text: string) =>
    turnTaken({ turn, comment: turn, participant, text });
  const without = (event: DiscussionEvent, sealed: object) =>
    ({ ...event, data: { ...event.data, sealed } }) as DiscussionEvent;
  return [
    { type: "DiscussionOpened", data: design },
    without(said(0, "Ann", ""), WITHDRAWN),
    said(1, "Bob", "Two words"),
    without(said(2, "Cem", ""), PERSON),
    { type: "TurnPassed", data: { turn: 3, participant: "Ann", reason: "declined", raw: "" } },
    { type: "DiscussionCompleted", data: { reason: "turns", turns: 4, comments: 3 } },
    ...events,
  ];
}

Deno.test("a comment whose words are withheld keeps its slot, its position and its ordinal", () => {
  const { slots, comments, problem } = slotsOf(logWith());
  assert.equal(problem, null);
  assert.deepEqual(
    slots.map((
      { position, comment, text, silence, withheld },
    ) => [position, comment, text, silence, withheld]),
    [
      [0, 0, null, null, "withdrawn"],
      [1, 1, "Two words", null, undefined],
      [2, 2, null, null, "sealed"],
      [3, null, null, "declined", undefined],
    ],
  );
  assert.deepEqual(comments.map(({ author }) => author), ["Ann", "Bob", "Cem"]);
});

Deno.test("no figure of conduct counts withheld comments and the turns of people who left", () => {
  const { participants, silenceRate, commentWords, participationRate } = measureConduct(slotsOf(logWith()));
  assert.deepEqual(participants.map(({ comments, words }) => [comments, words]), [[0, 0], [1, 2], [0, 0]]);
  assert.deepEqual([silenceRate, commentWords], [0, [2]]);
  assert.equal(participationRate, 1 / 3);
});

Deno.test("annotations count as missing if the comment is withheld, or the annotator withdrew or declined", () => {
  const pass = passWith();
  const generation = { model: "m", promptHash: "a".repeat(64), seed: 1 };
  const { annotations, slots, problem } = slotsOf(logWith(
    { type: "AnnotationPassStarted", data: pass },
    annotated(0, annotator),
    annotated(1, annotator),
    annotated(1, annotator, { values: {}, sealed: WITHDRAWN }),
    annotated(1, annotator, { values: {}, generation: { ...generation, finishReason: "declined" } }),
    annotated(2, annotator),
  ));
  assert.equal(problem, null);
  assert.equal(annotations.length, 1);
  assert.deepEqual(slots.map((slot) => slot.annotations.length), [0, 1, 0, 0]);
});

Deno.test("PeopleWordsTally tells withdrawn texts from sealed ones, and speakers from raters", () => {
  const tally = new PeopleWordsTally();
  const pass = passWith();
  const log = inEnvelopes(
    "d1",
    logWith(
      { type: "AnnotationPassStarted", data: pass },
      annotated(1, annotator, { values: {}, sealed: { ...PERSON, person: annotator } }),
    ),
  );
  for (const envelope of log) {
    const isCem = "participant" in envelope.data && envelope.data.participant === "Cem";
    tally.add(
      isCem
        ? { ...envelope, data: { ...envelope.data, sealed: { person: "d1/Cem", box: "" } } as never }
        : envelope,
    );
  }
  assert.deepEqual(tally.words(), {
    speakers: 2,
    raters: 1,
    withdrawn: { texts: 1, people: 1 },
    sealed: { texts: 2, people: 2 },
  });
  assert.equal(new PeopleWordsTally().words(), null);
});
