import assert from "node:assert/strict";
import {
  type Clock,
  memoryEventStore,
  ModelError,
  type ModelErrorKind,
  type ModelRequest,
} from "../ports/mod.ts";
import {
  type Answer,
  assertHeld,
  designsOf,
  environmentWith,
  eventsOf,
  modelThat,
  plainAnswer,
  recordingClock,
  watchedRun,
} from "../testing/mod.ts";
import { Limiter } from "./limiter.ts";
import { OUTAGE_POLICY, type OutagePolicy, RETRY_POLICY } from "./limits.ts";
import { type FailedAttempt, type ModelNotice, Outage, type Passage } from "./outage.ts";
import { RateLimit } from "./rate_limit.ts";
import { requestReply } from "./request.ts";

const POLICY: OutagePolicy = { failuresMax: 5, probeMs: 1000, probeMsMax: 8000, pauseMsMax: 60_000 };

/** An environment whose model pauses while it is down; waits pass in no time. */
function watchedModel(answer: Answer, { policy = POLICY, slots = 4, notify: tell = () => {} }: {
  policy?: OutagePolicy;
  slots?: number;
  notify?: () => void;
} = {}) {
  const clock = recordingClock();
  const notices: ModelNotice[] = [];
  const notify = (notice: ModelNotice) => {
    notices.push(notice);
    tell();
  };
  const store = memoryEventStore();
  const limited = {
    model: modelThat(answer),
    limiter: new Limiter(slots),
    outage: new Outage("m", { policy, clock, notify }),
  };
  return {
    clock,
    store,
    notices,
    limiter: limited.limiter,
    environment: { ...environmentWith({ store, clock }), models: () => limited },
  };
}

const REQUEST: ModelRequest = {
  messages: [{ role: "user", content: "Well?" }],
  sampling: {},
  seed: 1,
  origin: { discussion: "d1", turn: 0, speaker: "Ann", role: "participant" },
};

function attemptOf(passage: Passage): FailedAttempt {
  return { request: REQUEST, passage, tookMs: 0 };
}

/** A server that is down for so many requests, counted from the nth. */
function downFor(requests: number, kind: ModelErrorKind, from = 0) {
  let asked = 0;
  const answer: Answer = (request) => {
    const nth = asked++;
    if (nth >= from && nth < from + requests) throw new ModelError(kind, "the server is down");
    return plainAnswer(request);
  };
  return { answer, asked: () => asked };
}

Deno.test("Outage pauses a model that is down, and the run goes on by itself when it is back", async () => {
  for (const kind of ["unreachable", "time-out", "server-error"] as const) {
    const all = designsOf(12);
    const { answer } = downFor(12, kind, 30);
    const { environment, store, notices, limiter } = watchedModel(answer);
    const { outcome } = await watchedRun(all, environment, { concurrency: 6 });
    assert.deepEqual(outcome, { ended: 12, endedBefore: 0, setAside: 0, cutShort: null });
    await assertHeld(store, all);
    const [paused, resumed, ...more] = notices;
    assert.deepEqual(paused, {
      kind: "paused",
      model: "m",
      reason: "the server is down",
      pauseMsMax: 60_000,
    });
    assert.equal(resumed!.kind, "resumed");
    assert.deepEqual(more, []);
    assert.equal(limiter.held, 0);
  }
});

Deno.test("Outage lets one request at a time probe, at intervals that double up to a limit", async () => {
  const { answer } = downFor(5 + 6, "unreachable");
  const { environment, clock, notices } = watchedModel(answer, { slots: 1 });
  const { outcome } = await watchedRun(designsOf(4), environment, { concurrency: 1 });
  assert.equal(outcome.ended, 4);
  // Before the pause, the one request waits by its own policy: four times.
  assert.deepEqual(clock.waitsMs.slice(4), [1000, 2000, 4000, 8000, 8000, 8000, 8000]);
  assert.deepEqual(notices[1], { kind: "resumed", model: "m", pausedMs: 39_000 });
});

Deno.test("Outage takes no server for down that fails on one prompt, even where nobody else asks", async () => {
  const all = designsOf(3);
  const poisoned = all.at(-1)!.id;
  const failed = (on: (discussion: string) => boolean) => (request: ModelRequest) => {
    if (on(request.origin.discussion)) throw new ModelError("server-error", "too much", { status: 500 });
    return plainAnswer(request);
  };
  const one = watchedModel(failed((discussion) => discussion === poisoned), { slots: 1 });
  const { outcome, setAside } = await watchedRun(all, one.environment, { concurrency: 1 });
  assert.deepEqual([outcome.cutShort, outcome.ended], [null, 2]);
  assert.deepEqual(setAside.map(({ discussion }) => discussion), [poisoned]);
  assert.deepEqual(one.notices, []);
  const every = watchedModel(failed(() => true));
  await watchedRun(designsOf(8), every.environment, { concurrency: 8 });
  assert.deepEqual(every.notices.map(({ kind }) => kind), ["paused"]);
});

Deno.test("Outage begins with the wait that the server asks for", async () => {
  let asked = 0;
  const { environment, clock } = watchedModel((request) => {
    if (asked++ < 6) throw new ModelError("server-error", "busy", { retryAfterMs: 20_000 });
    return plainAnswer(request);
  }, { slots: 1 });
  await watchedRun(designsOf(1), environment, { concurrency: 1 });
  assert.deepEqual(clock.waitsMs.slice(4), [20_000, 20_000]);
});

Deno.test("Outage ends the run after the longest pause; nothing is set aside, and the same run goes on later", async () => {
  const all = designsOf(8);
  const { answer, asked } = downFor(Infinity, "unreachable", 20);
  const { environment, store } = watchedModel(answer);
  const { outcome, setAside } = await watchedRun(all, environment, { concurrency: 8 });
  assert.deepEqual([outcome.cutShort?.by, outcome.setAside, setAside], ["failure", 0, []]);
  assert.match(
    (outcome.cutShort as { message: string }).message,
    /^The model "m" did not come back within 60 s\. Nothing is lost: .* heard of it: the server is down$/,
  );
  // Five that show that it is down, some that were in flight with them, and 1 + 2 + 4 + 8 … s of probes.
  assert.ok(asked() <= 20 + 5 + 4 + 11);
  for (const { id } of all) {
    const events = await eventsOf({ ...environment, store }, id);
    assert.ok(events.every(({ type }) => type !== "GenerationFailed"));
  }
  await watchedRun(all, environmentWith({ store }));
  await assertHeld(store, all);
});

Deno.test("Outage ends the run after the longest pause also when one discussion alone does all the probing", async () => {
  const { environment, clock } = watchedModel(downFor(Infinity, "unreachable").answer, {
    policy: OUTAGE_POLICY,
  });
  const { outcome, setAside } = await watchedRun(designsOf(1), environment, { concurrency: 1 });
  assert.equal(setAside.length, 0);
  assert.match((outcome.cutShort as { message: string }).message, /did not come back within 30 min/);
  assert.equal(clock.waitsMs.at(-2), 60_000);
});

Deno.test("Outage that allows no pause ends the run at once", async () => {
  const { answer, asked } = downFor(Infinity, "unreachable");
  const { environment } = watchedModel(answer, { policy: { ...POLICY, pauseMsMax: 0 }, slots: 1 });
  const { outcome } = await watchedRun(designsOf(3), environment, { concurrency: 1 });
  assert.deepEqual([outcome.cutShort?.by, outcome.setAside, asked()], ["failure", 0, 5]);
});

Deno.test("Outage is over when anything comes back that shows the server to be there", async () => {
  for (const kind of ["rate-limited", "bad-request", "unauthorised", "malformed-reply"] as const) {
    const clock = recordingClock();
    const notices: ModelNotice[] = [];
    const outage = new Outage("m", { policy: POLICY, clock, notify: (notice) => notices.push(notice) });
    const signals = { signal: new AbortController().signal, stop: new AbortController().signal };
    for (let failures = 0; failures < 5; failures++) {
      outage.failed(new ModelError("unreachable", "gone"), attemptOf(outage.through));
    }
    assert.ok(outage.isPaused);
    const probe = await outage.pass(signals);
    assert.equal(probe!.probe, true);
    outage.failed(new ModelError(kind, "it is there"), attemptOf(probe!));
    assert.deepEqual([outage.isPaused, notices.map((notice) => notice.kind)], [false, ["paused", "resumed"]]);
  }
});

Deno.test("Outage counts failures in a row alone, and none of attempts from before a pause", () => {
  const outage = new Outage("m", { policy: POLICY, clock: recordingClock(), notify: () => {} });
  const gone = new ModelError("unreachable", "gone");
  const before = outage.through;
  for (let failures = 0; failures < 4; failures++) outage.failed(gone, attemptOf(before));
  outage.answered();
  for (let failures = 0; failures < 4; failures++) outage.failed(gone, attemptOf(before));
  assert.equal(outage.isPaused, false);
  outage.failed(gone, attemptOf(before));
  assert.equal(outage.isPaused, true);
  outage.answered();
  for (let failures = 0; failures < 10; failures++) outage.failed(gone, attemptOf(before));
  assert.equal(outage.isPaused, false);
});

Deno.test("Outage passes the probe on when its holder is stopped, and lets everybody go who is", async () => {
  const outage = new Outage("m", { policy: POLICY, clock: recordingClock(), notify: () => {} });
  for (let failures = 0; failures < 5; failures++) {
    outage.failed(new ModelError("unreachable", "gone"), attemptOf(outage.through));
  }
  const signal = new AbortController().signal;
  const stopping = new AbortController();
  const first = await outage.pass({ signal, stop: signal });
  const second = outage.pass({ signal, stop: signal });
  const stopped = outage.pass({ signal, stop: stopping.signal });
  stopping.abort();
  assert.equal(await stopped, null);
  outage.abandoned(first!);
  assert.equal((await second)!.probe, true);
  const reason = new Error("enough");
  await assert.rejects(outage.pass({ signal: AbortSignal.abort(reason), stop: signal }), reason);
});

Deno.test("Outage takes back what passages were worth when the model goes down or comes back meanwhile", async () => {
  const outage = new Outage("m", { policy: POLICY, clock: recordingClock(), notify: () => {} });
  const goDown = () => {
    for (let failures = 0; failures < 5; failures++) {
      outage.failed(new ModelError("unreachable", "gone"), attemptOf(outage.through));
    }
  };
  const signal = new AbortController().signal;
  const ordinary = outage.through;
  goDown();
  const probe = (await outage.pass({ signal, stop: signal }))!;
  assert.deepEqual([outage.renewed(ordinary), outage.renewed(probe)], [null, probe]);
  outage.answered();
  for (const old of [ordinary, probe]) {
    assert.deepEqual(outage.renewed(old), { ...outage.through, waitedMs: old.waitedMs });
  }
  goDown();
  assert.deepEqual([outage.renewed(ordinary), outage.renewed(probe)], [null, null]);
});

Deno.test("runDiscussions() that is stopped during a pause ends at once, resumably", async () => {
  const all = designsOf(6);
  const stopping = new AbortController();
  const { environment, store, notices } = watchedModel(downFor(Infinity, "unreachable", 10).answer, {
    notify: () => stopping.abort(),
  });
  const { outcome } = await watchedRun(all, environment, { concurrency: 6, stop: stopping.signal });
  assert.deepEqual([outcome.cutShort, outcome.setAside], [{ by: "caller" }, 0]);
  assert.deepEqual(notices.map(({ kind }) => kind), ["paused"]);
  await watchedRun(all, environmentWith({ store }));
  await assertHeld(store, all);
});

Deno.test("Outage of one model leaves those alone who do not need it", async () => {
  const down = watchedModel(downFor(Infinity, "unreachable").answer);
  const up = { model: modelThat(plainAnswer), limiter: new Limiter(4) };
  const all = designsOf(6);
  const environment = {
    ...down.environment,
    models: (name: string) => name === "other" ? up : down.environment.models(),
  };
  const others = all.slice(1).map((design) => ({
    ...design,
    participants: design.participants.map((participant) => ({ ...participant, model: "other" })),
    moderator: null,
    models: { other: Object.values(design.models)[0]! },
  }));
  const { outcome, setAside } = await watchedRun([all[0]!, ...others], environment, { concurrency: 2 });
  assert.deepEqual([outcome.ended >= 1, setAside], [true, []]);
});

Deno.test("requestReply() sends nothing to a model that went down while it waited for its place in the rate", async () => {
  const clock = recordingClock();
  const outage = new Outage("m", { policy: { ...POLICY, failuresMax: 1 }, clock, notify: () => {} });
  const rates = new RateLimit({ requestsPerMinute: 6 }, clock);
  const limiter = new Limiter(1);
  const waiting: Clock = {
    now: clock.now,
    async sleep(ms, signal) {
      // The first wait is the one for a place.
      const gone = new ModelError("unreachable", "gone");
      if (clock.waitsMs.length === 0) outage.failed(gone, attemptOf(outage.through));
      await clock.sleep(ms, signal);
    },
  };
  const signal = new AbortController().signal;
  const options = { clock: waiting, retry: RETRY_POLICY, signal, stop: signal };
  rates.take(REQUEST);
  const outcome = await requestReply(
    { model: modelThat(plainAnswer), limiter, outage, rates },
    REQUEST,
    options,
  );
  assert.ok("reply" in outcome!);
  assert.deepEqual(clock.waitsMs.slice(0, 2), [10_000, 1000]);
  assert.equal(limiter.held, 0);
});
