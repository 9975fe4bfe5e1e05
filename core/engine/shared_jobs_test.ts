import assert from "node:assert/strict";
import type { DiscussionDesign } from "../events/mod.ts";
import {
  ClaimLost,
  type EventStore,
  type MemoryWorkQueues,
  memoryWorkQueues,
  ModelError,
  type RunHome,
  type SharedRun,
  type WorkQueue,
} from "../ports/mod.ts";
import { memoryRun } from "../ports/memory_run.ts";
import { sampleRun } from "../testing/sample_run.ts";
import {
  type Answer,
  assertHeld,
  designsOf,
  environmentWith,
  plainAnswer,
  slowAnswer,
  type WatchedRun,
  watchedRun,
} from "../testing/mod.ts";
import type { Environment } from "./environment.ts";
import { Limiter } from "./limiter.ts";
import { FAILURES_IN_A_ROW_MAX } from "./limits.ts";
import { laneOfDiscussion, type RunOptions } from "./run.ts";
import { SharedJobs } from "./shared_jobs.ts";

const TASK = "discussions";

/** A run that workers share, with a job for each discussion. */
class SharedWork {
  readonly #designs: ReadonlyMap<string, DiscussionDesign>;
  readonly queues: MemoryWorkQueues = memoryWorkQueues();
  readonly home: RunHome = memoryRun();
  readonly store: Promise<EventStore>;

  private constructor(designs: readonly DiscussionDesign[]) {
    this.#designs = new Map(designs.map((design) => [design.id, design]));
    this.store = this.home.join({ run: sampleRun() }).then(({ store }) => store);
  }

  static async of(designs: readonly DiscussionDesign[]): Promise<SharedWork> {
    const work = new SharedWork(designs);
    await work.store;
    await work.queues.open().add(
      TASK,
      designs.map((design) => ({ stream: design.id, lane: laneOfDiscussion(design) })),
    );
    return work;
  }

  /** Works as one worker until nothing is left. */
  async worker(
    changes: Partial<Environment> = {},
    options: Partial<RunOptions> = {},
    { queue = this.queues.open(), run }: Readonly<{ queue?: WorkQueue; run?: SharedRun }> = {},
  ): Promise<WatchedRun> {
    const joined = run ?? await this.home.join();
    const sharing = new SharedJobs({
      queue,
      task: TASK,
      run: joined,
      itemOf: (id) => this.#designs.get(id) ?? null,
    });
    return await watchedRun(sharing, { ...environmentWith({ store: joined.store }), ...changes }, {
      ...options,
      sharing,
    });
  }
}

function asking(answer: Answer): Pick<Environment, "models"> {
  const { models } = environmentWith({ answer });
  return { models };
}

Deno.test("several workers run each discussion once, and end when nothing is left", async () => {
  const designs = designsOf(30);
  const work = await SharedWork.of(designs);
  const runs = await Promise.all([1, 2, 3].map(() => work.worker(asking(slowAnswer))));
  await assertHeld(await work.store, designs);
  assert.equal(runs.reduce((sum, { outcome }) => sum + outcome.ended, 0), 30);
  assert.ok(runs.every(({ outcome }) => outcome.ended > 0 && outcome.cutShort === null));
  assert.deepEqual(await work.queues.open().counts(TASK), { waiting: 0, active: 0, done: 30, failed: 0 });
});

Deno.test("if a worker is presumed dead, another worker takes its discussions, and the first worker writes nothing more", async () => {
  const designs = designsOf(4);
  const work = await SharedWork.of(designs);
  const frozen = Promise.withResolvers<void>();
  const woken = Promise.withResolvers<void>();
  let asked = 0;
  const queue = work.queues.open();
  const zombie = work.worker(
    asking(async (request) => {
      if (++asked === 10) frozen.resolve();
      if (asked >= 10) await woken.promise;
      return plainAnswer(request);
    }),
    {},
    {
      queue: {
        ...queue,
        async take(task, options) {
          if (asked >= 10) await woken.promise;
          return await queue.take(task, options);
        },
      },
    },
  );
  await frozen.promise;
  work.queues.presumeDead(queue);
  const { outcome } = await work.worker();
  await assertHeld(await work.store, designs);
  woken.resolve();
  const { outcome: ended, notices } = await zombie;
  await assertHeld(await work.store, designs);
  assert.equal(notices.filter(({ kind }) => kind === "lost").length, 4 - ended.ended);
  assert.equal(outcome.ended + ended.ended, 4);
  assert.deepEqual([ended.cutShort, ended.setAside], [null, 0]);
});

Deno.test("a worker that loses a claim while it writes leaves this discussion to the other worker, and continues with the rest", async () => {
  const designs = designsOf(3);
  const work = await SharedWork.of(designs);
  const thief = await work.home.join();
  let asked = 0;
  const { outcome, notices } = await work.worker(
    asking(async (request) => {
      // Another process claims the discussion of the third question before the answer comes.
      if (++asked === 3) await thief.claim("d0");
      return plainAnswer(request);
    }),
    { concurrency: 1 },
  );
  assert.deepEqual(notices.filter(({ kind }) => kind === "lost"), [{ kind: "lost", discussion: "d0" }]);
  // The job of this discussion went back to the queue, so this worker takes it again at the end.
  assert.deepEqual([outcome.ended, outcome.cutShort], [3, null]);
  await assertHeld(await work.store, designs);
});

Deno.test("a stop puts the jobs back", async () => {
  const designs = designsOf(12);
  const work = await SharedWork.of(designs);
  const stop = new AbortController();
  let asked = 0;
  const { outcome } = await work.worker(
    asking((request) => {
      if (++asked === 7) stop.abort();
      return Promise.resolve(plainAnswer(request));
    }),
    { stop: stop.signal },
  );
  assert.deepEqual(outcome.cutShort, { by: "caller" });
  const counts = await work.queues.open().counts(TASK);
  assert.deepEqual([counts.active, counts.waiting + counts.done], [0, 12]);
  await work.worker();
  await assertHeld(await work.store, designs);
});

Deno.test("a stop also puts back a job that is just being taken", async () => {
  const work = await SharedWork.of(designsOf(3));
  const queue = work.queues.open();
  const stop = new AbortController();
  const late = Promise.withResolvers<void>();
  const stopped = work.worker({}, { concurrency: 2, stop: stop.signal }, {
    queue: {
      ...queue,
      async take(task, options) {
        const job = await queue.take(task, options);
        stop.abort();
        await late.promise;
        return job;
      },
    },
  });
  let isOver = false;
  void stopped.then(() => isOver = true);
  await new Promise((resolve) => setTimeout(resolve));
  assert.equal(isOver, false);
  late.resolve();
  assert.deepEqual((await stopped).outcome.cutShort, { by: "caller" });
  assert.deepEqual(await queue.counts(TASK), { waiting: 3, active: 0, done: 0, failed: 0 });
});

Deno.test("a worker takes no jobs of a full lane, so that other workers can take them", async () => {
  const designs = designsOf(12);
  const work = await SharedWork.of(designs);
  const queue = work.queues.open();
  const { models } = environmentWith({ answer: slowAnswer });
  let most = 0;
  // The model answers one request at a time. So all discussions except one wait, and free their places.
  const limiter = new Limiter(1);
  const { outcome } = await work.worker({
    models: (name, spec) => ({ ...models(name, spec), limiter }),
  }, {
    concurrency: 2,
    notify: () => void queue.counts(TASK).then(({ active }) => most = Math.max(most, active)),
  }, { queue });
  assert.deepEqual([outcome.ended, most], [12, 2]);
  await assertHeld(await work.store, designs);
});

Deno.test("a stop ends the wait for jobs that another worker has", async () => {
  const work = await SharedWork.of(designsOf(1));
  await work.queues.open().take(TASK, { signal: new AbortController().signal });
  const stop = new AbortController();
  const waiting = work.worker({}, { stop: stop.signal });
  await Promise.resolve();
  stop.abort();
  assert.deepEqual((await waiting).outcome.cutShort, { by: "caller" });
});

Deno.test("a worker leaves the jobs of a stopped lane to other workers", async () => {
  const designs = designsOf(FAILURES_IN_A_ROW_MAX + 10);
  const work = await SharedWork.of(designs);
  const failing = asking(() => Promise.reject(new ModelError("unauthorised", "wrong key")));
  const { outcome } = await work.worker(failing);
  assert.equal(outcome.cutShort?.by, "failure");
  const queue = work.queues.open();
  const { waiting, active, failed } = await queue.counts(TASK);
  assert.deepEqual([active, waiting + failed], [0, designs.length]);
  assert.ok(failed <= FAILURES_IN_A_ROW_MAX && failed > 0);
  await work.worker();
  assert.equal((await queue.counts(TASK)).done, waiting);
  await queue.add(TASK, designs.map((design) => ({ stream: design.id, lane: laneOfDiscussion(design) })));
  await work.worker();
  assert.equal((await queue.counts(TASK)).done, designs.length);
});

Deno.test("a job that has run for a long time is put back between two answers, and continued afterwards", async () => {
  const designs = designsOf(2);
  const work = await SharedWork.of(designs);
  const queue = work.queues.open();
  const expiring = new AbortController();
  let taken = 0;
  const { outcome, notices } = await work.worker(
    asking((request) => {
      expiring.abort();
      return Promise.resolve(plainAnswer(request));
    }),
    { concurrency: 1 },
    {
      queue: {
        ...queue,
        async take(task, options) {
          const job = await queue.take(task, options);
          return job !== null && taken++ === 0 ? { ...job, expiring: expiring.signal } : job;
        },
      },
    },
  );
  assert.deepEqual(notices.filter(({ kind }) => kind === "interrupted"), [
    { kind: "interrupted", discussion: "d0" },
  ]);
  assert.equal(outcome.ended, 2);
  await assertHeld(await work.store, designs);
});

Deno.test("a worker that lost its share of the run ends, and says why", async () => {
  const work = await SharedWork.of(designsOf(1));
  const run = await work.home.join();
  const lost = { ...run, claim: () => Promise.reject(new ClaimLost("another process has the run")) };
  await assert.rejects(work.worker({}, {}, { run: lost }), /did not answer for a while/);
  assert.equal((await work.queues.open().counts(TASK)).waiting, 1);
});
