import assert from "node:assert/strict";
import fc from "fast-check";
import { Limiter } from "./limiter.ts";

Deno.test("Limiter gives free slots immediately, and later slots in the order of the requests", async () => {
  const limiter = new Limiter(2);
  assert.equal(limiter.acquire(), null);
  assert.equal(limiter.acquire(), null);
  const order: string[] = [];
  const third = limiter.acquire()!.then(() => order.push("third"));
  const fourth = limiter.acquire()!.then(() => order.push("fourth"));
  await Promise.resolve();
  assert.deepEqual(order, []);
  limiter.release();
  await third;
  assert.deepEqual(order, ["third"]);
  limiter.release();
  await fourth;
  assert.deepEqual(order, ["third", "fourth"]);
  limiter.release();
  limiter.release();
  assert.equal(limiter.acquire(), null);
  assert.equal(limiter.acquire(), null);
  assert.notEqual(limiter.acquire(), null);
});

Deno.test("Limiter never exceeds its slots, uses all of them while requests wait, and serves every request", async () => {
  const durations = fc.array(fc.nat(6), { maxLength: 40 });
  await fc.assert(fc.asyncProperty(fc.integer({ min: 1, max: 5 }), durations, async (slots, tasks) => {
    const limiter = new Limiter(slots);
    let held = 0;
    let most = 0;
    let served = 0;
    await Promise.all(tasks.map(async (steps) => {
      await limiter.acquire();
      most = Math.max(most, ++held);
      for (let step = 0; step < steps; step++) await Promise.resolve();
      held--;
      served++;
      limiter.release();
    }));
    assert.ok(most <= slots);
    assert.equal(served, tasks.length);
    if (tasks.every((steps) => steps > 0)) assert.equal(most, Math.min(slots, tasks.length));
  }));
});

Deno.test("Limiter.acquire() ends when a signal ends the wait, and gives its place to the next request", async () => {
  const limiter = new Limiter(1);
  limiter.acquire();
  const stop = new AbortController();
  const stopped = limiter.acquire({ signal: new AbortController().signal, stop: stop.signal })!;
  const next = limiter.acquire()!;
  stop.abort(new Error("stopped"));
  await assert.rejects(stopped, /stopped/);
  limiter.release();
  await next;
  assert.equal(limiter.held, 1);
});

Deno.test("Limiter refuses a number of slots that is not a whole number of at least 1", () => {
  for (const slots of [0, -1, 1.5, NaN, Infinity]) assert.throws(() => new Limiter(slots), RangeError);
});

Deno.test("Limiter.resize() gives new slots to waiting requests, and hands out no excess slots", async () => {
  const limiter = new Limiter(1);
  limiter.acquire();
  const waiting = [1, 2, 3].map(() => limiter.acquire()!);
  limiter.resize(3);
  await Promise.all(waiting.slice(0, 2));
  assert.deepEqual([limiter.held, limiter.limit], [3, 3]);
  limiter.resize(1);
  limiter.release();
  limiter.release();
  assert.equal(limiter.held, 1);
  limiter.release();
  await waiting[2];
  assert.equal(limiter.held, 1);
  assert.throws(() => limiter.resize(0), RangeError);
});
