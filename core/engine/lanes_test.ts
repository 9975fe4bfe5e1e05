import assert from "node:assert/strict";
import type { DiscussionDesign, ModelErrorKind } from "../events/mod.ts";
import { memoryEventStore, ModelError } from "../ports/mod.ts";
import {
  type Answer,
  assertHeld,
  designsOf,
  environmentWith,
  modelThat,
  participantsNamed,
  plainAnswer,
  rulesWith,
  type VirtualClock,
  virtualClock,
  watchedRun,
} from "../testing/mod.ts";
import { Limiter } from "./limiter.ts";
import { RateLimit, type Rates } from "./rate_limit.ts";
import { FAILURES_IN_A_ROW_MAX, PAUSE_POLICY } from "./limits.ts";
import { Pauses } from "./pauses.ts";
import type { LimitedModel } from "./request.ts";

/** Discussions with one model each. The models alternate, like the conditions of a crossed design. */
function designsWith(models: readonly string[], each: number): readonly DiscussionDesign[] {
  return designsOf(each * models.length, { moderator: null, turns: 4 }).map((design, index) => {
    const model = models[index % models.length]!;
    return {
      ...design,
      condition: `model=${model}`,
      participants: participantsNamed("Ann", "Bob").map((participant) => ({ ...participant, model })),
      models: { [model]: Object.values(design.models)[0]! },
    };
  });
}

/** An environment with several models. Each has a limiter and pauses, and can have rates. */
function environmentOf(
  clock: VirtualClock,
  models: Readonly<Record<string, Readonly<{ answer: Answer; rates?: Rates; slots?: number }>>>,
) {
  const asked: Record<string, number> = {};
  const limited = new Map(
    Object.entries(models).map(([name, { answer, rates, slots = 64 }]): [string, LimitedModel] => [name, {
      model: modelThat((request, signal) => {
        asked[name] = (asked[name] ?? 0) + 1;
        return answer(request, signal);
      }),
      limiter: new Limiter(slots),
      pauses: new Pauses(name, { policy: PAUSE_POLICY, clock, notify: () => {} }),
      ...(rates === undefined ? {} : { rates: new RateLimit(rates, clock) }),
    }]),
  );
  const store = memoryEventStore();
  const environment = { ...environmentWith({ store, clock }), models: (name: string) => limited.get(name)! };
  return { environment, store, asked };
}

function after(clock: VirtualClock, ms: number): Answer {
  return async (request) => {
    await clock.sleep(ms);
    return plainAnswer(request);
  };
}

const refusing = (kind: ModelErrorKind): Answer => () => {
  throw new ModelError(kind, `it is ${kind}`);
};

for (const kind of ["bad-request", "unauthorised", "unknown-model", "broken-model"] as const) {
  Deno.test(`runDiscussions() finishes other discussions if one model refuses every request: ${kind}`, async () => {
    const clock = virtualClock();
    const designs = designsWith(["good", "bad"], 100);
    const { environment, store, asked } = environmentOf(clock, {
      good: { answer: after(clock, 500) },
      bad: { answer: refusing(kind) },
    });
    const { outcome } = await clock.until(watchedRun(designs, environment, { concurrency: 8 }));
    assert.deepEqual([outcome.ended, outcome.cutShort, outcome.stopped.length], [100, null, 1]);
    assert.equal(outcome.setAside + outcome.stopped[0]!.left, 100);
    assert.ok(asked.bad! < FAILURES_IN_A_ROW_MAX + 8);
    const good = designs.filter(({ condition }) => condition === "model=good");
    for (const design of good) assert.ok(await isHeld(store, design));
  });
}

async function isHeld(
  store: ReturnType<typeof memoryEventStore>,
  design: DiscussionDesign,
): Promise<boolean> {
  const own = memoryEventStore();
  const lines = await Array.fromAsync(store.read(design.id));
  await own.append(design.id, 0, lines);
  await assertHeld(own, [design]);
  return true;
}

Deno.test("runDiscussions() does not stop a condition while some of its discussions make progress", async () => {
  const clock = virtualClock();
  const designs = designsWith(["m"], 100);
  const isTooLong = (discussion: string) => Number(discussion.slice(1)) >= 10;
  const { environment } = environmentOf(clock, {
    m: {
      answer: async (request) => {
        if (isTooLong(request.origin.discussion)) throw new ModelError("bad-request", "too long");
        await clock.sleep(500);
        return plainAnswer(request);
      },
    },
  });
  const { outcome } = await clock.until(watchedRun(designs, environment, { concurrency: 40 }));
  assert.deepEqual([outcome.ended, outcome.setAside, outcome.stopped, outcome.cutShort], [10, 90, [], null]);
});

Deno.test("runDiscussions() finishes other discussions if one model is down for too long", async () => {
  const clock = virtualClock();
  const designs = designsWith(["up", "down"], 50);
  const { environment, asked } = environmentOf(clock, {
    up: { answer: after(clock, 500) },
    down: { answer: refusing("unreachable") },
  });
  const { outcome, setAside } = await clock.until(watchedRun(designs, environment, { concurrency: 4 }));
  assert.deepEqual([outcome.ended, setAside, outcome.cutShort], [50, [], null]);
  assert.equal(outcome.stopped.length, 1);
  assert.match(outcome.stopped[0]!.message, /^The model "down" did not come back within 30 min/);
  assert.equal(outcome.stopped[0]!.left, 50);
  assert.ok(asked.down! < 50);
});

Deno.test("runDiscussions() does not stop a condition with a rule that fails in every discussion", async () => {
  const clock = virtualClock();
  const rules = rulesWith({ strategies: [{ name: "own", select: () => 99 }] });
  const designs = designsWith(["good", "bad"], 40).map((design) =>
    design.condition === "model=bad" ? { ...design, turnTaking: { name: "own", options: {} } } : design
  );
  const { environment } = environmentOf(clock, {
    good: { answer: after(clock, 500) },
    bad: { answer: plainAnswer },
  });
  const run = watchedRun(designs, { ...environment, rules }, {
    concurrency: 8,
  });
  const { outcome } = await clock.until(run);
  assert.deepEqual([outcome.ended, outcome.setAside, outcome.stopped, outcome.cutShort], [40, 40, [], null]);
});

Deno.test("runDiscussions() finishes other discussions if a prompt cannot be rendered", async () => {
  const clock = virtualClock();
  const texts = {
    name: "own",
    layout: "transcript",
    participantSystem: "{{ persona.age }}",
    participant: "{{ name }}",
    comment: "{{ text }}",
  } as const;
  const templates = { name: "own", sha256: "0".repeat(64), texts };
  const designs = designsWith(["good", "bad"], 5).map((design) =>
    design.condition === "model=bad" ? { ...design, prompt: { ...design.prompt, templates } } : design
  );
  const { environment, asked } = environmentOf(clock, {
    good: { answer: after(clock, 500) },
    bad: { answer: plainAnswer },
  });
  const { outcome, setAside } = await clock.until(watchedRun(designs, environment, { concurrency: 8 }));
  assert.deepEqual([outcome.ended, outcome.setAside, outcome.cutShort, asked.bad], [5, 5, null, undefined]);
  assert.equal(setAside.length, 5);
});

for (
  const [what, limits] of Object.entries({ rate: { rates: { requestsPerMinute: 6 } }, slots: { slots: 1 } })
) {
  Deno.test(`runDiscussions() lets other discussions run while some wait for a limit on ${what}`, async () => {
    const clock = virtualClock();
    const designs = designsWith(["slow", "free"], 10);
    let freeEndedMs = 0;
    let open = 0;
    let openMost = 0;
    const { environment, store } = environmentOf(clock, {
      slow: { answer: after(clock, 1000), ...limits },
      free: { answer: after(clock, 10) },
    });
    const { outcome } = await clock.until(watchedRun(designs, environment, {
      concurrency: 4,
      notify(notice) {
        if (notice.kind === "opened") openMost = Math.max(openMost, ++open);
        if (notice.kind !== "ended") return;
        open--;
        const index = Number(notice.discussion.slice(1));
        if (index % 2 === 1) freeEndedMs = clock.now();
      },
    }));
    assert.equal(outcome.ended, 20);
    await assertHeld(store, designs);
    assert.ok(freeEndedMs < 1000, String(freeEndedMs));
    // For each model, four discussions can be open. This number includes discussions that wait.
    assert.ok(openMost <= 8);
  });
}

Deno.test("runDiscussions() lets other discussions run while some wait for a paused model", async () => {
  const clock = virtualClock();
  const designs = designsWith(["later", "now"], 20);
  let nowEndedMs = 0;
  const { environment, store } = environmentOf(clock, {
    later: {
      answer: (request) => {
        if (clock.now() >= 600_000) return plainAnswer(request);
        throw new ModelError("rate-limited", "later", { retryAfterMs: 600_000 });
      },
    },
    now: { answer: after(clock, 10) },
  });
  const { outcome } = await clock.until(watchedRun(designs, environment, {
    concurrency: 2,
    notify(notice) {
      if (notice.kind === "ended" && Number(notice.discussion.slice(1)) % 2 === 1) nowEndedMs = clock.now();
    },
  }));
  assert.deepEqual([outcome.ended, outcome.setAside], [40, 0]);
  assert.ok(nowEndedMs < 10_000, String(nowEndedMs));
  await assertHeld(store, designs);
});

Deno.test("runDiscussions() writes the same logs at any concurrency when models are slow, full or paused", async () => {
  for (const concurrency of [1, 2, 12]) {
    const clock = virtualClock();
    const designs = designsWith(["slow", "free", "flaky"], 8);
    let asked = 0;
    const { environment, store } = environmentOf(clock, {
      slow: { answer: after(clock, 100), rates: { requestsPerMinute: 30 } },
      free: { answer: after(clock, 10), slots: 2 },
      flaky: {
        answer: (request) => {
          if (asked++ % 5 === 3) throw new ModelError("rate-limited", "later", { retryAfterMs: 7000 });
          return plainAnswer(request);
        },
      },
    });
    const { outcome } = await clock.until(watchedRun(designs, environment, { concurrency }));
    assert.deepEqual([outcome.ended, outcome.setAside], [24, 0]);
    await assertHeld(store, designs);
  }
});

Deno.test("if all discussions wait, runDiscussions() opens only as many as its concurrency", async () => {
  const clock = virtualClock();
  let open = 0;
  let openMost = 0;
  let drawn = 0;
  function* plan() {
    for (const design of designsWith(["slow"], 300)) {
      drawn++;
      yield design;
    }
  }
  const { environment } = environmentOf(clock, {
    slow: { answer: after(clock, 10), rates: { requestsPerMinute: 600 } },
  });
  const { outcome } = await clock.until(watchedRun(plan(), environment, {
    concurrency: 5,
    notify({ kind }) {
      if (kind === "opened") openMost = Math.max(openMost, ++open);
      if (kind === "ended") open--;
    },
  }));
  assert.deepEqual([outcome.ended, openMost, drawn], [300, 5, 300]);
});
