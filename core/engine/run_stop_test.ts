import assert from "node:assert/strict";
import fc from "fast-check";
import type { OpenState } from "../discussion/mod.ts";
import { memoryEventStore, ModelError, StoreError } from "../ports/mod.ts";
import {
  type Answer,
  assertHeld,
  designsOf,
  environmentWith,
  eventsOf,
  failingStore,
  plainAnswer,
  recordingClock,
  slowAnswer,
  watchedRun,
} from "../testing/mod.ts";
import { FAILURES_IN_A_ROW_MAX } from "./limits.ts";

Deno.test("runDiscussions() ends early when a model is set up wrongly", async () => {
  for (const kind of ["unauthorised", "unknown-model"] as const) {
    const error = new ModelError(kind, "set up the model");
    let asked = 0;
    const answer = async () => {
      asked++;
      await new Promise((resolve) => setTimeout(resolve));
      throw error;
    };
    const { outcome, setAside } = await watchedRun(designsOf(100), environmentWith({ answer, slots: 1 }));
    assert.deepEqual(outcome.cutShort, {
      by: "failure",
      message: 'Cannot ask the model "test-model": set up the model',
    });
    // While the first failure is recorded, a second discussion gets the slot. The other open discussions send
    // no request.
    assert.deepEqual([outcome.ended, setAside.length, asked], [0, 2, 2]);
  }
});

Deno.test("runDiscussions() ends early when many discussions fail in a row", async () => {
  const answer = () => {
    throw new ModelError("unreachable", "the model is unreachable");
  };
  const { outcome } = await watchedRun(designsOf(100), environmentWith({ answer }), { concurrency: 1 });
  const message =
    `${FAILURES_IN_A_ROW_MAX} discussions of the condition "base" with "test-model" failed in a ` +
    `row; last error: the model is unreachable`;
  assert.deepEqual(outcome, {
    ended: 0,
    endedBefore: 0,
    setAside: FAILURES_IN_A_ROW_MAX,
    stopped: [{ message, left: 100 - FAILURES_IN_A_ROW_MAX }],
    cutShort: { by: "failure", message },
  });
});

Deno.test("runDiscussions() continues while some requests succeed", async () => {
  const count = 2 * FAILURES_IN_A_ROW_MAX;
  const answer: Answer = (request) => {
    if (Number(request.origin.discussion.slice(1)) % 4 !== 0) throw new ModelError("bad-request", "too long");
    return plainAnswer(request);
  };
  const { outcome } = await watchedRun(designsOf(count), environmentWith({ answer }), { concurrency: 1 });
  assert.deepEqual(outcome, {
    ended: count / 4,
    endedBefore: 0,
    setAside: 3 * count / 4,
    stopped: [],
    cutShort: null,
  });
});

Deno.test("runDiscussions() ends with the store's error, and the next run resumes from the written events", async () => {
  const all = designsOf(8);
  const appends = all.length * 11;
  for (let broken = 0; broken < appends; broken += 7) {
    const memory = memoryEventStore();
    const store = failingStore(memory, (nth) => nth >= broken ? new StoreError("the disk is full") : null);
    const run = watchedRun(all, environmentWith({ store, answer: slowAnswer }));
    await assert.rejects(run, { name: "StoreError", message: "the disk is full" });
    const { outcome } = await watchedRun(all, environmentWith({ store: memory, answer: slowAnswer }));
    assert.deepEqual([outcome.ended, outcome.setAside, outcome.cutShort], [8, 0, null]);
    await assertHeld(memory, all);
  }
});

Deno.test("runDiscussions() records the answers in flight when it is stopped, and sends no more requests", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 80 }),
      fc.integer({ min: 1, max: 4 }),
      async (after, slots) => {
        const all = designsOf(8);
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
        const { outcome, notices } = await watchedRun(all, environmentWith({ store, answer, slots }), {
          stop: stopping.signal,
        });
        assert.equal(askedAfterStop, 0);
        const recorded = notices.flatMap((notice) => notice.kind === "recorded" ? notice.events : []);
        assert.equal(recorded.filter(({ data }) => "generation" in data).length, answered);
        assert.ok(answered === asked);
        if (outcome.ended < 8) assert.deepEqual(outcome.cutShort, { by: "caller" });
        await watchedRun(all, environmentWith({ store }));
        await assertHeld(store, all);
      },
    ),
    { numRuns: 50 },
  );
});

Deno.test("runDiscussions() ends a wait that the server asked for when it is stopped", async () => {
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
  const { outcome } = await watchedRun(designsOf(3), environment, { concurrency: 1, stop: stopping.signal });
  assert.deepEqual(outcome, {
    ended: 0,
    endedBefore: 0,
    setAside: 0,
    stopped: [],
    cutShort: { by: "caller" },
  });
  assert.deepEqual([asked, clock.waitsMs], [1, []]);
});

Deno.test("runDiscussions() aborts requests in flight when it is aborted, and the next run finishes", async () => {
  const all = designsOf(8);
  const aborting = new AbortController();
  let asked = 0;
  const answer: Answer = async (request, signal) => {
    if (++asked < 20) return await slowAnswer(request);
    aborting.abort(new Error("at once"));
    return await new Promise((_, reject) => reject(signal.reason));
  };
  const store = memoryEventStore();
  const { outcome } = await watchedRun(all, environmentWith({ store, answer }), { abort: aborting.signal });
  assert.deepEqual([outcome.cutShort, outcome.setAside], [{ by: "caller" }, 0]);
  await watchedRun(all, environmentWith({ store }));
  await assertHeld(store, all);
});

Deno.test("if the run is aborted and the store fails, runDiscussions() throws the store's error", async () => {
  const aborting = new AbortController();
  const store = failingStore(memoryEventStore(), () => {
    aborting.abort(new Error("at once"));
    return new StoreError("the disk is full");
  });
  const run = watchedRun(designsOf(1), environmentWith({ store }), { abort: aborting.signal });
  await assert.rejects(run, { name: "StoreError" });
});

Deno.test("runDiscussions() ends discussions early when its caller's rule says so", async () => {
  const environment = environmentWith({ answer: ({ origin }) => `turn ${origin.turn}` });
  const { outcome, notices } = await watchedRun(designsOf(3), environment, {
    stopEarly: ({ turn, design }) => turn === 2 && design.id !== "d1" ? "agreed" : null,
  });
  assert.deepEqual(outcome, { ended: 3, endedBefore: 0, setAside: 0, stopped: [], cutShort: null });
  const endings = await Promise.all(
    ["d0", "d1", "d2"].map(async (id) => (await eventsOf(environment, id)).at(-1)),
  );
  const early = { reason: "stopped-early", turns: 2, comments: 4, note: "agreed" };
  assert.deepEqual(endings.map((event) => event!.data), [
    early,
    { reason: "turns", turns: 5, comments: 11 },
    early,
  ]);
  const told = notices.flatMap((notice) => notice.kind === "recorded" ? notice.events : []);
  assert.equal(told.filter(({ type }) => type === "DiscussionCompleted").length, 3);
});

Deno.test("runDiscussions() reports a failure if no request of a small run was answered", async () => {
  const answer = () => {
    throw new ModelError("unreachable", "the server is down");
  };
  const { outcome } = await watchedRun(designsOf(3), environmentWith({ answer }));
  assert.deepEqual(outcome.cutShort, {
    by: "failure",
    message: "No request was answered; last error: the server is down",
  });
  assert.deepEqual([outcome.ended, outcome.setAside], [0, 3]);
});

Deno.test("runDiscussions() does not report a failed run if some requests were answered", async () => {
  const { outcome } = await watchedRun(
    designsOf(3),
    environmentWith({
      answer: ({ origin: { discussion, turn } }) => {
        if (discussion !== designsOf(1)[0]!.id || turn === 1) throw new ModelError("bad-request", "too long");
        return "one answer";
      },
    }),
  );
  assert.deepEqual([outcome.cutShort, outcome.setAside], [null, 3]);
});

Deno.test("a resumed run ends discussions early at the same turn, after a kill at any append", async () => {
  const all = designsOf(3);
  const stopEarly = ({ turn, lastTurnSilent }: OpenState) => turn === 4 || lastTurnSilent ? "enough" : null;
  const undisturbedRun = environmentWith();
  await watchedRun(all, undisturbedRun, { stopEarly });
  const expected = await Promise.all(all.map(({ id }) => eventsOf(undisturbedRun, id)));
  assert.ok(expected.every((events) => events.at(-1)!.type === "DiscussionCompleted"));
  const appends = expected.flat().length;
  for (let broken = 0; broken < appends; broken++) {
    const memory = memoryEventStore();
    const store = failingStore(memory, (nth) => nth >= broken ? new StoreError("killed") : null);
    await watchedRun(all, environmentWith({ store }), { stopEarly }).catch(() => {});
    const resumed = environmentWith({ store: memory });
    await watchedRun(all, resumed, { stopEarly });
    assert.deepEqual(await Promise.all(all.map(({ id }) => eventsOf(resumed, id))), expected);
  }
});

Deno.test("after a kill at any append, a resumed run posts the interventions of the last turn and then ends the discussion early", async () => {
  const interventions = [{ after: 1, author: "Eve", text: "Stop." }, {
    after: 1,
    author: "Eve",
    text: "Now.",
  }];
  const [design] = designsOf(1).map((design) => ({ ...design, interventions }));
  const { id } = design!;
  const stopEarly = ({ intervened }: OpenState) => intervened === 2 ? "enough" : "too early";
  const undisturbedRun = environmentWith();
  await watchedRun([design!], undisturbedRun, { stopEarly });
  const expected = await eventsOf(undisturbedRun, id);
  const ending = { reason: "stopped-early", note: "enough", turns: 1, comments: 3 + design!.openings.length };
  assert.deepEqual(expected.at(-1)!.data, ending);
  const lines = await Array.fromAsync(undisturbedRun.store.read(id));
  for (let kept = 1; kept < lines.length; kept++) {
    const store = memoryEventStore();
    await store.append(id, 0, lines.slice(0, kept));
    const resumed = environmentWith({ store });
    await watchedRun([design!], resumed, { stopEarly });
    assert.deepEqual(await eventsOf(resumed, id), expected);
  }
});

Deno.test("if a model refuses one prompt after it answered others, only the discussion with this prompt fails", async () => {
  const [first, ...others] = designsOf(4);
  const { outcome, setAside } = await watchedRun(
    [first!, ...others],
    environmentWith({
      answer: ({ origin: { discussion, turn } }) => {
        if (discussion === first!.id && turn === 1) throw new ModelError("unauthorised", "flagged");
        return "an answer";
      },
    }),
  );
  assert.deepEqual([outcome.cutShort, outcome.ended, setAside.length], [null, 3, 1]);
});
