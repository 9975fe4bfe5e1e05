import assert from "node:assert/strict";
import fc from "fast-check";
import type { ModelReply, ModelRequest } from "../ports/mod.ts";
import { recordingClock } from "../testing/mod.ts";
import { fullBucket, putBack, RateLimit, spend } from "./rate_limit.ts";

/** 400 characters, 100 tokens. */
const REQUEST: ModelRequest = {
  messages: [{ role: "user", content: "word".repeat(100) }],
  sampling: { maxTokens: 50 },
  seed: 1,
  origin: { discussion: "d", turn: 0, speaker: "Ann", role: "participant" },
};

function replyOf(promptTokens: number, completionTokens: number): ModelReply {
  return { text: "x", finishReason: "stop", usage: { promptTokens, completionTokens } };
}

Deno.test("in any minute, spend() allows at most the amount of one minute and one second", () => {
  const amounts = fc.array(fc.tuple(fc.integer({ min: 0, max: 5_000 }), fc.integer({ min: 1, max: 20 })), {
    maxLength: 60,
  });
  fc.assert(fc.property(fc.integer({ min: 1, max: 3000 }), amounts, (perMinute, steps) => {
    let bucket = fullBucket(perMinute, 0);
    const spentAt: { atMs: number; amount: number }[] = [];
    let nowMs = 0;
    for (const [passedMs, amount] of steps) {
      nowMs += passedMs;
      const result = spend(bucket, amount, nowMs);
      bucket = result.bucket;
      spentAt.push({ atMs: nowMs + result.waitMs, amount });
    }
    for (const [from, { atMs: fromMs }] of spentAt.entries()) {
      const within = spentAt.slice(from).filter(({ atMs }) => atMs <= fromMs + 60_000);
      // The last amount can be larger than the bucket's capacity.
      const before = within.slice(0, -1).reduce((sum, { amount }) => sum + amount, 0);
      assert.ok(before <= perMinute + fullBucket(perMinute, 0).capacity + 1e-6 + within[0]!.amount);
    }
  }));
});

Deno.test("spend() makes later amounts wait behind earlier ones", () => {
  const full = fullBucket(60, 0);
  const first = spend(full, 1, 0);
  const second = spend(first.bucket, 1, 0);
  const third = spend(second.bucket, 1, 0);
  assert.deepEqual([first.waitMs, second.waitMs, third.waitMs], [0, 1000, 2000]);
});

Deno.test("spend() allows an amount above the capacity, and does not refill when the clock is set back", () => {
  const full = fullBucket(60, 10_000);
  const large = spend(full, 5, 10_000);
  assert.equal(large.waitMs, 0);
  assert.equal(spend(large.bucket, 1, 0).waitMs, 5000);
  assert.equal(spend(putBack(large.bucket, 5), 1, 0).waitMs, 0);
});

Deno.test("RateLimit spreads requests over the minute", () => {
  const clock = recordingClock();
  const rates = new RateLimit({ requestsPerMinute: 120 }, clock);
  assert.deepEqual([1, 2, 3, 4].map(() => rates.take(REQUEST)), [0, 0, 500, 1000]);
  clock.pass(60_000);
  assert.equal(rates.take(REQUEST), 0);
});

Deno.test("RateLimit estimates tokens before a request, and corrects them by the server's count", () => {
  const clock = recordingClock();
  // The bucket gains one token a millisecond, up to a thousand.
  const rates = new RateLimit({ tokensPerMinute: 60_000 }, clock);
  for (let request = 0; request < 6; request++) assert.equal(rates.take(REQUEST), 0);
  assert.equal(rates.take(REQUEST), 50);
  rates.ended(REQUEST, replyOf(100, 10));
  assert.equal(rates.take(REQUEST), 160);
  rates.ended(REQUEST, replyOf(300, 350));
  assert.equal(rates.take(REQUEST), 810);
  rates.ended(REQUEST, null);
  rates.cancelled(REQUEST);
  assert.equal(rates.take(REQUEST), 660);
});
