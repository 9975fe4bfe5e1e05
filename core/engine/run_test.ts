import assert from "node:assert/strict";
import fc from "fast-check";
import type { DiscussionDesign } from "../discussion/mod.ts";
import type { DiscussionEvent } from "../events/mod.ts";
import {
  type EventStore,
  memoryEventStore,
  ModelError,
  type ModelRequest,
  StoreError,
} from "../ports/mod.ts";
import {
  type Answer,
  designWith,
  environmentWith,
  eventsOf,
  failingStore,
  moderatorWith,
  plainAnswer,
  play,
  recordingClock,
  rulesWith,
  stateAfter,
} from "../testing/mod.ts";
import type { Environment } from "./discussion.ts";
import { CONCURRENCY_MAX, FAILURES_IN_A_ROW_MAX } from "./limits.ts";
import { runDiscussions, type RunNotice, type RunOptions } from "./run.ts";

/** Discussions d0, d1 … of five turns with a moderator, each with its own seed. */
function designs(count: number, changes: Partial<DiscussionDesign> = {}): DiscussionDesign[] {
  return Array.from({ length: count }, (_, index) =>
    designWith({
      id: `d${index}`,
      seed: `seed ${index}`,
      turns: 5,
      moderator: moderatorWith(),
      turnTaking: { name: "random", options: {} },
      ...changes,
    }));
}

function undisturbed(design: DiscussionDesign): readonly DiscussionEvent[] {
  return play(design, ({ request }) => plainAnswer(request)).events;
}

/** Asserts that the store holds these discussions, each as if it had been held alone and undisturbed. */
async function assertHeld(store: EventStore, all: readonly DiscussionDesign[]): Promise<void> {
  const environment = environmentWith({ store });
  for (const design of all) assert.deepEqual(await eventsOf(environment, design.id), undisturbed(design));
  assert.equal((await Array.fromAsync(store.streams())).length, all.length);
}

/** A run whose notices are kept. */
async function watched(
  all: Iterable<DiscussionDesign>,
  environment: Environment,
  options: Partial<RunOptions> = {},
) {
  const notices: RunNotice[] = [];
  const notify = (notice: RunNotice) => {
    notices.push(notice);
    options.notify?.(notice);
  };
  const outcome = await runDiscussions(all, environment, { concurrency: 4, ...options, notify });
  const setAside = notices.flatMap((notice) => notice.kind === "set-aside" ? [notice] : []);
  return { outcome, notices, setAside };
}

/** Answers after a number of turns of the event loop that differs from question to question. */
async function slowAnswer(request: ModelRequest): Promise<string> {
  for (let step = request.seed % 7; step > 0; step--) await Promise.resolve();
  return plainAnswer(request);
}

function failingFor(discussion: string, error: Error): Answer {
  return (request) => {
    if (request.origin.discussion === discussion) throw error;
    return plainAnswer(request);
  };
}

Deno.test("runDiscussions() holds every discussion to its end, with equal logs at any concurrency", async () => {
  const all = designs(30);
  for (const concurrency of [1, 2, 7, 64]) {
    const environment = environmentWith({ answer: slowAnswer });
    const { outcome } = await watched(all, environment, { concurrency });
    assert.deepEqual(outcome, { ended: 30, endedBefore: 0, setAside: 0, cutShort: null });
    await assertHeld(environment.store, all);
  }
});

Deno.test("runDiscussions() tells of every event once, in order, between opened and ended", async () => {
  const all = designs(5);
  const { notices } = await watched(all, environmentWith({ answer: slowAnswer }));
  for (const design of all) {
    const mine = notices.filter((notice) =>
      (notice.kind === "opened" ? notice.state.design.id : notice.discussion) === design.id
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

Deno.test("runDiscussions() never has more discussions or requests in flight than it may", async () => {
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
  await watched(designs(40), environmentWith({ answer, slots: 3 }), {
    concurrency: 8,
    notify({ kind }) {
      if (kind === "opened") openMost = Math.max(openMost, ++open);
      if (kind === "ended") open--;
    },
  });
  assert.deepEqual([requestsMost, openMost], [3, 8]);
});

Deno.test("runDiscussions() draws a design only when somebody is free to hold it, and lets go of what ended", async () => {
  let drawn = 0;
  let released = 0;
  let ahead = 0;
  function* plan() {
    for (const design of designs(50)) {
      ahead = Math.max(ahead, ++drawn - released);
      yield design;
    }
  }
  const store = { ...memoryEventStore(), release: () => void released++ };
  await watched(plan(), environmentWith({ store, answer: slowAnswer }), { concurrency: 4 });
  assert.deepEqual([drawn, released, ahead], [50, 50, 4]);
});

Deno.test("runDiscussions() asks nothing of discussions that have ended", async () => {
  const all = designs(6);
  const first = environmentWith();
  await watched(all.slice(0, 4), first);
  const asked = new Set<string>();
  const answer: Answer = (request) => {
    asked.add(request.origin.discussion);
    return plainAnswer(request);
  };
  const { outcome, notices } = await watched(all, environmentWith({ store: first.store, answer }));
  assert.deepEqual(outcome, { ended: 6, endedBefore: 4, setAside: 0, cutShort: null });
  assert.deepEqual([...asked], ["d4", "d5"]);
  assert.equal(notices.filter((notice) => notice.kind === "opened" && notice.resumed).length, 4);
  await assertHeld(first.store, all);
});

Deno.test("runDiscussions() sets a discussion that fails aside, and the others go on; a further run tries it again", async () => {
  const all = designs(6);
  const error = new ModelError("bad-request", "the prompt is too long");
  const environment = environmentWith({ answer: failingFor("d2", error) });
  const { outcome, setAside } = await watched(all, environment);
  assert.deepEqual(outcome, { ended: 5, endedBefore: 0, setAside: 1, cutShort: null });
  assert.deepEqual(setAside, [
    { kind: "set-aside", discussion: "d2", reason: "the prompt is too long" },
  ]);
  assert.deepEqual((await eventsOf(environment, "d2")).map(({ type }) => type), [
    "DiscussionOpened",
    "SeedCommentPosted",
    "GenerationFailed",
  ]);
  const again = environmentWith({ store: environment.store });
  assert.deepEqual((await watched(all, again)).outcome, {
    ended: 6,
    endedBefore: 5,
    setAside: 0,
    cutShort: null,
  });
  const held = (await eventsOf(again, "d2")).filter(({ type }) => type !== "GenerationFailed");
  assert.deepEqual(held, undisturbed(all[2]!));
});

Deno.test("runDiscussions() is cut short when a model is set up wrongly", async () => {
  for (const kind of ["unauthorised", "unknown-model", "broken-model"] as const) {
    const error = new ModelError(kind, "set up the model");
    const answer = () => {
      throw error;
    };
    const { outcome, setAside } = await watched(designs(100), environmentWith({ answer }));
    assert.deepEqual(outcome.cutShort, { by: "failure", message: "set up the model" });
    assert.equal(outcome.ended, 0);
    assert.ok(setAside.length <= 4);
  }
});

Deno.test("runDiscussions() is cut short when nothing goes well for a long while", async () => {
  const answer = () => {
    throw new ModelError("unreachable", "nobody answers");
  };
  const { outcome } = await watched(designs(100), environmentWith({ answer }), { concurrency: 1 });
  assert.deepEqual(outcome, {
    ended: 0,
    endedBefore: 0,
    setAside: FAILURES_IN_A_ROW_MAX,
    cutShort: {
      by: "failure",
      message: `${FAILURES_IN_A_ROW_MAX} discussions in a row could not go on; the last one: nobody answers`,
    },
  });
});

Deno.test("runDiscussions() goes on while something goes well in between", async () => {
  const count = 2 * FAILURES_IN_A_ROW_MAX;
  const answer: Answer = (request) => {
    if (Number(request.origin.discussion.slice(1)) % 4 !== 0) throw new ModelError("bad-request", "too long");
    return plainAnswer(request);
  };
  const { outcome } = await watched(designs(count), environmentWith({ answer }), { concurrency: 1 });
  assert.deepEqual(outcome, { ended: count / 4, endedBefore: 0, setAside: 3 * count / 4, cutShort: null });
});

Deno.test("runDiscussions() sets a discussion whose rule breaks or whose log is damaged aside", async () => {
  const all = designs(4).with(1, designs(2, { turnTaking: { name: "own", options: {} } })[1]!);
  const store = memoryEventStore();
  await store.append("d3", 0, ["no event"]);
  const rules = rulesWith({ strategies: [{ name: "own", select: () => 99 }] });
  const { outcome, setAside } = await watched(all, environmentWith({ store, rules }));
  assert.deepEqual(outcome, { ended: 2, endedBefore: 0, setAside: 2, cutShort: null });
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

Deno.test("runDiscussions() ends with the store's error, and the next run goes on from what was written", async () => {
  const all = designs(8);
  const appends = all.length * 11;
  for (let broken = 0; broken < appends; broken += 7) {
    const memory = memoryEventStore();
    const store = failingStore(memory, (nth) => nth >= broken ? new StoreError("the disk is full") : null);
    const run = watched(all, environmentWith({ store, answer: slowAnswer }));
    await assert.rejects(run, { name: "StoreError", message: "the disk is full" });
    const { outcome } = await watched(all, environmentWith({ store: memory, answer: slowAnswer }));
    assert.deepEqual([outcome.ended, outcome.setAside, outcome.cutShort], [8, 0, null]);
    await assertHeld(memory, all);
  }
});

Deno.test("runDiscussions() that is stopped keeps the answers in flight and asks nothing further", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 80 }),
      fc.integer({ min: 1, max: 4 }),
      async (after, slots) => {
        const all = designs(8);
        const stopping = new AbortController();
        let asked = 0;
        let askedAfterStop = 0;
        let answered = 0;
        const answer: Answer = async (request) => {
          if (stopping.signal.aborted) askedAfterStop++;
          if (++asked === after) stopping.abort();
          const text = await slowAnswer(request);
          answered++;
          return text;
        };
        const store = memoryEventStore();
        const { outcome, notices } = await watched(all, environmentWith({ store, answer, slots }), {
          stop: stopping.signal,
        });
        assert.equal(askedAfterStop, 0);
        const recorded = notices.flatMap((notice) => notice.kind === "recorded" ? notice.events : []);
        assert.equal(recorded.filter(({ data }) => "generation" in data).length, answered);
        assert.ok(answered === asked);
        if (outcome.ended < 8) assert.deepEqual(outcome.cutShort, { by: "caller" });
        await watched(all, environmentWith({ store }));
        await assertHeld(store, all);
      },
    ),
    { numRuns: 50 },
  );
});

Deno.test("runDiscussions() that is stopped does not wait for a server that wants to be left alone", async () => {
  const stopping = new AbortController();
  const clock = recordingClock();
  let asked = 0;
  const answer = () => {
    asked++;
    throw new ModelError("rate-limited", "slow down", { retryAfterMs: 60_000 });
  };
  const environment = environmentWith({
    answer,
    clock: {
      now: clock.now,
      sleep(ms, signal) {
        stopping.abort();
        return clock.sleep(ms, signal);
      },
    },
  });
  const { outcome } = await watched(designs(3), environment, { concurrency: 1, stop: stopping.signal });
  assert.deepEqual(outcome, { ended: 0, endedBefore: 0, setAside: 0, cutShort: { by: "caller" } });
  assert.deepEqual([asked, clock.waitsMs], [1, []]);
});

Deno.test("runDiscussions() that is aborted gives requests in flight up, and a further run finishes", async () => {
  const all = designs(8);
  const aborting = new AbortController();
  let asked = 0;
  const answer: Answer = async (request, signal) => {
    if (++asked < 20) return await slowAnswer(request);
    aborting.abort(new Error("at once"));
    return await new Promise((_, reject) => reject(signal.reason));
  };
  const store = memoryEventStore();
  const { outcome } = await watched(all, environmentWith({ store, answer }), { abort: aborting.signal });
  assert.deepEqual([outcome.cutShort, outcome.setAside], [{ by: "caller" }, 0]);
  await watched(all, environmentWith({ store }));
  await assertHeld(store, all);
});

Deno.test("runDiscussions() does not hide the store's error behind an abort", async () => {
  const aborting = new AbortController();
  const store = failingStore(memoryEventStore(), () => {
    aborting.abort(new Error("at once"));
    return new StoreError("the disk is full");
  });
  const run = watched(designs(1), environmentWith({ store }), { abort: aborting.signal });
  await assert.rejects(run, { name: "StoreError" });
});

Deno.test("runDiscussions() ends discussions early by its caller's rule", async () => {
  const environment = environmentWith({ answer: ({ origin }) => `turn ${origin.turn}` });
  const { outcome } = await watched(designs(3), environment, {
    stopEarly: ({ turn, design }, events) => {
      assert.ok(events.length > 0);
      return turn === 2 && design.id !== "d1" ? "agreed" : null;
    },
  });
  assert.deepEqual(outcome, { ended: 3, endedBefore: 0, setAside: 0, cutShort: null });
  const endings = await Promise.all(
    ["d0", "d1", "d2"].map(async (id) => (await eventsOf(environment, id)).at(-1)),
  );
  const early = { reason: "stopped-early", turns: 2, comments: 4, note: "agreed" };
  assert.deepEqual(endings.map((event) => event!.data), [
    early,
    { reason: "turns", turns: 5, comments: 11 },
    early,
  ]);
});

Deno.test("runDiscussions() refuses a concurrency that is none", async () => {
  for (const concurrency of [0, -1, 1.5, NaN, CONCURRENCY_MAX + 1]) {
    await assert.rejects(runDiscussions([], environmentWith(), { concurrency }), RangeError);
  }
});

Deno.test("runDiscussions() of nothing is over at once", async () => {
  assert.deepEqual((await watched([], environmentWith())).outcome, {
    ended: 0,
    endedBefore: 0,
    setAside: 0,
    cutShort: null,
  });
});
