import assert from "node:assert/strict";
import { type Clock, ModelError } from "../ports/mod.ts";
import { recordingClock } from "../testing/mod.ts";
import { Watchdog } from "./attempt.ts";

const NEVER = new AbortController().signal;
const deaf = () => new Promise<never>(() => {});

/** A clock that ends all waits when the test calls `step()`. */
function steppedClock(): Clock & { step(): Promise<void>; waiting(): number } {
  const waits = new Set<() => void>();
  return {
    now: () => 0,
    sleep: (_, signal) =>
      new Promise((resolve, reject) => {
        waits.add(resolve);
        signal!.addEventListener("abort", () => {
          waits.delete(resolve);
          reject(signal!.reason);
        });
      }),
    async step() {
      for (const wake of waits) wake();
      waits.clear();
      await new Promise((resolve) => setTimeout(resolve));
    },
    waiting: () => waits.size,
  };
}

Deno.test("Watchdog abandons an action that ignores its signal, after at most nine eighths of the time limit", async () => {
  const clock = recordingClock();
  const watchdog = new Watchdog(8000, clock);
  await assert.rejects(watchdog.watch(NEVER, deaf), (error) => {
    assert.ok(error instanceof ModelError);
    assert.deepEqual([error.kind, error.message], [
      "time-out",
      "The model did not answer within 8 s",
    ]);
    return true;
  });
  assert.deepEqual(clock.waitsMs, Array(9).fill(1000));
});

Deno.test("Watchdog signals an action that takes too long, so that it can end", async () => {
  const watchdog = new Watchdog(8000, recordingClock());
  let reason: unknown;
  const heeding = watchdog.watch(
    NEVER,
    (signal) =>
      new Promise<never>((_, reject) =>
        signal.addEventListener("abort", () => reject(reason = signal.reason))
      ),
  );
  await assert.rejects(heeding, { kind: "time-out" });
  assert.equal((reason as ModelError).kind, "time-out");
});

Deno.test("Watchdog ends an action immediately when its caller aborts it", async () => {
  const watchdog = new Watchdog(8000, steppedClock());
  const giving = new AbortController();
  const given = watchdog.watch(giving.signal, deaf);
  const reason = new Error("enough");
  giving.abort(reason);
  await assert.rejects(given, reason);
});

Deno.test("Watchdog limits the time of all actions with one shared timer, and stops the timer after the last action", async () => {
  const clock = steppedClock();
  const watchdog = new Watchdog(8000, clock);
  const ended: string[] = [];
  const watch = (name: string) => watchdog.watch(NEVER, deaf).catch(() => ended.push(name));
  const all = [watch("first"), watch("second")];
  for (let ticks = 0; ticks < 4; ticks++) await clock.step();
  all.push(watch("third"));
  assert.equal(clock.waiting(), 1);
  for (let ticks = 0; ticks < 4; ticks++) await clock.step();
  assert.deepEqual(ended, []);
  await clock.step();
  assert.deepEqual(ended, ["first", "second"]);
  for (let ticks = 0; ticks < 4; ticks++) await clock.step();
  assert.deepEqual(ended, ["first", "second", "third"]);
  await Promise.all(all);
  assert.equal(clock.waiting(), 0);
  assert.equal(await watchdog.watch(NEVER, () => Promise.resolve("quick")), "quick");
  assert.equal(clock.waiting(), 0);
  assert.equal(await watchdog.watch(NEVER, () => Promise.resolve("again")), "again");
});

Deno.test("Watchdog stops its timer after an action that throws or returns no promise", async () => {
  const clock = steppedClock();
  const watchdog = new Watchdog(8000, clock);
  const broken = new Error("broken");
  const throwing = () => {
    throw broken;
  };
  await assert.rejects(watchdog.watch(NEVER, throwing), broken);
  assert.equal(clock.waiting(), 0);
  const plain = (() => "plain") as unknown as () => Promise<string>;
  assert.equal(await watchdog.watch(NEVER, plain), "plain");
  assert.equal(clock.waiting(), 0);
});
