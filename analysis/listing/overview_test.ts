import assert from "node:assert/strict";
import { logStatus } from "../projections/mod.ts";
import { NO_TURNS } from "../projections/mod.ts";
import { type DiscussionRow, runOverview, waitingRow } from "./mod.ts";

const PLAN = { run: "r", discussions: 4, conditions: ["calm", "wild"], replications: 2, paused: new Map() };

const nothing = logStatus({ discussion: "d", damage: null, slots: null }, () => undefined);

const model = { replies: 5, promptTokens: 100, completionTokens: 10, cost: 0.5, currency: "EUR" };
const pass = { begun: 1, completed: 1, annotated: 8, unread: 2, failed: 3 };

function log(
  changes: Partial<DiscussionRow>,
  { turnsAt = [], ...status }: Partial<typeof nothing> & Readonly<{ turnsAt?: readonly number[] }> = {},
) {
  const row = { ...waitingRow("r", "d"), plannedTurns: 10, ...changes };
  return { row, status: { ...nothing, condition: row.condition, counts: NO_TURNS, ...status }, turnsAt };
}

Deno.test("runOverview() sums up rows and statuses, and names conditions that have not begun", () => {
  const overview = runOverview([
    log({ status: "completed", condition: "wild", turns: 10, silent: 2 }, {
      models: [["m", model]],
      passes: [["p", pass]],
      failures: [["time-out", 2]],
      lastAt: "2026-01-01T00:00:00.000Z",
    }),
    log({ status: "in flight", condition: "wild", turns: 4, cut: 1, unparsed: 3 }, {
      models: [["m", model]],
      failures: [["time-out", 1], ["server-error", 1]],
    }),
    log({ status: "damaged", condition: "" }, { condition: null, damage: "line 1 is damaged" }),
    log({ status: "waiting" }),
  ], { ...PLAN, paused: new Map([["m", "it is down"]]) });
  assert.deepEqual(overview, {
    run: "r",
    conditions: [
      { condition: "calm", planned: 2, counts: {}, turns: 0, silent: 0, cut: 0, unparsed: 0 },
      {
        condition: "wild",
        planned: 2,
        counts: { completed: 1, "in flight": 1 },
        turns: 14,
        silent: 2,
        cut: 1,
        unparsed: 3,
      },
    ],
    failures: [
      { kind: "time-out", requests: 3, discussions: 2 },
      { kind: "server-error", requests: 1, discussions: 1 },
    ],
    models: [{
      model: "m",
      replies: 10,
      promptTokens: 200,
      completionTokens: 20,
      cost: 1,
      currency: "EUR",
      paused: "it is down",
    }],
    passes: [{ pass: "p", completed: 1, annotated: 8, unparsed: 2, failed: 3 }],
    turnsPerMinute: null,
    turnsPerHour: null,
    secondsLeft: null,
    lastAt: "2026-01-01T00:00:00.000Z",
    damaged: [{ discussion: "d", message: "line 1 is damaged" }],
  });
});

Deno.test("runOverview() measures the pace before the latest turn, and estimates the time left", () => {
  const overview = runOverview([
    log({ status: "completed", turns: 10 }, { turnsAt: [5_000, 9_000] }),
    log({ status: "in flight", turns: 5 }, { turnsAt: [6_401, 9_950, 10_000] }),
  ], { ...PLAN, discussions: 3 });
  assert.deepEqual([overview.turnsPerMinute, overview.turnsPerHour], [2, 4]);
  // 5 turns of the second discussion and 10 of the third are left; the last 4 turns took 3,599 seconds.
  assert.equal(overview.secondsLeft, Math.round(15 / 4 * 3_599));
});

Deno.test("runOverview() gives no time left if the plan or the pace is not known, and 0 at the end", () => {
  const half = log({ status: "in flight", turns: 5 }, { turnsAt: [100, 200] });
  const ended = log({ status: "completed", turns: 10 }, { turnsAt: [100] });
  const left = (logs: Parameters<typeof runOverview>[0], discussions: number | null) =>
    runOverview(logs, { ...PLAN, discussions }).secondsLeft;
  assert.equal(left([half], null), null);
  assert.equal(left([], 4), null);
  assert.equal(left([{ ...half, turnsAt: [] }], 1), null);
  assert.equal(left([{ ...half, turnsAt: [100] }], 1), null);
  assert.equal(left([half], 1), 250);
  assert.equal(left([ended], 1), 0);
});
