/** The test cases that every implementation of the port of jobs must pass. */
import assert from "node:assert/strict";
import { type ConformanceCase, conformanceCases, type SkippedCases } from "./cases_conformance.ts";
import type { NewJob, WorkQueue } from "./work_queue.ts";

/** The jobs of one run. There are none at first. */
export type WorkQueueHarness = Readonly<{
  queue: WorkQueue;
  /** Connects another worker to the same jobs. */
  another: () => Promise<WorkQueue>;
  /** Presumes that a worker has died. Resolves when its jobs have gone back to the queue. */
  presumeDead: (worker: WorkQueue) => Promise<void>;
  cleanup: () => Promise<void>;
}>;

const TASK = "discussions";
const signal = new AbortController().signal;

/** Jobs for these streams, in one lane. */
function jobs(...streams: readonly string[]): readonly NewJob[] {
  return streams.map((stream) => ({ stream, lane: "calm" }));
}

/** Takes a job that must be there. */
async function taken(queue: WorkQueue, task = TASK) {
  const job = await queue.take(task, { signal });
  assert.ok(job !== null, "there is no job");
  return job;
}

const CASES: Readonly<Record<string, (harness: WorkQueueHarness) => Promise<void>>> = {
  async "take() gives the jobs in the order in which they were added"({ queue }) {
    await queue.add(TASK, jobs("c", "a", "b"));
    const streams: string[] = [];
    for (
      let job = await queue.take(TASK, { signal });
      job !== null;
      job = await queue.take(TASK, { signal })
    ) {
      assert.equal(job.task, TASK);
      streams.push(job.stream);
      await job.done();
    }
    assert.deepEqual(streams, ["c", "a", "b"]);
  },
  async "take() gives no job of a task that has none"({ queue }) {
    assert.equal(await queue.take(TASK, { signal }), null);
    await queue.add("annotation/good", jobs("a"));
    assert.equal(await queue.take(TASK, { signal }), null);
    assert.equal((await taken(queue, "annotation/good")).stream, "a");
  },
  async "two workers never have the same job"({ queue, another }) {
    const names = Array.from({ length: 20 }, (_, i) => `d${i}`);
    await queue.add(TASK, jobs(...names));
    const other = await another();
    const all = await Promise.all(names.map((_, i) => taken(i % 2 === 0 ? queue : other)));
    assert.deepEqual(all.map(({ stream }) => stream).sort(), names.toSorted());
    await other.close();
  },
  async "a job that is put back is taken again, also by another worker"({ queue, another }) {
    await queue.add(TASK, jobs("a"));
    await (await taken(queue)).putBack();
    const other = await another();
    const job = await taken(other);
    assert.equal(job.stream, "a");
    await job.done();
    assert.deepEqual(await queue.counts(TASK), { waiting: 0, active: 0, done: 1, failed: 0 });
    await other.close();
  },
  async "take() waits while another worker has the last job, and takes this job when it is put back"(
    { queue, another },
  ) {
    await queue.add(TASK, jobs("a"));
    const first = await taken(queue);
    const other = await another();
    const waiting = other.take(TASK, { signal });
    await first.putBack();
    assert.equal((await waiting)?.stream, "a");
    await other.close();
  },
  async "take() ends its wait when the last job is done, or when its signal is aborted"({ queue, another }) {
    await queue.add(TASK, jobs("a"));
    const job = await taken(queue);
    const other = await another();
    const stop = new AbortController();
    const stopped = other.take(TASK, { signal: stop.signal });
    const waiting = other.take(TASK, { signal });
    stop.abort();
    assert.equal(await stopped, null);
    await job.done();
    assert.equal(await waiting, null);
    await other.close();
  },
  async "take() waits while another worker has the stream in another task"({ queue, another }) {
    await queue.add("annotation/first", jobs("a"));
    await queue.add("annotation/second", jobs("a"));
    const other = await another();
    const first = await taken(queue, "annotation/first");
    const stop = new AbortController();
    const stopped = other.take("annotation/second", { signal: stop.signal });
    const waiting = other.take("annotation/second", { signal });
    let isOver = false;
    void waiting.then(() => isOver = true);
    // Gives the other worker enough time to take a job, if it wrongly could.
    for (let exchange = 0; exchange < 20; exchange++) await queue.counts(TASK);
    stop.abort();
    assert.deepEqual([await stopped, isOver, first.lost.aborted], [null, false, false]);
    await first.done();
    const second = await waiting;
    assert.equal(second?.stream, "a");
    await second!.done();
    assert.deepEqual(await queue.counts("annotation/second"), { waiting: 0, active: 0, done: 1, failed: 0 });
    await other.close();
  },
  async "add() does not change a job that waits, runs or is done; a failed job waits again"({ queue }) {
    await queue.add(TASK, jobs("done", "failed", "active", "waiting"));
    await (await taken(queue)).done();
    await (await taken(queue)).failed("no reply");
    const active = await taken(queue);
    assert.deepEqual(await queue.counts(TASK), { waiting: 1, active: 1, done: 1, failed: 1 });
    await queue.add(TASK, jobs("done", "failed", "active", "waiting", "new"));
    assert.deepEqual(await queue.counts(TASK), { waiting: 3, active: 1, done: 1, failed: 0 });
    assert.equal(active.lost.aborted, false);
    await active.done();
    assert.deepEqual(await queue.counts(TASK), { waiting: 3, active: 0, done: 2, failed: 0 });
  },
  async "take() leaves the jobs of excepted lanes to other workers"({ queue, another }) {
    await queue.add(TASK, [{ stream: "a", lane: "calm" }, { stream: "b", lane: "wild" }]);
    const job = await queue.take(TASK, { signal, except: new Set(["calm"]) });
    assert.equal(job?.stream, "b");
    await job!.done();
    assert.equal(await queue.take(TASK, { signal, except: new Set(["calm"]) }), null);
    const other = await another();
    assert.equal((await taken(other)).stream, "a");
    await other.close();
  },
  async "take() does not take jobs of postponed lanes and waits, and a later call takes them"(
    { queue, another },
  ) {
    await queue.add(TASK, [{ stream: "a", lane: "calm" }, { stream: "b", lane: "wild" }]);
    const later = new Set(["calm"]);
    const job = await queue.take(TASK, { signal, later });
    assert.equal(job?.stream, "b");
    await job!.done();
    const stop = new AbortController();
    const waiting = queue.take(TASK, { signal: stop.signal, later });
    let isOver = false;
    void waiting.then(() => isOver = true);
    for (let exchange = 0; exchange < 20; exchange++) await queue.counts(TASK);
    assert.equal(isOver, false);
    const other = await another();
    const calm = await taken(other);
    assert.equal(calm.stream, "a");
    await calm.putBack();
    stop.abort();
    assert.equal(await waiting, null);
    assert.equal(await queue.take(TASK, { signal, except: later, later }), null);
    assert.equal((await taken(queue)).stream, "a");
    await other.close();
  },
  async "tasks() names the tasks in the order in which they were added"({ queue, another }) {
    assert.deepEqual(await queue.tasks(), []);
    await queue.add("discussions", jobs("a"));
    await queue.add("annotation/b", jobs("a"));
    await queue.add("annotation/a", jobs("a"));
    await queue.add("discussions", jobs("b"));
    const other = await another();
    assert.deepEqual(await other.tasks(), ["discussions", "annotation/b", "annotation/a"]);
    await other.close();
  },
  async "close() puts back the jobs that the worker has"({ queue, another }) {
    await queue.add(TASK, jobs("a"));
    const other = await another();
    await taken(other);
    await other.close();
    assert.equal((await taken(queue)).stream, "a");
  },
  async "changed() resolves when another worker adds jobs, and when its signal is aborted"(
    { queue, another },
  ) {
    const stop = new AbortController();
    const stopped = queue.changed(stop.signal);
    stop.abort();
    await stopped;
    const other = await another();
    const changed = queue.changed(signal);
    await other.add(TASK, jobs("a"));
    await changed;
    assert.equal((await taken(queue)).stream, "a");
    await other.close();
  },
  async "the jobs of a worker that is presumed dead go to other workers, and it gets a signal"(
    { queue, another, presumeDead },
  ) {
    await queue.add(TASK, jobs("a"));
    const dead = await another();
    const lost = await taken(dead);
    assert.equal(lost.lost.aborted, false);
    const told = new Promise<void>((resolve) => lost.lost.addEventListener("abort", () => resolve()));
    await presumeDead(dead);
    const job = await taken(queue);
    assert.equal(job.stream, "a");
    await told;
    // What the worker that was presumed dead reports has no effect.
    await lost.failed("too late");
    await lost.putBack();
    await lost.done();
    assert.deepEqual(await queue.counts(TASK), { waiting: 0, active: 1, done: 0, failed: 0 });
    assert.equal(job.lost.aborted, false);
    await job.done();
    assert.deepEqual(await queue.counts(TASK), { waiting: 0, active: 0, done: 1, failed: 0 });
    await dead.close();
  },
};

/**
 * Makes the cases for an implementation.
 *
 * @param makeHarness Called for each case. Makes the jobs of a new run.
 */
export function workQueueConformance(
  name: string,
  makeHarness: () => Promise<WorkQueueHarness>,
  { skip = [] }: Readonly<{ skip?: readonly SkippedCases[] }> = {},
): readonly ConformanceCase[] {
  return conformanceCases(name, CASES, { makeHarness, skip });
}
