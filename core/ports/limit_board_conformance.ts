/** The tests that every limit board must pass. */
import assert from "node:assert/strict";
import { type ConformanceCase, conformanceCases, type SkippedCases } from "./cases_conformance.ts";
import { StoreError } from "./event_store.ts";
import {
  type LimitBoard,
  type LimitReport,
  SILENT_MS,
  type WorkerReport,
  type WorkerShare,
} from "./limit_board.ts";

/** Gives boards to tests. */
export type LimitBoardHarness = Readonly<{
  /** Opens the same board as another process does. */
  open: () => Promise<LimitBoard>;
  /** Lets time pass for the board. `ms`: how much, in milliseconds. */
  pass: (ms: number) => Promise<void>;
  /** Closes all boards, and removes everything. */
  cleanup: () => Promise<void>;
}>;

const MAX = 10;

function slots(wants: number, keeps: number): Record<string, LimitReport> {
  return { slots: { kind: "slots", max: MAX, wants, least: 1, keeps, spent: 0 } };
}

/** A worker process with its board. It counts its reports. */
class Reporter {
  readonly #board: LimitBoard;
  readonly #worker: string;
  #nth = 0;

  constructor(board: LimitBoard, worker: string) {
    this.#board = board;
    this.#worker = worker;
  }

  report(report: Partial<WorkerReport>): Promise<WorkerShare> {
    const base = { worker: this.#worker, nth: ++this.#nth, requestMs: 60_000, limits: {}, pauses: {} };
    return this.#board.exchange({ ...base, ...report });
  }

  async slots(wants: number, keeps: number): Promise<number> {
    return (await this.report({ limits: slots(wants, keeps) })).limits.slots!;
  }
}

async function reporters({ open }: LimitBoardHarness, count: number): Promise<Reporter[]> {
  const all: Reporter[] = [];
  for (let nth = 0; nth < count; nth++) all.push(new Reporter(await open(), `worker ${nth}`));
  return all;
}

const CASES: Readonly<Record<string, (harness: LimitBoardHarness) => Promise<void>>> = {
  "one worker gets what it wants, up to the limit": async (harness) => {
    const [one] = await reporters(harness, 1);
    assert.equal(await one!.slots(4, 0), 4);
    await harness.pass(1_000);
    assert.equal(await one!.slots(30, 4), MAX);
  },
  "if the limit is used up, a worker gets only what another worker has given back": async (harness) => {
    const [one, other] = await reporters(harness, 2);
    assert.equal(await one!.slots(30, 0), MAX);
    assert.equal(await other!.slots(30, 0), 0);
    await harness.pass(1_000);
    assert.equal(await one!.slots(30, MAX), MAX / 2);
    assert.equal(await other!.slots(30, 0), 0);
    assert.equal(await one!.slots(30, 7), MAX / 2);
    assert.equal(await other!.slots(30, 0), 3);
  },
  "workers that report at the same time never get more than the limit": async (harness) => {
    const all = await reporters(harness, 8);
    for (let round = 0; round < 3; round++) {
      const shares = await Promise.all(all.map((each) => each.slots(3, 0)));
      assert.ok(shares.reduce((sum, share) => sum + share, 0) <= MAX);
      await Promise.all(all.map((each) => each.slots(0, 0)));
      await harness.pass(1_000);
    }
  },
  "a report that arrives after a later report has no effect": async ({ open }) => {
    const board = await open();
    const [one, other] = [new Reporter(board, "one"), new Reporter(board, "other")];
    await one.report({ nth: 2, limits: slots(6, 0) });
    await assert.rejects(one.report({ nth: 1, limits: slots(0, 0) }), StoreError);
    assert.equal(await other.slots(30, 0), MAX - 6);
  },
  "a worker that leaves gives everything back": async ({ open }) => {
    const board = await open();
    const [one, other] = [new Reporter(board, "one"), new Reporter(board, "other")];
    await one.slots(6, 0);
    await board.leave("one");
    await board.leave("unknown");
    assert.equal(await other.slots(30, 0), MAX);
  },
  "if a worker is silent for a long time, other workers get its share": async (harness) => {
    const [one, other] = await reporters(harness, 2);
    await one!.slots(30, 0);
    await harness.pass(SILENT_MS - 2_000);
    await other!.slots(30, 0);
    assert.equal(await other!.slots(30, 0), 0);
    await harness.pass(2_000 + 60_000);
    await other!.slots(30, 0);
    await harness.pass(1_000);
    assert.equal(await other!.slots(30, 0), MAX);
  },
  "a budget gives nothing until a worker reports what was spent before; then it adds up what all workers spend":
    async (harness) => {
      const [one, other] = await reporters(harness, 2);
      const budget = (wants: number, keeps: number, spent: number) => ({
        limits: { tokens: { kind: "budget" as const, max: 100, wants, least: 1, keeps, spent } },
      });
      const first = await one!.report(budget(50, 0, 0));
      const second = await other!.report(budget(50, 0, 0));
      assert.deepEqual([first, second].map(({ asksBefore, limits }) => [asksBefore, limits.tokens]), [[
        true,
        0,
      ], [
        false,
        0,
      ]]);
      await one!.report({ ...budget(50, 0, 0), before: { tokens: 40 } });
      await harness.pass(1_000);
      const given = (await other!.report(budget(30, 0, 0))).limits.tokens!;
      assert.ok(given > 0 && given <= 30);
      await other!.report(budget(0, 0, given));
      const { asksBefore, spent } = await one!.report(budget(0, 0, 5));
      assert.deepEqual([asksBefore, spent.tokens], [false, 40 + given + 5]);
    },
  "the used amount of a rate becomes free again with time": async (harness) => {
    const [one] = await reporters(harness, 1);
    const rate = async (spent: number) =>
      (await one!.report({
        limits: { rate: { kind: "rate", max: 600, wants: 1_000, least: 1, keeps: 0, spent } },
      })).limits.rate!;
    const first = await rate(0);
    assert.ok(first >= 1 && first <= 20);
    await harness.pass(1_000);
    const second = await rate(first);
    assert.ok(second >= 10 && second <= 20, `${second} of about 10 a second`);
  },
  "a pause reaches all workers; one worker sends the probe, and its answer ends the pause": async (
    harness,
  ) => {
    const { open, pass } = harness;
    const [board, otherBoard] = [await open(), await open()];
    const [one, other] = [new Reporter(board, "one"), new Reporter(otherBoard, "other")];
    let wake = () => {};
    const stop = otherBoard.onPause(() => wake());
    await one.slots(1, 0);
    await other.slots(1, 0);
    const toldOther = new Promise<void>((resolve) => wake = resolve);
    const failed = { kind: "failed", cause: "down", reason: "no answer", waitMs: 5_000 } as const;
    await one.report({ limits: slots(1, 0), pauses: { model: failed } });
    await toldOther;
    const waits = { limits: slots(1, 0), pauses: { model: { kind: "waits", wantsProbe: true } as const } };
    const early = (await other.report(waits)).pauses.model!;
    assert.deepEqual([early.cause, early.reason, early.mayProbe], ["down", "no answer", false]);
    assert.ok(early.waitMs > 0 && early.waitMs <= 5_000);
    await pass(5_000);
    const due = (await other.report(waits)).pauses.model!;
    assert.equal(due.mayProbe, true);
    assert.equal((await one.report(waits)).pauses.model!.mayProbe, false);
    await other.report({
      limits: slots(1, 0),
      pauses: { model: { kind: "answered", version: (await other.report(waits)).pauses.model!.version } },
    });
    assert.deepEqual((await one.report(waits)).pauses, {});
    stop();
  },
};

/** The cases as tests. Each test gets a new harness. */
export function limitBoardCases(
  name: string,
  options: Readonly<{ makeHarness: () => Promise<LimitBoardHarness>; skip?: readonly SkippedCases[] }>,
): readonly ConformanceCase[] {
  return conformanceCases(name, CASES, options);
}
