import assert from "node:assert/strict";
import type { DiscussionEvent } from "../events/mod.ts";
import { designWith, interventionPosted, seedPosted, turnPassed, turnTaken } from "../testing/mod.ts";
import { annotationEvents } from "../testing/sample_stream.ts";
import { annotationStart, evolveAnnotation } from "./mod.ts";

const [STARTED] = annotationEvents("p1");

/** The comments that a pass over all comments asks about. In a branch, the first three events are copies. */
function targetsWith(forkedFrom: Parameters<typeof designWith>[0]): readonly number[] {
  const pass = { ...STARTED!, data: { ...STARTED!.data, targets: { of: "all" } } } as DiscussionEvent;
  const events: readonly DiscussionEvent[] = [
    { type: "DiscussionOpened", data: designWith(forkedFrom) },
    seedPosted(0, "Ann", "Well?"),
    turnTaken({ turn: 0, comment: 1, participant: "Ann", text: "Yes." }),
    turnPassed(1, "Bob"),
    interventionPosted(1, 2),
    turnTaken({ turn: 2, comment: 3, participant: "Cem", text: "No." }),
    { type: "DiscussionCompleted", data: { reason: "turns", turns: 3, comments: 4 } },
    pass,
  ];
  return events.reduce(evolveAnnotation, annotationStart()).passes.get("p1")!.targets;
}

const ORIGIN = { stream: "d0", seq: 3, events: 3 };

Deno.test("a pass asks about no comment of a branch's past", () => {
  assert.deepEqual(targetsWith({}), [0, 1, 2, 3]);
  assert.deepEqual(targetsWith({ forkedFrom: { ...ORIGIN, hash: "0".repeat(64) } }), [2, 3]);
});

Deno.test("in a fork that an earlier version made, a pass asks about all comments, as the earlier version did", () => {
  assert.deepEqual(targetsWith({ forkedFrom: ORIGIN }), [0, 1, 2, 3]);
});
