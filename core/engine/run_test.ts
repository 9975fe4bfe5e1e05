import assert from "node:assert/strict";
import { memoryEventStore, ModelError } from "../ports/mod.ts";
import {
  type Answer,
  assertHeld,
  designsOf,
  environmentWith,
  eventsOf,
  plainAnswer,
  rulesWith,
  slowAnswer,
  stateAfter,
  undisturbed,
  watchedRun,
} from "../testing/mod.ts";
import { CONCURRENCY_MAX } from "./limits.ts";
import { runDiscussions } from "./run.ts";

function failingFor(discussion: string, error: Error): Answer {
  return (request) => {
    if (request.origin.discussion === discussion) throw error;
    return plainAnswer(request);
  };
}

Deno.test("runDiscussions() runs every discussion to its end, with the same logs at any concurrency", async () => {
  const all = designsOf(30);
  for (const concurrency of [1, 2, 7, 64]) {
    const environment = environmentWith({ answer: slowAnswer });
    const { outcome } = await watchedRun(all, environment, { concurrency });
    assert.deepEqual(outcome, { ended: 30, endedBefore: 0, setAside: 0, stopped: [], cutShort: null });
    await assertHeld(environment.store, all);
  }
});

Deno.test("runDiscussions() reports every event once and in order, between the notices `opened` and `ended`", async () => {
  const all = designsOf(5);
  const { notices } = await watchedRun(all, environmentWith({ answer: slowAnswer }));
  for (const design of all) {
    const mine = notices.filter((notice) =>
      (notice.kind === "opened" ? notice.state.design.id : "discussion" in notice && notice.discussion) ===
        design.id
    );
    const [opened, ...rest] = mine;
    assert.deepEqual(opened, {
      kind: "opened",
      state: stateAfter([{ type: "DiscussionOpened", data: design }]),
      resumed: false,
    });
    assert.deepEqual(rest.at(-1), { kind: "ended", discussion: design.id });
    const told = rest.flatMap((notice) => notice.kind === "recorded" ? notice.events : []);
    assert.deepEqual(told, undisturbed(design));
  }
});

Deno.test("runDiscussions() never exceeds its limits on open discussions and on requests in flight", async () => {
  let requests = 0;
  let requestsMost = 0;
  const answer: Answer = async (request) => {
    requestsMost = Math.max(requestsMost, ++requests);
    const text = await slowAnswer(request);
    requests--;
    return text;
  };
  let open = 0;
  let openMost = 0;
  await watchedRun(designsOf(40), environmentWith({ answer, slots: 3 }), {
    concurrency: 8,
    notify({ kind }) {
      if (kind === "opened") openMost = Math.max(openMost, ++open);
      if (kind === "ended") open--;
    },
  });
  assert.deepEqual([requestsMost, openMost], [3, 8]);
});

Deno.test("runDiscussions() takes the next design only when a place is free, and releases ended discussions", async () => {
  let drawn = 0;
  let released = 0;
  let ahead = 0;
  function* plan() {
    for (const design of designsOf(50)) {
      ahead = Math.max(ahead, ++drawn - released);
      yield design;
    }
  }
  const store = { ...memoryEventStore(), release: () => void released++ };
  await watchedRun(plan(), environmentWith({ store, answer: slowAnswer }), { concurrency: 4 });
  assert.deepEqual([drawn, released, ahead], [50, 50, 4]);
});

Deno.test("runDiscussions() sends no requests for discussions that have ended", async () => {
  const all = designsOf(6);
  const first = environmentWith();
  await watchedRun(all.slice(0, 4), first);
  const asked = new Set<string>();
  const answer: Answer = (request) => {
    asked.add(request.origin.discussion);
    return plainAnswer(request);
  };
  const { outcome, notices } = await watchedRun(all, environmentWith({ store: first.store, answer }));
  assert.deepEqual(outcome, { ended: 6, endedBefore: 4, setAside: 0, stopped: [], cutShort: null });
  assert.deepEqual([...asked], ["d4", "d5"]);
  assert.equal(notices.filter((notice) => notice.kind === "opened" && notice.resumed).length, 4);
  await assertHeld(first.store, all);
});

Deno.test("runDiscussions() continues after a discussion fails, and the next run tries it again", async () => {
  const all = designsOf(6);
  const error = new ModelError("bad-request", "the prompt is too long");
  const environment = environmentWith({ answer: failingFor("d2", error) });
  const { outcome, setAside } = await watchedRun(all, environment);
  assert.deepEqual(outcome, { ended: 5, endedBefore: 0, setAside: 1, stopped: [], cutShort: null });
  assert.deepEqual(setAside, [
    { kind: "set-aside", discussion: "d2", reason: "the prompt is too long" },
  ]);
  assert.deepEqual((await eventsOf(environment, "d2")).map(({ type }) => type), [
    "DiscussionOpened",
    "SeedCommentPosted",
    "GenerationFailed",
  ]);
  const again = environmentWith({ store: environment.store });
  assert.deepEqual((await watchedRun(all, again)).outcome, {
    ended: 6,
    endedBefore: 5,
    setAside: 0,
    stopped: [],
    cutShort: null,
  });
  const held = (await eventsOf(again, "d2")).filter(({ type }) => type !== "GenerationFailed");
  assert.deepEqual(held, undisturbed(all[2]!));
});

Deno.test("runDiscussions() fails only the discussions with a broken rule or a damaged log", async () => {
  const all = designsOf(4).with(1, designsOf(2, { turnTaking: { name: "own", options: {} } })[1]!);
  const store = memoryEventStore();
  await store.append("d3", 0, ["no event"]);
  const rules = rulesWith({ strategies: [{ name: "own", select: () => 99 }] });
  const { outcome, setAside } = await watchedRun(all, environmentWith({ store, rules }));
  assert.deepEqual(outcome, { ended: 2, endedBefore: 0, setAside: 2, stopped: [], cutShort: null });
  const reasons = setAside.toSorted((a, b) => a.discussion.localeCompare(b.discussion));
  assert.deepEqual(reasons.map(({ discussion, reason }) => ({ discussion, reason })), [
    {
      discussion: "d1",
      reason:
        'Cannot use the turn-taking strategy "own": it chose participant 99, expected a whole number from 0 to 2',
    },
    { discussion: "d3", reason: 'Cannot read "d3": line 1 is damaged: the line is not JSON' },
  ]);
});

Deno.test("runDiscussions() refuses an invalid concurrency", async () => {
  for (const concurrency of [0, -1, 1.5, NaN, CONCURRENCY_MAX + 1]) {
    await assert.rejects(runDiscussions([], environmentWith(), { concurrency }), RangeError);
  }
});

Deno.test("runDiscussions() does not report a failed run if other discussions ended in an earlier start", async () => {
  const all = designsOf(6);
  const answer = failingFor("d5", new ModelError("bad-request", "refused"));
  const { store, ...environment } = environmentWith({ answer });
  const apart = { ended: 5, setAside: 1, stopped: [], cutShort: null };
  for (const endedBefore of [0, 5]) {
    const { outcome } = await watchedRun(all, { ...environment, store });
    assert.deepEqual(outcome, { ...apart, endedBefore });
  }
});

Deno.test("runDiscussions() without discussions ends immediately", async () => {
  assert.deepEqual((await watchedRun([], environmentWith())).outcome, {
    ended: 0,
    endedBefore: 0,
    setAside: 0,
    stopped: [],
    cutShort: null,
  });
});
