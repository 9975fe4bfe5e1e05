import assert from "node:assert/strict";
import { ModelError } from "../ports/mod.ts";
import {
  type Answer,
  assertHeld,
  designsOf,
  environmentWith,
  plainAnswer,
  recordingClock,
  watchedRun,
} from "../testing/mod.ts";
import { Budget, type RunLimits } from "./budget.ts";

/** Runs discussions one after the other. Each reply costs 2 and uses 10 tokens. */
async function limitedRun(limits: RunLimits, budget = new Budget(limits), answer: Answer = plainAnswer) {
  let replies = 0;
  const environment = environmentWith({
    answer(request, signal) {
      const reply = answer(request, signal);
      replies++;
      budget.spend({ cost: 2, tokens: 10 });
      return reply;
    },
  });
  const all = designsOf(6);
  const { outcome, setAside } = await watchedRun(all, environment, { concurrency: 1, budget });
  return { outcome, setAside, replies, all, environment };
}

Deno.test("runDiscussions() stops at its limit on cost or tokens, and can be resumed", async () => {
  const limits = [
    [{ costMax: 20 }, "cost", "The limit on cost, 20, is reached: 20 spent"],
    [{ tokensMax: 95 }, "tokens", "The limit on tokens, 95, is reached: 100 used"],
  ] as const;
  for (const [limit, name, message] of limits) {
    const { outcome, replies, all, environment } = await limitedRun(limit);
    assert.deepEqual(outcome.cutShort, { by: "budget", limit: name, message });
    assert.deepEqual([replies, outcome.setAside], [10, 0]);
    await watchedRun(all, environmentWith({ store: environment.store }));
    await assertHeld(environment.store, all);
  }
});

Deno.test("Budget counts earlier spending, so its limit can be reached before the first request", async () => {
  const some = new Budget({ costMax: 20 }, { cost: 14, tokens: 70 });
  assert.equal((await limitedRun({}, some)).replies, 3);
  const nothing = await limitedRun({}, new Budget({ costMax: 20 }, { cost: 20, tokens: 0 }));
  assert.deepEqual([nothing.replies, nothing.outcome.cutShort?.by], [0, "budget"]);
});

Deno.test("runDiscussions() stops after the allowed number of failed requests", async () => {
  const failing: Answer = ({ origin: { discussion } }) => {
    throw new ModelError("bad-request", `no ${discussion}`);
  };
  const { outcome } = await limitedRun({}, new Budget({ failuresMax: 2 }), failing);
  assert.deepEqual([outcome.setAside, outcome.cutShort], [2, {
    by: "budget",
    limit: "failures",
    message: "The limit on failures, 2, is reached: 2 requests failed in this start",
  }]);
});

Deno.test("runDiscussions() stops at its deadline, and aborts requests that are still in flight 30 s later", async () => {
  const clock = recordingClock();
  const all = designsOf(3);
  const environment = environmentWith({
    clock,
    // Waits of the recording clock take no time. So the deadline passes while the first request has no
    // answer.
    answer: (_, signal) =>
      new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
  });
  const budget = new Budget({ deadlineMs: 50_000 });
  const { outcome } = await watchedRun(all, environment, { concurrency: 2, budget });
  assert.deepEqual([outcome.cutShort?.by, outcome.setAside, outcome.ended], ["budget", 0, 0]);
  assert.match((outcome.cutShort as { message: string }).message, /1970-01-01T00:00:50\.000Z/);
  assert.deepEqual(clock.waitsMs, [50_000, 30_000]);
});

Deno.test("Budget.watchDeadline() waits for a distant deadline in steps, until it is aborted", async () => {
  const clock = recordingClock();
  const budget = new Budget({ deadlineMs: 9_000_000 });
  await budget.watchDeadline(clock, new AbortController().signal);
  assert.deepEqual(clock.waitsMs, [3_600_000, 3_600_000, 1_800_000]);
  const ended = new Budget({ deadlineMs: 9e15 });
  await ended.watchDeadline(clock, AbortSignal.abort());
  assert.equal(ended.reached, null);
  const none = new Budget({});
  await none.watchDeadline(clock, new AbortController().signal);
  assert.equal(none.reached, null);
});
