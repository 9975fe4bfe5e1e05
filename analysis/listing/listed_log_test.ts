import assert from "node:assert/strict";
import type { AnnotationDesign, DiscussionEvent, Generation } from "../../core/events/mod.ts";
import {
  abstained,
  designWith,
  generationFailed,
  INSULT,
  intervened,
  moderatorWith,
  passWith,
  seedPosted,
  TEST_MODEL,
  TOXICITY,
  turnPassed,
  turnTaken,
} from "../../core/testing/mod.ts";
import { inEnvelopes } from "../fidelity/testing/mod.ts";
import { type ReadLog, slotsOf } from "../projections/mod.ts";
import { listLog, waitingRow, withEnd } from "./mod.ts";

const PRICES = { input: 1_000_000, output: 1_000_000, currency: "EUR" };

const facts = { run: "r", events: 9, hash: "ab", pricesFor: () => PRICES };

function logOf(events: readonly DiscussionEvent[], damage: string | null = null): ReadLog {
  return { discussion: "d1", damage, slots: slotsOf(inEnvelopes("d1", events)) };
}

const rowOf = (events: readonly DiscussionEvent[], damage: string | null = null) =>
  listLog(logOf(events, damage), facts).row;

function opened(changes: Parameters<typeof designWith>[0] = {}): DiscussionEvent {
  return { type: "DiscussionOpened", data: designWith(changes) };
}

const generation: Generation = {
  model: TEST_MODEL,
  promptHash: "0".repeat(64),
  seed: 1,
  finishReason: "length",
  usage: { promptTokens: 100, completionTokens: 20 },
};

const spoken = turnTaken({ turn: 0, comment: 1, participant: "Ann", text: "No, never." });
const completed: DiscussionEvent = {
  type: "DiscussionCompleted",
  data: { reason: "turns", turns: 4, comments: 3 },
};

Deno.test("listLog() fills every field of a row", () => {
  const [ann, bob] = designWith().participants;
  const design = opened({
    condition: "gentle+3",
    factors: { moderator: "gentle", "discussion.history": "3" },
    replicate: 7,
    participants: [{ ...ann!, role: { name: "sceptic", instructions: "Doubt." } }, {
      ...bob!,
      model: "other",
    }],
    moderator: moderatorWith({ model: "third" }),
    forkedFrom: { stream: "d0", seq: 4, events: 0, run: "old" },
  });
  const pass = passWith({ annotators: [{ name: "Rita", model: "judge", persona: {}, instructions: "" }] });
  assert.deepEqual(
    rowOf([
      design,
      seedPosted(0, "Ann", "Should buses run at night?"),
      { ...spoken, data: { ...spoken.data, generation } } as DiscussionEvent,
      intervened(0, 2, "Calm."),
      generationFailed(1, "Bob"),
      generationFailed(1, "Bob"),
      turnPassed(1, "Bob", "empty"),
      abstained(1),
      turnPassed(2, "Ann", "pass-word"),
      turnPassed(3, "Bob", "cut-before-text"),
      completed,
      { type: "AnnotationPassStarted", data: pass },
      {
        type: "AnnotationUnparsed",
        data: {
          pass: "p1",
          comment: 1,
          annotator: "Rita",
          scales: ["toxicity"],
          raw: "?",
          problem: "none",
          attempt: 1,
        },
      },
    ]),
    {
      run: "r",
      discussion: "d1",
      status: "completed",
      condition: "gentle+3",
      factors: { moderator: "gentle", "discussion.history": "3" },
      replicate: 7,
      origin: { run: "old", discussion: "d0", seq: 4 },
      speakers: ["Ann", "Bob"],
      roles: ["sceptic"],
      models: [TEST_MODEL, "other", "third", "judge"],
      turns: 4,
      plannedTurns: 4,
      comments: 3,
      interventions: 1,
      silent: 2,
      silences: { empty: 1, "pass-word": 1 },
      cut: 2,
      unparsed: 1,
      failures: { "time-out": 2 },
      disagreement: null,
      promptTokens: 100,
      completionTokens: 20,
      openedAt: "2026-01-01T00:00:00.000Z",
      lastAt: "2026-01-01T00:00:00.000Z",
      events: 9,
      hash: "ab",
    },
  );
});

Deno.test("listLog() tells discussions in flight from failed, ended, damaged and empty ones", () => {
  const aborted: DiscussionEvent = {
    type: "DiscussionAborted",
    data: { reason: "no use", turns: 1, comments: 1 },
  };
  assert.equal(rowOf([opened(), spoken]).status, "in flight");
  assert.equal(rowOf([opened(), generationFailed(0, "Ann")]).status, "failed");
  assert.equal(rowOf([opened(), generationFailed(0, "Ann"), spoken]).status, "in flight");
  assert.equal(rowOf([opened(), spoken, completed]).status, "completed");
  assert.equal(rowOf([opened(), spoken, aborted]).status, "aborted");
  assert.equal(rowOf([opened(), spoken, completed], "line 4 is damaged").status, "damaged");
  const nothing = { discussion: "d1", damage: null, slots: null };
  assert.deepEqual(listLog(nothing, { ...facts, events: 0, hash: null }).row, waitingRow("r", "d1"));
  assert.equal(listLog({ ...nothing, damage: "line 1 is damaged" }, facts).row.status, "damaged");
});

Deno.test("withEnd() marks a log as damaged if it has fewer events than the run's log records, or none", () => {
  const message = (events: number) =>
    `The log is shorter than the run's log records: it has ${events} of 9 events`;
  const short = listLog(logOf([opened(), spoken]), { ...facts, events: 2 });
  const empty = listLog({ discussion: "d1", damage: null, slots: null }, { ...facts, events: 0, hash: null });
  for (const listed of [short, empty]) {
    const { row, status } = withEnd(listed, [9, "ab"]);
    assert.deepEqual([row.status, status.damage], ["damaged", message(row.events)]);
  }
  assert.equal(withEnd(short, [2, "ab"]), short);
  const damaged = listLog(logOf([opened(), spoken], "line 3 is damaged"), { ...facts, events: 2 });
  assert.equal(withEnd(damaged, [9, "ab"]), damaged);
});

Deno.test("listLog() keeps costs, and the times of turns in the hour before the log's last event", () => {
  const envelopes = [...inEnvelopes("d1", [
    opened(),
    spoken,
    turnPassed(1, "Bob"),
    { ...turnTaken({ turn: 2, comment: 1, participant: "Cem", text: "Yes." }) },
    completed,
  ])].map((envelope, minute) => ({
    ...envelope,
    at: `2026-01-01T0${minute === 1 ? 0 : 1}:0${minute}:30.000Z`,
  }));
  const { turnsAt, status } = listLog({ discussion: "d1", damage: null, slots: slotsOf(envelopes) }, facts);
  assert.deepEqual(turnsAt, [Date.UTC(2026, 0, 1, 1, 2, 30) / 1000, Date.UTC(2026, 0, 1, 1, 3, 30) / 1000]);
  assert.deepEqual(status.models, [[TEST_MODEL, {
    replies: 3,
    promptTokens: 0,
    completionTokens: 0,
    cost: 0,
    currency: "EUR",
  }]]);
});

Deno.test("listLog() refuses designs of a wrong shape, which logs made by hand can have", () => {
  for (
    const changes of [{ condition: 3 }, { factors: { a: {} } }, { turns: "4" }, {
      participants: [{ model: "m" }],
    }]
  ) {
    assert.throws(() => rowOf([opened(changes as never)]), RangeError);
  }
});

type Values = NonNullable<Extract<DiscussionEvent, { type: "CommentAnnotated" }>["data"]["values"]>;

function disagreementOf(rita: Values, sam: Values, pass: Partial<AnnotationDesign> = {}): number | null {
  const annotated = (annotator: string, values: Values): DiscussionEvent => ({
    type: "CommentAnnotated",
    data: { pass: "p1", comment: 0, annotator, values },
  });
  return rowOf([
    opened(),
    { ...spoken, data: { ...spoken.data, comment: 0 } } as DiscussionEvent,
    completed,
    { type: "AnnotationPassStarted", data: passWith(pass) },
    annotated("Rita", rita),
    annotated("Sam", sam),
  ]).disagreement;
}

Deno.test("listLog() gives the largest disagreement of two annotators as a share of the scale", () => {
  const scales = (...scales: AnnotationDesign["codebook"]["scales"]) => ({
    codebook: { version: "1", hash: "", scales },
  });
  assert.equal(disagreementOf({ toxicity: 2 }, { toxicity: 4 }), 0.5);
  assert.equal(disagreementOf({ toxicity: 1, insult: true }, { toxicity: 1, insult: true }), 0);
  assert.equal(disagreementOf({ toxicity: 1, insult: true }, { toxicity: 2, insult: false }), 1);
  assert.equal(disagreementOf({ toxicity: 1 }, { insult: true }), null);
  assert.equal(disagreementOf({ toxicity: 1 }, { toxicity: 99 }), 1);
  const remark = { name: "remark", type: "text", question: "?", maxLength: 10 } as const;
  assert.equal(disagreementOf({ remark: "a" }, { remark: "b" }, scales(remark as never)), null);
  assert.equal(disagreementOf({ insult: true }, { insult: true }, scales(TOXICITY, INSULT)), 0);
});
