import assert from "node:assert/strict";
import { memoryEventStore, ModelError, type ModelRequest } from "../ports/mod.ts";
import {
  assertHeld,
  designsOf,
  environmentWith,
  modelThat,
  plainAnswer,
  type VirtualClock,
  virtualClock,
  watchedRun,
} from "../testing/mod.ts";
import { Limiter } from "./limiter.ts";
import { PAUSE_POLICY, type PausePolicy } from "./limits.ts";
import type { ModelNotice } from "./pause_context.ts";
import { Pauses } from "./pauses.ts";

const MINUTE_MS = 60_000;

/** Four turns without a moderator: four requests each. */
const DESIGNS = designsOf(30, { turns: 4, moderator: null });

/** A server that takes 40 requests in each minute of its clock. */
function limitedServer(clock: VirtualClock, refusal: (resetMs: number) => ModelError) {
  let [minute, taken, refused, inFlight] = [0, 0, 0, 0];
  return {
    refused: () => refused,
    async answer(request: ModelRequest) {
      inFlight++;
      const now = Math.floor(clock.now() / MINUTE_MS);
      if (now !== minute) [minute, taken] = [now, 0];
      const isTaken = ++taken <= 40;
      await clock.sleep(isTaken ? 900 : 20);
      inFlight--;
      if (isTaken) return plainAnswer(request);
      refused++;
      throw refusal((minute + 1) * MINUTE_MS - clock.now());
    },
  };
}

function pausing(
  clock: VirtualClock,
  answer: (request: ModelRequest) => Promise<string> | string,
  policy: PausePolicy = PAUSE_POLICY,
) {
  const notices: ModelNotice[] = [];
  const pauses = new Pauses("m", { policy, clock, notify: (notice) => notices.push(notice) });
  const limited = { model: modelThat(answer), limiter: new Limiter(64), pauses };
  const store = memoryEventStore();
  return { notices, store, environment: { ...environmentWith({ store, clock }), models: () => limited } };
}

for (
  const [form, refusal, refusedMax] of [
    [
      "states a wait",
      (resetMs: number) =>
        new ModelError("rate-limited", "40 a minute", { status: 429, retryAfterMs: resetMs }),
      60,
    ],
    ["states no wait", () => new ModelError("rate-limited", "40 a minute", { status: 429 }), 70],
  ] as const
) {
  Deno.test(`Pauses lets a run finish at a server that takes 40 requests a minute and ${form}`, async () => {
    const clock = virtualClock();
    const { answer, refused } = limitedServer(clock, refusal);
    const { environment, notices, store } = pausing(clock, answer);
    const { outcome } = await clock.until(watchedRun(DESIGNS, environment, { concurrency: 30 }));
    assert.deepEqual([outcome.ended, outcome.setAside, outcome.cutShort], [30, 0, null]);
    await assertHeld(store, DESIGNS);
    // The server refuses 20 of the first 60 requests, then a few in each minute.
    assert.ok(refused() <= refusedMax, String(refused()));
    assert.ok(clock.now() < 5 * MINUTE_MS, String(clock.now()));
    const [first] = notices;
    assert.ok(first?.kind === "paused" && first.cause === "rate-limited" && first.reason === "40 a minute");
  });
}

const LATER = [["rate-limited", 429], ["server-error", 503], ["server-error", 500]] as const;

for (const [kind, status] of LATER) {
  Deno.test(`Pauses sends one probe when the wait that the server states is over, after status ${status}`, async () => {
    const clock = virtualClock();
    const sentMs: number[] = [];
    const answer = (request: ModelRequest) => {
      sentMs.push(clock.now());
      if (sentMs.length >= 3 && clock.now() < 130_000) {
        throw new ModelError(kind, "later", { status, retryAfterMs: 130_000 });
      }
      return plainAnswer(request);
    };
    const { environment, notices } = pausing(clock, answer);
    const { outcome } = await clock.until(watchedRun(DESIGNS, environment, { concurrency: 8 }));
    assert.deepEqual([outcome.ended, outcome.setAside], [30, 0]);
    const later = sentMs.filter((ms) => ms > 0);
    assert.ok(later[0]! >= 130_000 && later[0]! <= 131_000);
    assert.deepEqual(notices.map(({ kind }) => kind), ["paused", "resumed"]);
    assert.ok(sentMs.length - later.length <= 8);
  });
}

Deno.test("Pauses doubles its waits, to more than a minute, if the server states no wait", async () => {
  const clock = virtualClock();
  const sentMs: number[] = [];
  const answer = (request: ModelRequest) => {
    sentMs.push(clock.now());
    if (clock.now() < 4 * MINUTE_MS) throw new ModelError("rate-limited", "later", { status: 429 });
    return plainAnswer(request);
  };
  const { environment } = pausing(clock, answer);
  const one = designsOf(1, { turns: 1, moderator: null });
  const { outcome } = await clock.until(watchedRun(one, environment));
  assert.deepEqual([outcome.ended, outcome.setAside], [1, 0]);
  const waits = sentMs.slice(1).map((ms, index) => ms - sentMs[index]!);
  for (const [index, ms] of waits.entries()) {
    const least = Math.min(120_000, 5_000 * 2 ** index);
    assert.ok(ms >= least && ms <= 2 * least, `${index}: ${ms}`);
  }
});

Deno.test("Pauses ends the run immediately if the server asks for a wait that is too long, and says when this wait would end", async () => {
  for (const retryAfterMs of [24 * 60 * MINUTE_MS, Number.MAX_VALUE, Infinity]) {
    const clock = virtualClock();
    let asked = 0;
    const { environment } = pausing(clock, () => {
      asked++;
      throw new ModelError("rate-limited", "come back tomorrow", { status: 429, retryAfterMs });
    });
    const { outcome } = await clock.until(watchedRun(DESIGNS, environment, { concurrency: 4 }));
    assert.deepEqual([asked, outcome.setAside, outcome.stopped[0]?.left], [1, 0, 30]);
    const { message } = outcome.cutShort as { message: string };
    assert.match(
      message,
      /^The server of the model "m" asks to wait \d+ h, until \d{4}-\d\d-\d\dT.*Z; a pause /,
    );
    assert.match(message, /a pause may take 30 min\. .*run the same command again.*come back tomorrow$/);
    if (retryAfterMs === 24 * 60 * MINUTE_MS) assert.match(message, /wait 24 h, until 1970-01-02T00:00:00/);
  }
});

Deno.test("if the server always refuses one prompt, Pauses still lets all other prompts through", async () => {
  const clock = virtualClock();
  let refused = 0;
  const poisoned = DESIGNS[3]!.id;
  const { environment } = pausing(clock, (request) => {
    if (request.origin.discussion !== poisoned) return plainAnswer(request);
    refused++;
    throw new ModelError("rate-limited", "this request is too large", { status: 429, retryAfterMs: 1000 });
  });
  const { outcome } = await clock.until(watchedRun(DESIGNS, environment, { concurrency: 4 }));
  assert.equal(outcome.ended, 29);
  assert.ok(refused < 50, String(refused));
});
