import assert from "node:assert/strict";
import fc from "fast-check";
import type { LimitKind, WorkerReport, WorkerShare } from "../ports/mod.ts";
import { SHARE_MS, SILENT_MS } from "../ports/mod.ts";
import { type MemoryLimitBoard, memoryLimitBoard } from "./memory_limit_board.ts";

const REQUEST_MS = 30_000;
const RUNS = 300;
const NAMES = ["A", "B", "C"];

/**
 * The kinds of steps, with their frequencies. `exchange` is a report, its delivery and its answer, with no
 * other steps between.
 */
const KINDS = {
  begin: 9,
  end: 3,
  exchange: 8,
  report: 2,
  deliver: 2,
  lose: 1,
  answer: 2,
  die: 0.3,
  freeze: 0.5,
  wake: 1,
  pass: 3,
  crash: 0.1,
} as const;

type Step = Readonly<{ kind: keyof typeof KINDS; worker: number; amount: number }>;

const STEPS: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.record({
    kind: fc.oneof(
      ...Object.entries(KINDS).map(([kind, weight]) => ({
        weight: 10 * weight,
        arbitrary: fc.constant(kind as Step["kind"]),
      })),
    ),
    worker: fc.nat({ max: NAMES.length - 1 }),
    amount: fc.nat({ max: 12 }),
  }),
  { minLength: 150, maxLength: 150 },
);

/** A worker that follows the rules. Its steps come in any order. Its messages can be lost or late. */
class Worker {
  readonly #kind: LimitKind;
  name: string;
  share = 0;
  held: number[] = [];
  used = 0;
  endMs = 0;
  nth = 0;
  isFrozen = false;
  isAsked = false;
  /** Whether the board knows this worker. After a crash, it knows only workers that report again. */
  isKnown = true;
  /** Requests that began before this time do not count: see `play()`. */
  uncountedMs = -1;
  sent: { report: WorkerReport; sentMs: number }[] = [];
  answers: { share: WorkerShare; sentMs: number; nth: number }[] = [];

  constructor(kind: LimitKind, name: string) {
    this.#kind = kind;
    this.name = name;
  }

  begin(nowMs: number): void {
    const isSlots = this.#kind === "slots";
    if (nowMs >= this.endMs || (isSlots ? this.held.length : 0) >= this.share) return;
    if (isSlots) this.held.push(nowMs);
    else this.share--, this.used++;
  }

  report({ nowMs, wants, max, spent }: Record<"nowMs" | "wants" | "max" | "spent", number>): void {
    const isSlots = this.#kind === "slots";
    if (nowMs >= this.endMs) this.share = 0;
    this.share = Math.min(this.share, Math.max(wants, this.held.length));
    const keeps = isSlots ? Math.max(this.share, this.held.length) : this.share;
    const limits = { limit: { kind: this.#kind, max, wants, least: 1, keeps, spent: this.used } };
    const report = { worker: this.name, nth: ++this.nth, requestMs: REQUEST_MS, limits, pauses: {} };
    const before = this.isAsked ? { before: { limit: spent } } : {};
    this.sent.push({ report: { ...report, ...before }, sentMs: nowMs });
  }

  take({ share, sentMs, nth }: Worker["answers"][number], nowMs: number): void {
    // An answer has an effect only if it is the answer to the last report, and its share has not ended.
    if (nth !== this.nth || nowMs >= sentMs + SHARE_MS) return;
    this.isAsked = share.asksBefore;
    const given = share.limits.limit!;
    this.share = this.#kind === "slots" ? given : this.share + given;
    this.endMs = sentMs + SHARE_MS;
  }
}

/**
 * Plays steps with several workers, and calls `check` after each step. After a crash, the board cannot know
 * the requests of a worker that does not report for a long time. These requests do not count.
 */
async function play(
  kind: LimitKind,
  { max, steps }: Readonly<{ max: number; steps: readonly Step[] }>,
  check: (world: Readonly<{ held: number; used: number; nowMs: number }>) => void,
): Promise<void> {
  let nowMs = 0;
  let [lives, dead] = [0, 0];
  let crashedMs = 0;
  const board: MemoryLimitBoard = memoryLimitBoard({
    now: () => nowMs,
    isConnected: (name) => workers.some((worker) => worker.name === name),
  });
  const open = (worker: number) => new Worker(kind, `${NAMES[worker]}${lives++}`);
  const workers = NAMES.map((_, nth) => open(nth));
  for (const { kind: what, worker: nth, amount } of steps) {
    const worker = workers[nth]!;
    const isAwake = !worker.isFrozen;
    if (what === "begin" && isAwake) worker.begin(nowMs);
    // Requests end even while their process stands still.
    if (what === "end") worker.held.shift();
    const used = () => dead + workers.reduce((sum, each) => sum + each.used, 0);
    if ((what === "report" || what === "exchange") && isAwake) {
      worker.report({ nowMs, wants: amount, max, spent: used() });
    }
    const isExchange = what === "exchange" && isAwake;
    if (what === "deliver" || what === "lose" || isExchange) {
      const sent = isExchange ? worker.sent.pop() : worker.sent.shift();
      const answer = sent && await board.exchange(sent.report).catch(() => null);
      for (const each of workers) if (answer && each.name === sent.report.worker) each.isKnown = true;
      if (answer && what !== "lose") {
        worker.answers.push({ share: answer, sentMs: sent.sentMs, nth: sent.report.nth });
      }
    }
    if (what === "answer" && isAwake || isExchange) {
      const answer = isExchange ? worker.answers.pop() : worker.answers.shift();
      if (answer) worker.take(answer, nowMs);
    }
    if (what === "die") {
      dead += worker.used;
      workers[nth] = open(nth);
      // A message of a dead process can still arrive.
      workers[nth]!.sent = worker.sent;
    }
    if (what === "freeze") worker.isFrozen = true;
    if (what === "wake") worker.isFrozen = false;
    if (what === "pass") nowMs += amount * amount * 100;
    if (what === "crash") {
      board.crash();
      crashedMs = nowMs;
      for (const each of workers) {
        each.isKnown = false;
        // A crash ends all connections. Reports that were sent but did not arrive are lost.
        each.sent = [];
      }
    }
    let held = 0;
    for (const each of workers) {
      each.held = each.held.filter((sinceMs) => sinceMs + REQUEST_MS > nowMs);
      if (!each.isKnown && nowMs >= crashedMs + SILENT_MS) each.uncountedMs = nowMs;
      held += each.held.filter((sinceMs) => sinceMs > each.uncountedMs).length;
    }
    check({ held, used: used(), nowMs });
  }
}

const MAX = fc.integer({ min: 1, max: 12 });
const WITHOUT_CRASHES = STEPS.map((steps) => steps.filter(({ kind }) => kind !== "crash"));

Deno.test("exchange() keeps the sum of slots within the limit, even if workers die or freeze and messages are lost", async () => {
  await fc.assert(
    fc.asyncProperty(MAX, STEPS, (max, steps) =>
      play("slots", { max, steps }, ({ held }) => {
        assert.ok(held <= max, `${held} of ${max} slots are in use`);
      })),
    { numRuns: RUNS },
  );
});

Deno.test("exchange() never gives more of a budget than there is, even if workers die or freeze and messages are lost", async () => {
  await fc.assert(
    fc.asyncProperty(MAX, WITHOUT_CRASHES, (max, steps) =>
      play("budget", { max, steps }, ({ used }) => {
        assert.ok(used <= max, `${used} of ${max} are spent`);
      })),
    { numRuns: RUNS },
  );
});

Deno.test("exchange() gives at most the amount of a rate, plus the amount that is saved in two seconds", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 600 }),
      WITHOUT_CRASHES,
      (max, steps) =>
        play("rate", { max, steps }, ({ used, nowMs }) => {
          assert.ok(used <= Math.max(1, max / 30) + max * nowMs / 60_000 + 1e-6, `${used} are used`);
        }),
    ),
    { numRuns: RUNS },
  );
});

Deno.test("if there are fewer slots than workers, exchange() gives every worker a turn, and all slots are used", async () => {
  let nowMs = 0;
  const board = memoryLimitBoard({ now: () => nowMs });
  const workers = Array.from({ length: 7 }, (_, nth) => new Worker("slots", `W${nth}`));
  const served = new Set<string>();
  for (let second = 0; second < 60; second++) {
    for (const worker of workers) {
      nowMs += 1000 / workers.length;
      worker.held = [];
      worker.report({ nowMs, wants: 5, max: 2, spent: 0 });
      const { report, sentMs } = worker.sent.pop()!;
      worker.take({ share: await board.exchange(report), sentMs, nth: report.nth }, nowMs);
      if (worker.share > 0) served.add(worker.name);
    }
    if (second > 2) assert.ok(workers.reduce((sum, { share }) => sum + share, 0) >= 1);
  }
  assert.equal(served.size, workers.length);
});
