import assert from "node:assert/strict";
import { type ModelErrorKind } from "../events/mod.ts";
import { type Clock, ModelError, type ModelRequest } from "../ports/mod.ts";
import { type Answer, modelThat, recordingClock } from "../testing/mod.ts";
import { Limiter } from "./limiter.ts";
import { RateLimit } from "./rate_limit.ts";
import { type AttemptNotice, type LimitedModel, requestReply } from "./request.ts";
import type { RetryPolicy } from "./limits.ts";
import { OWN_PLACE } from "./waits.ts";

const RETRY: RetryPolicy = {
  attemptsMax: 4,
  waitMs: 1000,
  waitMsMax: 3000,
  retryAfterMsMax: 60_000,
  waitedMsMax: 200_000,
};
const NEVER = new AbortController().signal;

function requestOf(discussion: string): ModelRequest {
  return {
    messages: [{ role: "user", content: "Well?" }],
    sampling: {},
    seed: 1,
    origin: { discussion, turn: 3, speaker: "Ann", role: "participant" },
  };
}

/** Requests with one slot, a clock that records its waits, and a count of the attempts. */
function asking(
  answer: Answer,
  clock: Clock = recordingClock(),
  { retry = RETRY, ...more }: Partial<LimitedModel> & { retry?: RetryPolicy } = {},
) {
  const limiter = new Limiter(1);
  let attempts = 0;
  const model = modelThat((request, signal) => {
    attempts++;
    return answer(request, signal);
  });
  return {
    limiter,
    attempts: () => attempts,
    ask: ({ discussion = "d1", signal = NEVER, stop = NEVER } = {}) =>
      requestReply({ model, limiter, ...more }, requestOf(discussion), {
        clock,
        retry,
        place: OWN_PLACE,
        signal,
        stop,
      }),
    /** Whether the only slot is free again. Takes the slot. */
    slotIsFree: () => limiter.acquire() === null,
  };
}

function failing(kind: ModelErrorKind, options: { retryAfterMs?: number } = {}): Answer {
  return () => {
    throw new ModelError(kind, `it is ${kind}`, options);
  };
}

Deno.test("requestReply() sends no request without a slot, even if the share of slots ends just after a slot was taken", async () => {
  let looks = 0;
  const { limiter, ask } = asking(() => {
    assert.equal(limiter.held, 1);
    return "Yes.";
  });
  limiter.share({ slots: () => looks++ === 0 ? 1 : 0, isWanted: () => {} });
  assert.ok("reply" in (await ask())!);
  assert.equal(limiter.held, 0);
});

Deno.test("requestReply() returns the reply, the number of attempts, the latency of the last attempt, and the total wait", async () => {
  const clock = recordingClock();
  let failures = 2;
  const { ask, slotIsFree } = asking((request) => {
    clock.pass(120);
    if (failures-- > 0) throw new ModelError("server-error", "busy");
    assert.deepEqual(request, requestOf("d1"));
    return "Yes.";
  }, clock);
  const outcome = await ask();
  const [first, second, ...more] = clock.waitsMs;
  assert.deepEqual(more, []);
  assert.deepEqual(outcome, {
    reply: { text: "Yes.", finishReason: "stop" },
    trace: { attempts: 3, latencyMs: 120, waitedMs: Math.round(first! + second!) },
  });
  assert.ok(slotIsFree());
});

Deno.test("requestReply() retries errors that can pass, after a random wait below a limit that doubles", async () => {
  for (
    const kind of ["rate-limited", "server-error", "unreachable", "time-out", "malformed-reply"] as const
  ) {
    const clock = recordingClock();
    const { ask, attempts, slotIsFree } = asking(failing(kind), clock);
    const outcome = await ask();
    assert.ok(outcome !== null && "error" in outcome);
    assert.deepEqual([outcome.error.kind, outcome.trace.attempts, attempts()], [kind, 4, 4]);
    const [first, second, third, ...more] = clock.waitsMs;
    assert.ok(first! >= 0 && first! <= 1000);
    assert.ok(second! >= 0 && second! <= 2000);
    assert.ok(third! >= 0 && third! <= 3000);
    assert.deepEqual(more, []);
    assert.ok(slotIsFree());
  }
});

Deno.test("requestReply() draws different waits for different discussions, and always the same waits for one discussion", async () => {
  const waits = async (discussion: string) => {
    const clock = recordingClock();
    await asking(failing("rate-limited"), clock).ask({ discussion });
    return clock.waitsMs;
  };
  assert.deepEqual(await waits("d1"), await waits("d1"));
  const first = await Promise.all(Array.from({ length: 50 }, (_, index) => waits(`d${index}`)));
  assert.equal(new Set(first.map(([wait]) => wait)).size, 50);
});

Deno.test("requestReply() does not retry errors that cannot pass", async () => {
  for (const kind of ["unauthorised", "unknown-model", "bad-request", "broken-model"] as const) {
    const clock = recordingClock();
    const { ask, slotIsFree } = asking(failing(kind), clock);
    const outcome = await ask();
    assert.ok(outcome !== null && "error" in outcome);
    assert.deepEqual([outcome.error.kind, outcome.trace.attempts, clock.waitsMs], [kind, 1, []]);
    assert.ok(slotIsFree());
  }
});

Deno.test("requestReply() adds its own random wait to the wait that the server states", async () => {
  for (const retryAfterMs of [1, 45_000, 60_000]) {
    const clock = recordingClock();
    await asking(failing("rate-limited", { retryAfterMs }), clock).ask();
    const own = recordingClock();
    await asking(failing("rate-limited"), own).ask();
    assert.deepEqual(clock.waitsMs, own.waitsMs.map((ms) => retryAfterMs + ms));
  }
});

Deno.test("requestReply() limits the total wait between its attempts", async () => {
  const clock = recordingClock();
  const retry = { ...RETRY, attemptsMax: 1000 };
  const { ask, attempts } = asking(failing("rate-limited", { retryAfterMs: 60_000 }), clock, { retry });
  const outcome = await ask();
  assert.ok(outcome !== null && "error" in outcome);
  assert.deepEqual([attempts(), clock.waitsMs.length], [4, 3]);
});

Deno.test("requestReply() does not retry if the server asks for a longer wait than the limit", async () => {
  const clock = recordingClock();
  const { ask, attempts } = asking(failing("rate-limited", { retryAfterMs: 60_001 }), clock);
  const outcome = await ask();
  assert.ok(outcome !== null && "error" in outcome);
  assert.deepEqual([attempts(), clock.waitsMs], [1, []]);
});

Deno.test("requestReply() reports any other exception as a broken model", async () => {
  const cause = new TypeError("x is not a function");
  const outcome = await asking(() => Promise.reject(cause)).ask();
  assert.ok(outcome !== null && "error" in outcome);
  const { kind, message } = outcome.error;
  assert.deepEqual([kind, message, outcome.error.cause], [
    "broken-model",
    "The model adapter failed: x is not a function",
    cause,
  ]);
});

Deno.test("requestReply() frees its slot while it waits", async () => {
  const clock = recordingClock();
  const free: boolean[] = [];
  const { ask, limiter } = asking(failing("server-error"), {
    now: clock.now,
    sleep(ms, signal) {
      free.push(limiter.acquire() === null);
      limiter.release();
      return clock.sleep(ms, signal);
    },
  });
  await ask();
  assert.deepEqual(free, [true, true, true]);
});

Deno.test("requestReply() waits for a slot and asks when it has one", async () => {
  const { ask, limiter, attempts } = asking(() => "Yes.");
  await limiter.acquire();
  const outcome = ask();
  await Promise.resolve();
  assert.equal(attempts(), 0);
  limiter.release();
  assert.ok("reply" in (await outcome)!);
});

Deno.test("requestReply() can be aborted before, during and between attempts, and throws the signal's reason", async () => {
  const reason = new Error("enough");
  const aborted = AbortSignal.abort(reason);
  const before = asking(() => "Yes.");
  await assert.rejects(before.ask({ signal: aborted }), reason);
  assert.equal(before.attempts(), 0);
  assert.ok(before.slotIsFree());

  const during = new AbortController();
  const inFlight = asking((_, signal) =>
    new Promise((_, reject) => {
      signal.addEventListener("abort", () => reject(new DOMException("aborted", "AbortError")));
      during.abort(reason);
    })
  );
  await assert.rejects(inFlight.ask({ signal: during.signal }), reason);
  assert.ok(inFlight.slotIsFree());

  const between = new AbortController();
  const clock = recordingClock();
  const waiting = asking(failing("server-error"), {
    now: clock.now,
    sleep(ms, signal) {
      between.abort(reason);
      return clock.sleep(ms, signal);
    },
  });
  await assert.rejects(waiting.ask({ signal: between.signal }), reason);
  assert.equal(waiting.attempts(), 1);
  assert.ok(waiting.slotIsFree());
});

Deno.test("requestReply() begins no attempt after a stop, but returns the reply to an attempt in flight", async () => {
  const before = asking(() => "Yes.");
  assert.equal(await before.ask({ stop: AbortSignal.abort() }), null);
  assert.equal(before.attempts(), 0);
  assert.ok(before.slotIsFree());

  const during = new AbortController();
  const inFlight = asking(() => {
    during.abort();
    return "Yes.";
  });
  assert.ok("reply" in (await inFlight.ask({ stop: during.signal }))!);

  const between = new AbortController();
  const clock = recordingClock();
  const waiting = asking(failing("server-error"), {
    now: clock.now,
    sleep(ms, signal) {
      between.abort();
      return clock.sleep(ms, signal);
    },
  });
  assert.equal(await waiting.ask({ stop: between.signal }), null);
  assert.equal(waiting.attempts(), 1);
  assert.ok(waiting.slotIsFree());
});

Deno.test("requestReply() reports every attempt, and the wait before the next one", async () => {
  const clock = recordingClock();
  const told: AttemptNotice[] = [];
  let failures = 1;
  const { ask } = asking(
    () => {
      clock.pass(7);
      if (failures-- > 0) throw new ModelError("server-error", "busy");
      return "Yes.";
    },
    clock,
    { observe: (notice) => told.push(notice) },
  );
  await ask();
  const request = requestOf("d1");
  assert.deepEqual(told.map(({ request: _, ...rest }) => rest), [
    { attempt: 1, durationMs: 7, error: new ModelError("server-error", "busy"), retryInMs: clock.waitsMs[0] },
    { attempt: 2, durationMs: 7, reply: { text: "Yes.", finishReason: "stop" } },
  ]);
  assert.deepEqual(told[0]!.request, request);
});

Deno.test("requestReply() waits for the rate limit, and does not count a request that is stopped while it waits", async () => {
  const clock = recordingClock();
  const rates = new RateLimit({ requestsPerMinute: 60 }, clock);
  const { ask } = asking(() => "Yes.", clock, { rates });
  await ask();
  await ask();
  assert.deepEqual(clock.waitsMs, [1000]);
  const stopping = new AbortController();
  const stopped = asking(() => "Yes.", {
    now: clock.now,
    sleep(ms, signal) {
      stopping.abort();
      return clock.sleep(ms, signal);
    },
  }, { rates });
  assert.equal(await stopped.ask({ stop: stopping.signal }), null);
  assert.ok(stopped.slotIsFree());
  await ask();
  assert.deepEqual(clock.waitsMs, [1000, 1000]);
});
