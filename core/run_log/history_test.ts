import assert from "node:assert/strict";
import { portableSha256 } from "../sha256.ts";
import { sampleRun } from "../testing/sample_run.ts";
import { encodeRunEvent, historyOf, type RunEvent, type RunLog, runLogAfter } from "./mod.ts";

function logOf(...events: readonly RunEvent[]): RunLog {
  return events.reduce<RunLog | null>((log, event, second) => {
    const line = encodeRunEvent(log, event, { atMs: 1000 * second, sha256: portableSha256 });
    return runLogAfter(log, line, portableSha256);
  }, null)!;
}

const { manifest } = sampleRun();

function planned(discussions: number): RunEvent {
  const plan = { discussions, conditions: 2, replications: discussions / 2 };
  return { type: "PlanExtended", data: { experiment: manifest.experiment, plan } };
}

function look(finished: number, of: number): RunEvent {
  return { type: "ResultsViewed", data: { command: "report", outcomes: null, finished, planned: of } };
}

Deno.test("historyOf() lists looks, growths and repairs, and how many looks came before each change", () => {
  const size = manifest.plan.discussions;
  const log = logOf(
    { type: "RunCreated", data: manifest },
    look(0, size),
    planned(size + 2),
    look(3, size + 2),
    planned(size + 2),
    planned(size + 4),
    { type: "LogsRecorded", data: { logs: { a: [3, "1".repeat(64)] } } },
    { type: "LogsRecorded", data: { logs: { a: [2, "2".repeat(64)], b: [0, ""] }, cause: "repair" } },
  );
  const { looks, growths, repairs } = historyOf(log);
  assert.deepEqual(looks, [{
    command: "report",
    outcomes: null,
    finished: 3,
    planned: size + 2,
    at: "1970-01-01T00:00:03.000Z",
  }]);
  assert.deepEqual(growths, [
    { at: "1970-01-01T00:00:02.000Z", from: size, to: size + 2, looksBefore: 0 },
    { at: "1970-01-01T00:00:05.000Z", from: size + 2, to: size + 4, looksBefore: 1 },
  ]);
  assert.deepEqual(repairs, [{ at: "1970-01-01T00:00:07.000Z", discussions: ["a", "b"], looksBefore: 1 }]);
});
