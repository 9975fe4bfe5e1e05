import assert from "node:assert/strict";
import type { PassProgress } from "../../core/annotation/mod.ts";
import { annotationAfter, designWith, passWith, playPass, undisturbed } from "../../core/testing/mod.ts";
import type { DiscussionEvent } from "../../core/events/mod.ts";
import { AnnotationTallyKeeper } from "./annotation_tally.ts";

const DISCUSSION = undisturbed(designWith());
const USAGE = { usage: { promptTokens: 100, completionTokens: 7 } };
/** One comment, two annotators, two scales: four questions, the last of which fails after one retry. */
const DESIGN = passWith({ targets: { of: "all", perDiscussion: 1 } });
const REPLIES = ["3", "?", "yes", "4", "?", "?"];
let nth = 0;
const [started, ...events] = playPass(
  DISCUSSION,
  DESIGN,
  () => ({ text: REPLIES[nth++]!, finishReason: "stop", ...USAGE }),
).events;

function progressAfter(...pass: readonly DiscussionEvent[]): PassProgress {
  return annotationAfter([...DISCUSSION, started!, ...pass]).passes.get("p1")!;
}

const NOTHING = { planned: 3, ended: 0, endedBefore: 0, open: 0, skipped: 0, setAside: 0, left: 0 };

Deno.test("AnnotationTallyKeeper counts judgements, replies that cannot be read, and tokens", () => {
  const keeper = new AnnotationTallyKeeper(3);
  keeper.count({ kind: "opened", discussion: "a", progress: progressAfter() });
  assert.deepEqual(keeper.tally.discussions, { ...NOTHING, open: 1 });
  keeper.count({ kind: "recorded", discussion: "a", events: [started!, ...events.slice(0, 2)] });
  assert.deepEqual(keeper.tally.judgements, { known: 4, settled: 1, asked: 1, unanswered: 0, unread: 1 });
  keeper.count({ kind: "recorded", discussion: "a", events: events.slice(2) });
  keeper.count({ kind: "ended", discussion: "a" });
  const { discussions, judgements, replies, tokens, failures } = keeper.tally;
  assert.deepEqual(discussions, { ...NOTHING, ended: 1 });
  assert.deepEqual(judgements, { known: 4, settled: 4, asked: 4, unanswered: 1, unread: 3 });
  assert.deepEqual([tokens, failures], [{ prompt: 600, completion: 42 }, 0]);
  assert.equal([...replies.values()].reduce((sum, one) => sum + one.replies, 0), REPLIES.length);
});

Deno.test("AnnotationTallyKeeper tells earlier annotations from annotations of this run", () => {
  const keeper = new AnnotationTallyKeeper(3);
  keeper.count({ kind: "opened", discussion: "a", progress: progressAfter(...events) });
  // The last question has one reply that could not be read: the next one gives it up.
  keeper.count({ kind: "opened", discussion: "b", progress: progressAfter(...events.slice(0, 5)) });
  keeper.count({ kind: "recorded", discussion: "b", events: events.slice(5) });
  assert.deepEqual(keeper.tally.judgements, { known: 8, settled: 8, asked: 1, unanswered: 1, unread: 1 });
  assert.deepEqual(keeper.tally.discussions, { ...NOTHING, ended: 1, endedBefore: 1, open: 1 });
});

Deno.test("AnnotationTallyKeeper counts what is left out, failures, and discussions that fail, opened or not", () => {
  const keeper = new AnnotationTallyKeeper(3);
  keeper.count({ kind: "skipped", discussion: "a" });
  keeper.count({ kind: "set-aside", discussion: "b", reason: "damaged" });
  keeper.count({ kind: "opened", discussion: "c", progress: progressAfter() });
  const failed: DiscussionEvent = {
    type: "AnnotationFailed",
    data: { pass: "p1", comment: 0, annotator: "Rita", model: "m", kind: "time-out", retryable: true },
  };
  keeper.count({ kind: "recorded", discussion: "c", events: [failed] });
  keeper.count({ kind: "set-aside", discussion: "c", reason: "too slow" });
  assert.deepEqual(keeper.tally.discussions, { ...NOTHING, skipped: 1, setAside: 2, left: 0 });
  assert.equal(keeper.tally.failures, 1);
});
