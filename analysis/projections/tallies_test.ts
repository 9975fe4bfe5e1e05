import assert from "node:assert/strict";
import type { DiscussionEvent } from "../../core/events/mod.ts";
import {
  designWith,
  generationFailed,
  moderatorWith,
  participantsNamed,
  passWith,
  turnPassed,
  turnTaken,
} from "../../core/testing/mod.ts";
import { inEnvelopes } from "../fidelity/testing/mod.ts";
import { Distinct, tally } from "./distinct.ts";
import { DesignTally, ExecutionTally, StatusTally } from "./mod.ts";
import { showLog } from "./testing/mod.ts";

const said = turnTaken({ turn: 0, comment: 1, participant: "Ann", text: "No." });
const completed: DiscussionEvent = {
  type: "DiscussionCompleted",
  data: { reason: "turns", turns: 2, comments: 2 },
};
const aborted: DiscussionEvent = { type: "DiscussionAborted", data: { reason: "", turns: 1, comments: 2 } };

function opened(condition: string, changes: Parameters<typeof designWith>[0] = {}): DiscussionEvent {
  return { type: "DiscussionOpened", data: designWith({ condition, ...changes }) };
}

type Log = Readonly<{ events: readonly DiscussionEvent[]; damage?: string; meta?: Record<string, unknown> }>;

function readBy<T extends DesignTally | ExecutionTally | StatusTally>(tally: T, logs: readonly Log[]): T {
  for (const [nth, { events, damage = null, meta }] of logs.entries()) {
    const discussion = `d${nth}`;
    const envelopes = [...inEnvelopes(discussion, events)]
      .map((envelope) => meta === undefined ? envelope : { ...envelope, meta });
    showLog([tally], { discussion, envelopes, damage });
  }
  return tally;
}

Deno.test("Distinct keeps a limited number of different values and continues to count them", () => {
  const counts = new Distinct<string>({}, 2);
  for (const value of ["a", "b", "c", "a", "c"]) tally(counts, value);
  assert.deepEqual(counts.values(), {
    values: [{ value: "a", count: 2 }, { value: "b", count: 1 }],
    complete: false,
  });
});

Deno.test("ExecutionTally counts each discussion once, and damaged ones separately", () => {
  const tally = readBy(new ExecutionTally(), [
    { events: [opened("a"), said, completed] },
    { events: [opened("a"), said, aborted] },
    { events: [opened("b"), said] },
    { events: [opened("b"), said, completed], damage: "line 4 is damaged" },
    { events: [], damage: "line 1 is damaged" },
    { events: [] },
  ]);
  const none = { completed: 0, stoppedEarly: 0, aborted: 0, unfinished: 0, damaged: 0 };
  const { ends, unreadable } = tally.facts();
  assert.deepEqual([...ends], [
    ["a", { ...none, completed: 1, aborted: 1 }],
    ["b", { ...none, unfinished: 1, damaged: 1 }],
  ]);
  assert.equal(unreadable, 1);
});

Deno.test("ExecutionTally adds up attempts and times of all requests, and ignores invalid metadata", () => {
  const { requests } = readBy(new ExecutionTally(), [
    {
      events: [opened("a"), said, turnPassed(1, "Bob")],
      meta: { attempts: 3, latencyMs: 200, waitedMs: 50 },
    },
    { events: [opened("a"), generationFailed(0, "Ann")], meta: { attempts: "many", latencyMs: -1 } },
  ]).facts();
  assert.deepEqual(requests, {
    answered: 2,
    failed: 1,
    attempts: 7,
    retried: 2,
    modelMs: 400,
    waitedMs: 100,
  });
});

Deno.test("ExecutionTally counts an annotation as lost only if its last attempt was not parsed", () => {
  const unparsed = (attempt: number, comment: number): DiscussionEvent => ({
    type: "AnnotationUnparsed",
    data: { pass: "p1", comment, annotator: "Rita", scales: ["toxicity"], raw: "?", problem: "", attempt },
  });
  const annotated: DiscussionEvent = {
    type: "CommentAnnotated",
    data: { pass: "p1", comment: 1, annotator: "Rita", values: { toxicity: 1 }, attempt: 2 },
  };
  const start: DiscussionEvent = { type: "AnnotationPassStarted", data: passWith({ retries: 1 }) };
  const { judgements } = readBy(new ExecutionTally(), [
    {
      events: [
        opened("a"),
        said,
        completed,
        start,
        unparsed(1, 1),
        annotated,
        unparsed(1, 0),
        unparsed(2, 0),
      ],
    },
  ]).facts();
  assert.deepEqual(judgements.get("p1")?.get("a"), { begun: 1, completed: 0, read: 1, lost: 1 });
});

Deno.test("DesignTally lists the conditions of each setting", () => {
  const role = { name: "troll", instructions: "Provoke." };
  const facts = readBy(new DesignTally(), [
    { events: [opened("a", { turns: 4 }), said] },
    { events: [opened("b", { turns: 6, moderator: moderatorWith() })] },
    {
      events: [
        opened("b", {
          turns: 6,
          participants: participantsNamed("Dan", "Eve").map((one) => ({ ...one, role })),
        }),
      ],
    },
  ]).facts();
  assert.equal(facts.discussions, 3);
  assert.deepEqual(facts.turns.values, [
    { value: { setting: 4, conditions: { values: [{ value: "a", count: 1 }], complete: true } }, count: 1 },
    { value: { setting: 6, conditions: { values: [{ value: "b", count: 2 }], complete: true } }, count: 2 },
  ]);
  assert.deepEqual(facts.names.values.map(({ value, count }) => `${value} ${count}`), [
    "Ann 2",
    "Bob 2",
    "Cem 2",
    "Dan 1",
    "Eve 1",
  ]);
  assert.deepEqual(facts.roles.values.map(({ value, count }) => [value.setting, count]), [[role, 2]]);
  assert.deepEqual(
    facts.models.values.map(({ value, count }) => `${value.setting.as} ${count}`),
    ["participant 3", "moderator 1"],
  );
  assert.equal(facts.imported, null);
});

Deno.test("StatusTally counts a damaged log up to its damage", () => {
  const status = readBy(new StatusTally(() => ({ input: 1, output: 2 })), [
    { events: [opened("a"), said], damage: "line 3 is damaged" },
    { events: [opened("a"), said, completed] },
  ]).status();
  assert.deepEqual([status.begun, status.damagedCount], [2, 1]);
  assert.deepEqual(status.damaged, [{ discussion: "d0", message: "line 3 is damaged" }]);
  const { completed: done, half, turns } = status.conditions.get("a")!;
  assert.deepEqual([done, half, turns], [1, 1, 2]);
});
