import assert from "node:assert/strict";
import { memoryRun } from "../../../core/ports/memory_run.ts";
import type { EventStore } from "../../../core/ports/mod.ts";
import { RunError } from "../../../core/run_log/mod.ts";
import { sampleRun } from "../../../core/testing/sample_run.ts";
import { systemClock } from "../../system.ts";
import type { Notice } from "../api.ts";
import { atMost } from "./at_most.ts";
import type { GrownLog, RunIndex } from "./run_index.ts";
import { ViewedRun } from "./viewed_run.ts";
import { RunWatch } from "./watch_runs.ts";

/**
 * How long the tests wait for a notice, in milliseconds. It usually comes at once, but later on a busy
 * machine.
 */
const NOTICE_MS_MAX = 60_000;

Deno.test("RunWatch reads no log before its first answer, and then sends notices of what the index finds", async () => {
  const home = memoryRun();
  await home.open(sampleRun());
  const reader = await home.read();
  const released: string[] = [];
  const store: Partial<EventStore> = {
    release: (stream) => void released.push(stream),
    streams: () => assert.fail("the names of all logs"),
    sizes: () => assert.fail("the sizes of all logs"),
  };
  const run = new ViewedRun("r", {
    ...home,
    holders: () => Promise.resolve([]),
    read: () => Promise.resolve({ ...reader, store: { ...reader.store, ...store } }),
  });
  const grown: readonly GrownLog[] = [
    { discussion: "longer", events: 3 },
    { discussion: "shorter", events: 2, isShorter: true },
    { discussion: "gone", events: 0 },
  ];
  const asked: (readonly string[] | undefined)[] = [];
  const index: Partial<RunIndex> = {
    // Like the index of a run with many logs, it is not ready for a long time.
    open: () => new Promise(() => {}),
    record: () => {},
    update(_, streams) {
      asked.push(streams);
      return Promise.resolve(streams === undefined ? [] : grown);
    },
  };
  const notices: Notice[] = [];
  const ended = new AbortController();
  const watch = new RunWatch({
    runs: [run],
    index: index as RunIndex,
    notify: (notice) => notices.push(notice) > 3 && ended.abort(),
    clock: systemClock,
    timing: { openMs: 1, allMsMin: 10_000, allMsMax: 10_000 },
  });
  watch.show(run, "longer");
  const first = Promise.withResolvers<void>();
  const watching = watch.run(ended.signal, first.resolve);
  await first.promise;
  assert.deepEqual([notices, asked], [[{ kind: "reload" }], []]);
  await watching;
  assert.deepEqual(asked[0], ["longer"]);
  assert.deepEqual(notices[1], {
    kind: "discussions",
    changed: [{ run: "r", discussion: "longer", events: 3 }, { run: "r", discussion: "shorter", events: 2 }, {
      run: "r",
      discussion: "gone",
      events: 0,
    }],
  });
  assert.deepEqual(released.slice(0, 2), ["shorter", "gone"]);
});

Deno.test("RunWatch continues while the server of a run is down, notifies the pages once, and checks the other runs", async () => {
  const home = memoryRun();
  await home.open(sampleRun());
  const reader = await home.read();
  let isDown = false;
  const answered = <Value>(value: Value) =>
    isDown ? Promise.reject(new RunError("unusable", "no server answers")) : Promise.resolve(value);
  const lost = new ViewedRun("lost", {
    ...home,
    read: () => answered(reader),
    holders: () => answered([]),
    pausedModels: () => answered([]),
  });
  const noHolders = Promise.withResolvers<readonly string[]>();
  const silent = new ViewedRun("silent", {
    ...home,
    holders: () => isDown ? noHolders.promise : Promise.resolve([]),
  });
  const problems = () => lost.facts({ conditions: [], look: null }).problems.join();
  const index: Partial<RunIndex> = { open: () => Promise.resolve(), record: () => {} };
  const noticed = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  let overviews = 0;
  const ended = new AbortController();
  const watch = new RunWatch({
    runs: [silent, lost],
    index: { ...index, update: () => Promise.resolve([]) } as unknown as RunIndex,
    notify: ({ kind }) => kind === "overview" && noticed[overviews++]?.resolve(),
    clock: systemClock,
    // This limit is longer than the test, so the silence of the other run causes no notice.
    timing: { openMs: 1, allMsMin: 10_000, allMsMax: 10_000, silentMs: 2 * NOTICE_MS_MAX },
  });
  const first = Promise.withResolvers<void>();
  const watching = watch.run(ended.signal, first.resolve);
  await first.promise;
  isDown = true;
  await atMost(NOTICE_MS_MAX, Promise.race([noticed[0]!.promise, watching]));
  assert.match(problems(), /no server answers/);
  isDown = false;
  await atMost(NOTICE_MS_MAX, Promise.race([noticed[1]!.promise, watching]));
  assert.doesNotMatch(problems(), /no server answers/);
  assert.equal(overviews, 2);
  ended.abort();
  noHolders.resolve([]);
  await watching;
});

Deno.test("RunWatch says that a run does not answer, until it answers", async () => {
  const home = memoryRun();
  await home.open(sampleRun());
  let answer: Promise<readonly string[]> = Promise.resolve([]);
  const run = new ViewedRun("r", { ...home, holders: () => answer });
  const problems = () => run.facts({ conditions: [], look: null }).problems.join();
  const noticed = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  let overviews = 0;
  const index: Partial<RunIndex> = { open: () => Promise.resolve(), record: () => {} };
  const ended = new AbortController();
  const watch = new RunWatch({
    runs: [run],
    index: { ...index, update: () => Promise.resolve([]) } as unknown as RunIndex,
    notify: ({ kind }) => kind === "overview" && noticed[overviews++]?.resolve(),
    clock: systemClock,
    timing: { openMs: 1, allMsMin: 10_000, allMsMax: 10_000, silentMs: 20 },
  });
  const first = Promise.withResolvers<void>();
  const watching = watch.run(ended.signal, first.resolve);
  await first.promise;
  const late = Promise.withResolvers<readonly string[]>();
  answer = late.promise;
  await atMost(NOTICE_MS_MAX, Promise.race([noticed[0]!.promise, watching]));
  assert.match(problems(), /has not answered for 0\.02 seconds/);
  answer = Promise.resolve([]);
  late.resolve([]);
  await atMost(NOTICE_MS_MAX, Promise.race([noticed[1]!.promise, watching]));
  assert.doesNotMatch(problems(), /has not answered/);
  ended.abort();
  await watching;
});
