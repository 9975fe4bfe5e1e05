import assert from "node:assert/strict";
import { type ModelErrorKind } from "../events/mod.ts";
import { type Clock, memoryEventStore, ModelError, type ModelRequest } from "../ports/mod.ts";
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
import { RateLimit } from "./rate_limit.ts";
import { PAUSE_POLICY, type PausePolicy, RETRY_POLICY } from "./limits.ts";
import type { FailedAttempt, ModelNotice, Passage } from "./pause_context.ts";
import { Pauses } from "./pauses.ts";
import { OWN_PLACE } from "./waits.ts";
import { requestReply } from "./request.ts";

const POLICY: PausePolicy = { failuresMax: 5, probeMs: 1000, probeMsMax: 8000, pauseMsMax: 60_000 };

/** An environment with one model and its pauses. Waits take no real time. */
function watchedModel(answer: Answer, { policy = POLICY, slots = 4, notify: tell = () => {} }: {
  policy?: PausePolicy;
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
    pauses: new Pauses("m", { policy, clock, notify }),
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

/** No request is in flight. */
const NONE = () => 0;

function attemptOf(passage: Passage): FailedAttempt {
  return { request: REQUEST, passage, tookMs: 0, inFlight: 1 };
}

/**
 * A server that fails `requests` requests in a row. The first of them is the one with the 0-based number
 * `from`.
 */
function downFor(requests: number, kind: ModelErrorKind, from = 0) {
  let asked = 0;
  const answer: Answer = (request) => {
    const nth = asked++;
    if (nth >= from && nth < from + requests) throw new ModelError(kind, "the server is down");
    return plainAnswer(request);
  };
  return { answer, asked: () => asked };
}

Deno.test("Pauses pauses a model that is down, and the run continues when it is back", async () => {
  for (const kind of ["unreachable", "time-out", "server-error"] as const) {
    const all = designsOf(12);
    const { answer } = downFor(12, kind, 30);
    const { environment, store, notices, limiter } = watchedModel(answer);
    const { outcome } = await watchedRun(all, environment, { concurrency: 6 });
    assert.deepEqual(outcome, { ended: 12, endedBefore: 0, setAside: 0, stopped: [], cutShort: null });
    await assertHeld(store, all);
    const [paused, resumed, ...more] = notices;
    assert.deepEqual(paused, {
      kind: "paused",
      model: "m",
      cause: "down",
      reason: "the server is down",
      untilMs: (paused as { untilMs: number }).untilMs,
      pauseMsMax: 60_000,
    });
    assert.equal(resumed!.kind, "resumed");
    assert.deepEqual(more, []);
    assert.equal(limiter.held, 0);
  }
});

Deno.test("Pauses lets one request at a time probe, at intervals that double up to a limit", async () => {
  const { answer } = downFor(5 + 6, "unreachable");
  const { environment, clock, notices } = watchedModel(answer, { slots: 1 });
  const { outcome } = await watchedRun(designsOf(4), environment, { concurrency: 1 });
  assert.equal(outcome.ended, 4);
  // There is one request. Before the pause, it waits four times between its attempts.
  assert.deepEqual(clock.waitsMs.slice(4), [1000, 2000, 4000, 8000, 8000, 8000, 8000]);
  assert.deepEqual(notices[1], { kind: "resumed", model: "m", pausedMs: 39_000 });
});

Deno.test("Pauses does not count a server as down if it fails only on one prompt, even if there are no other requests", async () => {
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

Deno.test("Pauses ends the run after the longest pause; no discussion fails, and the run can be resumed", async () => {
  const all = designsOf(8);
  const { answer, asked } = downFor(Infinity, "unreachable", 20);
  const { environment, store } = watchedModel(answer);
  const { outcome, setAside } = await watchedRun(all, environment, { concurrency: 8 });
  assert.deepEqual([outcome.cutShort?.by, outcome.setAside, setAside], ["failure", 0, []]);
  assert.match(
    (outcome.cutShort as { message: string }).message,
    /^The model "m" did not come back within 60 s\. Nothing is lost: .* Last error: the server is down$/,
  );
  // 20 answered requests, 5 failures, up to 4 more in flight, and probes after 1, 2, 4, 8 … s.
  assert.ok(asked() <= 20 + 5 + 4 + 11);
  for (const { id } of all) {
    const events = await eventsOf({ ...environment, store }, id);
    assert.ok(events.every(({ type }) => type !== "GenerationFailed"));
  }
  await watchedRun(all, environmentWith({ store }));
  await assertHeld(store, all);
});

Deno.test("Pauses ends a run of a single discussion after the longest pause", async () => {
  const { environment, clock } = watchedModel(downFor(Infinity, "unreachable").answer, {
    policy: PAUSE_POLICY,
  });
  const { outcome, setAside } = await watchedRun(designsOf(1), environment, { concurrency: 1 });
  assert.equal(setAside.length, 0);
  assert.match((outcome.cutShort as { message: string }).message, /did not come back within 30 min/);
  assert.equal(clock.waitsMs.at(-2), 60_000);
});

Deno.test("Pauses ends the run immediately if its policy allows no pause", async () => {
  const { answer, asked } = downFor(Infinity, "unreachable");
  const { environment } = watchedModel(answer, { policy: { ...POLICY, pauseMsMax: 0 }, slots: 1 });
  const { outcome } = await watchedRun(designsOf(3), environment, { concurrency: 1 });
  assert.deepEqual([outcome.cutShort?.by, outcome.setAside, asked()], ["failure", 0, 5]);
});

Deno.test("Pauses ends a pause when an error shows that the server works", async () => {
  for (const kind of ["bad-request", "unauthorised", "malformed-reply"] as const) {
    const clock = recordingClock();
    const notices: ModelNotice[] = [];
    const pauses = new Pauses("m", { policy: POLICY, clock, notify: (notice) => notices.push(notice) });
    const signals = { signal: new AbortController().signal, stop: new AbortController().signal };
    for (let failures = 0; failures < 5; failures++) {
      pauses.failed(new ModelError("unreachable", "gone"), attemptOf(pauses.through));
    }
    assert.ok(pauses.isPaused);
    const probe = await pauses.pass(NONE, signals);
    assert.equal(probe.probe, true);
    pauses.failed(new ModelError(kind, "it is there"), attemptOf(probe));
    assert.deepEqual([pauses.isPaused, notices.map((notice) => notice.kind)], [false, ["paused", "resumed"]]);
  }
});

Deno.test("Pauses counts only failures in a row, and ignores attempts from before a pause", () => {
  const pauses = new Pauses("m", { policy: POLICY, clock: recordingClock(), notify: () => {} });
  const gone = new ModelError("unreachable", "gone");
  const before = pauses.through;
  for (let failures = 0; failures < 4; failures++) pauses.failed(gone, attemptOf(before));
  pauses.answered(pauses.through);
  for (let failures = 0; failures < 4; failures++) pauses.failed(gone, attemptOf(before));
  assert.equal(pauses.isPaused, false);
  pauses.failed(gone, attemptOf(before));
  assert.equal(pauses.isPaused, true);
  pauses.answered(pauses.through);
  for (let failures = 0; failures < 10; failures++) pauses.failed(gone, attemptOf(before));
  assert.equal(pauses.isPaused, false);
});

Deno.test("when a probe is aborted, Pauses lets another request be the probe; it ends the waits of stopped requests", async () => {
  const pauses = new Pauses("m", { policy: POLICY, clock: recordingClock(), notify: () => {} });
  for (let failures = 0; failures < 5; failures++) {
    pauses.failed(new ModelError("unreachable", "gone"), attemptOf(pauses.through));
  }
  const signal = new AbortController().signal;
  const stopping = new AbortController();
  const first = await pauses.pass(NONE, { signal, stop: signal });
  const stopped = pauses.pass(NONE, { signal, stop: stopping.signal });
  const reason = new Error("enough");
  stopping.abort(reason);
  await assert.rejects(stopped, reason);
  const second = pauses.pass(NONE, { signal, stop: signal });
  pauses.abandoned(first);
  assert.equal((await second).probe, true);
  await assert.rejects(pauses.pass(NONE, { signal: AbortSignal.abort(reason), stop: signal }), reason);
});

Deno.test("Pauses.renewed() gives a new passage when the model is back, and none while it is down", async () => {
  const pauses = new Pauses("m", { policy: POLICY, clock: recordingClock(), notify: () => {} });
  const goDown = () => {
    for (let failures = 0; failures < 5; failures++) {
      pauses.failed(new ModelError("unreachable", "gone"), attemptOf(pauses.through));
    }
  };
  const signal = new AbortController().signal;
  const ordinary = pauses.through;
  goDown();
  const probe = await pauses.pass(NONE, { signal, stop: signal });
  assert.deepEqual([pauses.renewed(ordinary), pauses.renewed(probe)], [null, probe]);
  pauses.answered(pauses.through);
  for (const old of [ordinary, probe]) {
    assert.deepEqual(pauses.renewed(old), pauses.through);
  }
  goDown();
  assert.deepEqual([pauses.renewed(ordinary), pauses.renewed(probe)], [null, null]);
});

Deno.test("runDiscussions() ends immediately when it is stopped during a pause, and can be resumed", async () => {
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

Deno.test("Pauses of one model do not delay discussions that do not need it", async () => {
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

Deno.test("requestReply() sends nothing to a model that went down while the request waited for the rate limit", async () => {
  const clock = recordingClock();
  const pauses = new Pauses("m", { policy: { ...POLICY, failuresMax: 1 }, clock, notify: () => {} });
  const rates = new RateLimit({ requestsPerMinute: 6 }, clock);
  const limiter = new Limiter(1);
  const waiting: Clock = {
    now: clock.now,
    async sleep(ms, signal) {
      // The first wait is for the rate limit.
      const gone = new ModelError("unreachable", "gone");
      if (clock.waitsMs.length === 0) pauses.failed(gone, attemptOf(pauses.through));
      await clock.sleep(ms, signal);
    },
  };
  const signal = new AbortController().signal;
  const options = { clock: waiting, retry: RETRY_POLICY, place: OWN_PLACE, signal, stop: signal };
  rates.take(REQUEST);
  const outcome = await requestReply(
    { model: modelThat(plainAnswer), limiter, pauses, rates },
    REQUEST,
    options,
  );
  assert.ok("reply" in outcome!);
  assert.deepEqual(clock.waitsMs.slice(0, 2), [10_000, 1000]);
  assert.equal(limiter.held, 0);
});
