/** The test cases for two records in a run's log: the ends of discussions' logs, and looks at results. */
import assert from "node:assert/strict";
import { historyOf, logEndsOf, type RunEvent } from "../run_log/mod.ts";
import { sampleRun } from "../testing/sample_run.ts";
import type { RunHome } from "./run.ts";

/** An empty place for one run, and a function that opens the same place as another process does. */
type Harness = Readonly<{ home: RunHome; again: () => RunHome }>;

const NOW_MS = Date.UTC(2026, 5, 1);

const LOOK = { command: "report", outcomes: null, finished: 2, planned: 4 };

/** A line that ends with a hash, as all lines do. */
function sealed(digit: string): string {
  return `{"stream":"d","hash":"${digit.repeat(64)}"}`;
}

/** Part of the cases of `run_conformance.ts`. */
export const RUN_LOG_CASES: Readonly<Record<string, (harness: Harness) => Promise<void>>> = {
  async "the run's log records the ends of discussions, before a process ends and when it closes the run"(
    { home, again },
  ) {
    const ended: RunEvent = {
      type: "RunEnded",
      data: { command: "run", outcome: "complete", reason: null, discussions: { ended: 1, failed: 0 } },
    };
    const run = await home.open(sampleRun());
    await run.store.append("a", 0, [sealed("1"), sealed("2")]);
    await run.record(ended, NOW_MS);
    await run.store.append("b", 0, [sealed("3")]);
    await run.close();
    const later = await again().reopen();
    await Array.fromAsync(later.store.read("a"));
    await later.store.append("b", 1, [sealed("4")]);
    await later.close();
    const reader = await home.read();
    const events = ["RunCreated", "LogsRecorded", "RunEnded", "LogsRecorded", "LogsRecorded"];
    assert.ok(reader.log.kind === "kept");
    assert.deepEqual(reader.log.log.entries.map(({ type }) => type), events);
    const recorded = [["a", [2, "2".repeat(64)]], ["b", [2, "4".repeat(64)]]];
    assert.deepEqual([...logEndsOf(reader.log.log)], recorded);
  },
  async "parts of a run record the ends of their discussions in one log"({ home, again }) {
    const parts = [1, 2, 3].map((index) => ({ index, count: 3 }));
    const runs = [];
    for (const part of parts) runs.push(await again().open(sampleRun(), { part }));
    for (const [index, run] of runs.entries()) {
      await run.store.append(`d${index}`, 0, [sealed(String(index))]);
    }
    await Promise.all(runs.map((run) => run.close()));
    const reader = await home.read();
    assert.ok(reader.log.kind === "kept");
    assert.deepEqual([...logEndsOf(reader.log.log).keys()].sort(), ["d0", "d1", "d2"]);
  },
  async "recordLook() records equal looks only once, also while another process has the lease"(
    { home, again },
  ) {
    await assert.rejects(home.recordLook(LOOK, NOW_MS), /^RunError: Cannot open the run/);
    const run = await home.open(sampleRun());
    for (const seen of [LOOK, LOOK, { ...LOOK, outcomes: ["toxicity"] }, { ...LOOK, finished: 3 }]) {
      await again().recordLook(seen, NOW_MS);
    }
    await Promise.all([
      again().recordLook({ ...LOOK, finished: 4 }, NOW_MS),
      run.record({ type: "ResultsViewed", data: LOOK }, NOW_MS),
    ]);
    await run.close();
    const reader = await again().read();
    assert.ok(reader.log.kind === "kept");
    const types = reader.log.log.entries.map(({ type }) => type);
    assert.deepEqual(types, ["RunCreated", ...Array(5).fill("ResultsViewed")]);
    const finished = historyOf(reader.log.log).looks.map((seen) => seen.finished);
    assert.deepEqual(finished.slice(0, 3), [2, 2, 3]);
  },
};
