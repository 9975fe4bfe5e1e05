import assert from "node:assert/strict";
import { Budget, Limiter, PAUSE_POLICY, Pauses } from "../engine/mod.ts";
import {
  type LimitBoard,
  ModelError,
  type ModelReply,
  type ModelRequest,
  SHARE_MS,
  SILENT_MS,
  StoreError,
} from "../ports/mod.ts";
import { Scheduler, simulatedClock, Weather } from "../simulation/mod.ts";
import { memoryLimitBoard } from "./memory_limit_board.ts";
import { WorkerLimits } from "./worker_limits.ts";

const SLOTS = 8;
const NEVER = new AbortController().signal;
const WAITS = { signal: NEVER, stop: NEVER };
const REQUEST: ModelRequest = {
  messages: [{ role: "user", content: "Hello." }],
  sampling: { maxTokens: 98 },
  seed: 1,
  origin: { discussion: "d", turn: 0, speaker: "Ann", role: "participant" },
};

/** A reply without a count of tokens, so that the estimate is not corrected. */
const REPLY: ModelReply = { text: "Hello.", finishReason: "stop" };

/** A world of workers that share one board and one model. */
class World {
  readonly scheduler = new Scheduler();
  readonly #weather = new Weather("calm");
  readonly board = memoryLimitBoard({ now: () => this.scheduler.nowMs });
  readonly clock;
  /** Whether the board can be reached. */
  isReachable = true;

  constructor() {
    this.#weather.calm();
    this.clock = simulatedClock(this.scheduler, this.#weather);
  }

  worker(worker: string) {
    const { board } = this;
    const reach = <T>(act: () => Promise<T>) =>
      this.isReachable ? act() : Promise.reject(new StoreError("Cannot reach the board: it is down"));
    const reachable: LimitBoard = { ...board, exchange: (report) => reach(() => board.exchange(report)) };
    const monotonicMs = () => this.scheduler.nowMs;
    const limits = new WorkerLimits(reachable, { worker, clock: this.clock, monotonicMs });
    const limiter = new Limiter(SLOTS);
    const share = limits.pausesOf("model");
    const notices: string[] = [];
    const notify = ({ kind }: Readonly<{ kind: string }>) => void notices.push(kind);
    const pauses = new Pauses("model", { policy: PAUSE_POLICY, clock: this.clock, notify, share });
    share.connect(pauses, limiter);
    limits.shareModel("model", { limiter, slots: SLOTS, requestMs: 600_000 });
    limits.start();
    return { limits, limiter, pauses, notices };
  }

  /** Lets time pass. */
  async pass(ms: number): Promise<void> {
    let isOver = false;
    this.scheduler.after(ms, () => isOver = true);
    while (!isOver) {
      await settled();
      this.scheduler.step();
    }
    await settled();
  }
}

const settled = () => new Promise<void>((resolve) => setTimeout(resolve));

/** Asks for many slots, and takes every slot that it gets. Returns how many it has. */
function greedy(limiter: Limiter, count: number): () => number {
  for (let nth = 0; nth < count; nth++) void limiter.acquire();
  return () => limiter.held;
}

Deno.test("WorkerLimits gives no slot before it has a share, and gives the slots of its share within a second", async () => {
  const world = new World();
  const { limiter } = world.worker("A");
  assert.equal(limiter.limit, 0);
  const held = greedy(limiter, 12);
  assert.equal(held(), 0);
  await world.pass(1_000);
  assert.equal(held(), SLOTS);
});

Deno.test("WorkerLimits gives slots back for other workers, and they get only slots that were given back", async () => {
  const world = new World();
  const [one, other] = [world.worker("A"), world.worker("B")];
  greedy(one.limiter, 20);
  await world.pass(2_000);
  greedy(other.limiter, 20);
  await world.pass(4_000);
  assert.deepEqual([one.limiter.held, other.limiter.held], [SLOTS, 0]);
  for (let nth = 0; nth < SLOTS; nth++) one.limiter.release();
  await world.pass(4_000);
  assert.deepEqual([one.limiter.held, other.limiter.held], [SLOTS / 2, SLOTS / 2]);
});

Deno.test("WorkerLimits sends no requests after its share has ended, and continues when the board answers again", async () => {
  const world = new World();
  const { limiter } = world.worker("A");
  const held = greedy(limiter, 2 * SLOTS);
  await world.pass(2_000);
  world.isReachable = false;
  await world.pass(SHARE_MS);
  limiter.release();
  assert.equal(held(), SLOTS - 1);
  world.isReachable = true;
  await world.pass(2_000);
  assert.equal(held(), SLOTS);
});

Deno.test("WorkerLimits gives its whole share back when it stops; the share of a dead worker comes back after some time", async () => {
  const world = new World();
  const [one, dead, other] = [world.worker("A"), world.worker("B"), world.worker("C")];
  greedy(one.limiter, 4);
  greedy(dead.limiter, 4);
  await world.pass(3_000);
  for (let nth = 0; nth < 4; nth++) one.limiter.release();
  await one.limits.stop();
  const held = greedy(other.limiter, SLOTS);
  await world.pass(2_000);
  assert.equal(held(), 4);
  // From now on, the board gets no report from the dead worker.
  void dead.limits.stop();
  await world.pass(SILENT_MS + 2_000);
  assert.equal(held(), SLOTS);
});

Deno.test("WorkerLimits pauses a model for all workers, and one of them probes at a time", async () => {
  const world = new World();
  const [one, other] = [world.worker("A"), world.worker("B")];
  await world.pass(1_000);
  const error = new ModelError("rate-limited", "too many requests", { status: 429, retryAfterMs: 5_000 });
  one.pauses.failed(error, { request: REQUEST, passage: one.pauses.through, tookMs: 1, inFlight: 1 });
  await world.pass(1_500);
  assert.equal(other.pauses.isPaused, true);
  const probes: string[] = [];
  const probe = async (name: string, { pauses }: typeof one) => {
    const passage = await pauses.pass(() => 0, WAITS);
    probes.push(`${name} ${passage.probe}`);
    return () => pauses.answered(passage);
  };
  const [first, second] = [probe("A", one), probe("B", other)];
  await world.pass(10_000);
  assert.deepEqual(probes.length, 1);
  (await Promise.race([first, second]))();
  await world.pass(3_000);
  assert.deepEqual([one.pauses.isPaused, other.pauses.isPaused], [false, false]);
  assert.equal(probes.length, 2);
  assert.deepEqual(one.notices.at(-1), "resumed");
});

Deno.test("WorkerLimits limits two workers together to a rate, even if each worker waits between its requests", async () => {
  const world = new World();
  let sent = 0;
  for (const name of ["A", "B"]) {
    const { limits, limiter } = world.worker(name);
    const shared = { limiter, slots: SLOTS, rates: { tokensPerMinute: 600 }, requestMs: 60_000 };
    const rates = limits.shareModel("model", shared).rates!;
    void (async () => {
      for (;;) {
        await limiter.acquire();
        await rates.taken(REQUEST, { ...WAITS, clock: world.clock });
        sent++;
        rates.ended(REQUEST, REPLY);
        limiter.release();
        await world.clock.sleep(3_000);
      }
    })();
  }
  await world.pass(60_000);
  // A request takes 100 tokens: 2 of its message, and 98 of its reply.
  assert.ok(sent === 5 || sent === 6, `${sent} requests were sent`);
});

Deno.test("WorkerLimits ends the work of all workers when they together have spent the budget", async () => {
  const world = new World();
  const budgets = ["A", "B"].map((name) => {
    const { limits, limiter } = world.worker(name);
    const budget = new Budget({ tokensMax: 1_000 });
    limits.shareBudget(budget, {
      limits: { tokensMax: 1_000 },
      spentBefore: () => Promise.resolve({ cost: 0, tokens: 300 }),
    });
    greedy(limiter, 1);
    return { budget, limiter };
  });
  await world.pass(3_000);
  let spent = 300;
  for (let second = 0; second < 60 && !budgets[0]!.budget.signal.aborted; second++) {
    for (const { budget, limiter } of budgets) {
      for (let nth = 0; nth < 10 && limiter.limit > 0; nth++) {
        budget.spend({ cost: 0, tokens: 20 });
        spent += 20;
      }
    }
    await world.pass(1_000);
  }
  assert.ok(spent >= 1_000 && spent <= 1_040, `${spent} tokens were spent`);
  const message = `The limit on tokens, 1000, is reached: ${spent} used`;
  assert.deepEqual(budgets.map(({ budget }) => budget.reached), [
    { limit: "tokens", message },
    { limit: "tokens", message },
  ]);
});

Deno.test("WorkerLimits asks again for what was spent before, if the store could not be read", async () => {
  const world = new World();
  const { limits, limiter } = world.worker("A");
  let asked = 0;
  const spentBefore = () =>
    ++asked === 1
      ? Promise.reject(new StoreError("Cannot read the logs: the connection was lost"))
      : Promise.resolve({ cost: 0, tokens: 300 });
  const budget = new Budget({ tokensMax: 1_000 });
  limits.shareBudget(budget, { limits: { tokensMax: 1_000 }, spentBefore });
  greedy(limiter, 1);
  await world.pass(5_000);
  assert.deepEqual([asked, limiter.held], [2, 1]);
});
