import assert from "node:assert/strict";
import fc from "fast-check";
import {
  adapt,
  AdaptiveLimit,
  adaptiveStart,
  type AdaptiveState,
  type AttemptResult,
} from "./adaptive_limit.ts";
import { Limiter } from "./limiter.ts";
import { ModelError } from "../ports/mod.ts";
import {
  assertHeld,
  designsOf,
  environmentWith,
  modelThat,
  plainAnswer,
  recordingClock,
  slowAnswer,
  watchedRun,
} from "../testing/mod.ts";

/** Plays one round: as many answers as the limit. `held` is the number of taken slots. */
function round(state: AdaptiveState, latencyMs: number, held = state.limit): AdaptiveState {
  let next = state;
  for (let answers = 0; answers < state.limit; answers++) {
    next = adapt(next, { kind: "answered", latencyMs, held });
  }
  return next;
}

function limitsOf(state: AdaptiveState, latenciesMs: readonly number[]): number[] {
  const limits: number[] = [];
  for (const latencyMs of latenciesMs) limits.push((state = round(state, latencyMs)).limit);
  return limits;
}

Deno.test("adapt() doubles the limit each round, up to its maximum, while latency stays low", () => {
  const start = adaptiveStart(100);
  assert.equal(start.limit, 16);
  assert.deepEqual(limitsOf(start, [200, 210, 240, 260]), [32, 64, 100, 100]);
  assert.equal(adaptiveStart(4).limit, 4);
});

Deno.test("adapt() does not raise the limit while answers are much slower, and raises it again afterwards", () => {
  assert.deepEqual(limitsOf(adaptiveStart(256), [100, 300, 300, 240, 100]), [32, 32, 32, 64, 128]);
});

Deno.test("adapt() does not raise a limit that was never reached", () => {
  const start = adaptiveStart(256);
  assert.equal(round(start, 100, 15).limit, 16);
  assert.equal(round(start, 100, 16).limit, 32);
});

Deno.test("if attempts that were in flight together fail, adapt() halves the limit only once", () => {
  let state = round(adaptiveStart(64), 100);
  assert.equal(state.limit, 32);
  state = adapt(state, { kind: "overloaded", attempt: 20, begun: 48 });
  assert.equal(state.limit, 16);
  for (const attempt of [16, 21, 47]) state = adapt(state, { kind: "overloaded", attempt, begun: 60 });
  assert.equal(state.limit, 16);
  state = adapt(state, { kind: "overloaded", attempt: 48, begun: 61 });
  assert.equal(state.limit, 8);
});

Deno.test("after the limit has fallen, adapt() raises it each round by a sixteenth of its maximum", () => {
  const fallen = adapt(round(adaptiveStart(64), 100), { kind: "overloaded", attempt: 0, begun: 20 });
  assert.equal(fallen.limit, 16);
  assert.deepEqual(limitsOf(fallen, [100, 100, 100]), [20, 24, 28]);
});

Deno.test("adapt() keeps the limit between 1 and its maximum after any results", () => {
  const result: fc.Arbitrary<AttemptResult> = fc.oneof(
    fc.record({ kind: fc.constant("answered" as const), latencyMs: fc.nat(1000), held: fc.nat(100) }),
    fc.record({ kind: fc.constant("overloaded" as const), attempt: fc.nat(100), begun: fc.nat(100) }),
  );
  fc.assert(fc.property(fc.integer({ min: 1, max: 100 }), fc.array(result), (max, results) => {
    let state = adaptiveStart(max);
    for (const each of results) {
      state = adapt(state, each);
      assert.ok(state.limit >= 1 && state.limit <= max);
    }
  }));
});

Deno.test("AdaptiveLimit adds slots while answers are fast, and halves them when the model is overloaded", () => {
  const limiter = new Limiter(64);
  const adaptive = new AdaptiveLimit(limiter, 64);
  assert.equal(limiter.limit, 16);
  for (let held = 0; held < 16; held++) limiter.acquire();
  for (let answers = 0; answers < 16; answers++) {
    adaptive.began();
    adaptive.answered(100);
  }
  assert.equal(limiter.limit, 32);
  adaptive.overloaded(adaptive.began());
  assert.equal(limiter.limit, 16);
});

Deno.test("AdaptiveLimit lowers its limit for a server that refuses more than four requests at the same time", async () => {
  const clock = recordingClock();
  const limiter = new Limiter(64);
  const adaptive = new AdaptiveLimit(limiter, 64);
  let inFlight = 0;
  const model = modelThat(async (request) => {
    inFlight++;
    await slowAnswer(request);
    const refused = inFlight-- > 4;
    if (refused) throw new ModelError("rate-limited", "not that many at once");
    return plainAnswer(request);
  });
  const all = designsOf(40);
  const environment = { ...environmentWith({ clock }), models: () => ({ model, limiter, adaptive }) };
  const { outcome } = await watchedRun(all, environment, { concurrency: 40 });
  assert.deepEqual(outcome, { ended: 40, endedBefore: 0, setAside: 0, stopped: [], cutShort: null });
  assert.ok(limiter.limit < 16);
  await assertHeld(environment.store, all);
});
