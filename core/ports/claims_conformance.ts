/** The test cases of runs that several processes share. */
import assert from "node:assert/strict";
import { RunError } from "../run_log/mod.ts";
import { sampleRun } from "../testing/sample_run.ts";
import { ClaimLost } from "./event_store.ts";
import type { RunHome, SharedRun } from "./run.ts";

/** An empty place for one run, and a function that opens the same place as another process does. */
type Harness = Readonly<{ home: RunHome; again: () => RunHome }>;

const NOW_MS = Date.UTC(2026, 5, 1);

const SEEN = {
  type: "ResultsViewed",
  data: { command: "report", outcomes: null, finished: 2, planned: 4 },
} as const;

/** A line that ends with a hash, as all lines do. */
function sealed(stream: string, digit: string): string {
  return `{"stream":"${stream}","hash":"${digit.repeat(64)}"}`;
}

async function isInUse(opening: Promise<unknown>): Promise<void> {
  await assert.rejects(opening, (error) => error instanceof RunError && error.kind === "in-use");
}

async function linesOf({ store }: Pick<SharedRun, "store">, stream: string): Promise<readonly string[]> {
  return await Array.fromAsync(store.read(stream));
}

/** Part of the cases of `run_conformance.ts`. */
export const CLAIM_CASES: Readonly<Record<string, (harness: Harness) => Promise<void>>> = {
  async "join() makes a run, and the next process joins the same run"({ home, again }) {
    const first = await home.join({ run: sampleRun() });
    const second = await again().join({ run: { ...sampleRun(), nowMs: NOW_MS } });
    const third = await again().join();
    assert.deepEqual([first, second, third].map(({ resumed }) => resumed), [false, true, true]);
    for (const { experimentText, log } of [second, third]) {
      assert.equal(experimentText, sampleRun().experimentText);
      assert.equal(log.kind === "kept" && log.log.entries.length, 1);
    }
    await assert.rejects(again().join({ run: sampleRun("f2") }), {
      name: "RunError",
      kind: "other-experiment",
    });
    assert.equal((await again().holders()).length, 3);
    for (const run of [first, second, third]) await run.close();
    assert.deepEqual(await again().holders(), []);
  },
  async "join() says that there is no run"({ home }) {
    await assert.rejects(home.join(), /^RunError: Cannot open the run/);
    assert.deepEqual(await home.holders(), []);
  },
  async "after processes join a run, no process can open it; after a process opens a run, no other can join it"(
    { home, again },
  ) {
    const shared = await home.join({ run: sampleRun() });
    await isInUse(again().open(sampleRun()));
    await isInUse(again().open(sampleRun(), { part: { index: 1, count: 2 } }));
    await isInUse(again().reopen());
    await shared.close();
    const whole = await again().reopen();
    await isInUse(again().join());
    await whole.close();
    const part = await again().open(sampleRun(), { part: { index: 1, count: 2 } });
    await isInUse(again().join());
    await part.close();
    await (await home.join()).close();
  },
  async "append() of a shared run needs a claim on its stream"({ home }) {
    const run = await home.join({ run: sampleRun() });
    await assert.rejects(run.store.append("a", 0, [sealed("a", "1")]), ClaimLost);
    await run.claim("a");
    await run.claim("a");
    await run.store.append("a", 0, [sealed("a", "1")]);
    await assert.rejects(run.store.append("b", 0, [sealed("b", "1")]), ClaimLost);
    assert.deepEqual(await linesOf(run, "a"), [sealed("a", "1")]);
    assert.deepEqual(await linesOf(run, "b"), []);
    await run.close();
  },
  async "claim() takes a stream from another process, and later appends of that process have no effect"(
    { home, again },
  ) {
    const first = await home.join({ run: sampleRun() });
    const second = await again().join();
    await first.claim("a");
    await first.claim("b");
    await first.store.append("a", 0, [sealed("a", "1")]);
    await second.claim("a");
    await assert.rejects(first.store.append("a", 1, [sealed("a", "2")]), ClaimLost);
    await second.store.append("a", 1, [sealed("a", "3")]);
    await assert.rejects(first.store.append("a", 2, [sealed("a", "4")]), ClaimLost);
    await first.store.append("b", 0, [sealed("b", "1")]);
    assert.deepEqual(await linesOf(first, "a"), [sealed("a", "1"), sealed("a", "3")]);
    await first.claim("a");
    await assert.rejects(second.store.append("a", 2, [sealed("a", "5")]), ClaimLost);
    await first.store.append("a", 2, [sealed("a", "6")]);
    await first.close();
    await second.close();
  },
  async "unclaim() gives a stream back, but not the stream of another process"({ home, again }) {
    const first = await home.join({ run: sampleRun() });
    const second = await again().join();
    await first.claim("a");
    await first.unclaim("a");
    await assert.rejects(first.store.append("a", 0, [sealed("a", "1")]), ClaimLost);
    await first.claim("a");
    await second.claim("a");
    await first.unclaim("a");
    await first.unclaim("unknown");
    await second.store.append("a", 0, [sealed("a", "2")]);
    assert.deepEqual(await linesOf(second, "a"), [sealed("a", "2")]);
    await first.close();
    await second.close();
  },
  async "close() of a shared run ends its claims"({ home, again }) {
    const first = await home.join({ run: sampleRun() });
    await first.claim("a");
    await first.store.append("a", 0, [sealed("a", "1")]);
    await first.close();
    await assert.rejects(first.store.append("a", 1, [sealed("a", "2")]), TypeError);
    await assert.rejects(first.claim("a"), TypeError);
    const whole = await again().reopen();
    await whole.store.append("a", 1, [sealed("a", "3")]);
    await whole.close();
    assert.deepEqual(await linesOf(await home.read(), "a"), [sealed("a", "1"), sealed("a", "3")]);
  },
  async "processes that share a run record in one log"({ home, again }) {
    const runs = [await home.join({ run: sampleRun() }), await again().join(), await again().join()];
    const recorded = await Promise.all(runs.flatMap((run) => [1, 2, 3].map(() => run.record(SEEN, NOW_MS))));
    assert.ok(recorded.every(Boolean));
    for (const [index, run] of runs.entries()) {
      await run.claim(`d${index}`);
      await run.store.append(`d${index}`, 0, [sealed(`d${index}`, "1")]);
      await run.close();
    }
    const { log } = await home.read();
    assert.ok(log.kind === "kept");
    const types = log.log.entries.map(({ type }) => type);
    assert.deepEqual(types, ["RunCreated", ...Array(9).fill(SEEN.type), ...Array(3).fill("LogsRecorded")]);
  },
};
