/**
 * Simulates many workers that share one model and one database, to find out what limits them first. The
 * shared limits, the board and the adaptive limits are the real code. The model and the database are only
 * simulated by the times that they take.
 */
import { type CapacityLearner, Limiter } from "../engine/mod.ts";
import type { LimitBoard } from "../ports/mod.ts";
import { type Draw, openDraw } from "../random/mod.ts";
import { memoryLimitBoard, WorkerLimits } from "../sharing/mod.ts";
import { Weather } from "./faults.ts";
import { Station } from "./station.ts";
import { Scheduler, type SimulatedClock, simulatedClock } from "./simulated_time.ts";

/** How long the database takes for each kind of statement, in milliseconds. */
export type DatabaseCosts = Readonly<{
  /** How many statements it runs at the same time. */
  parallel: number;
  /** A commit of events, without the time of its events. */
  append: number;
  /** The additional time of each event in a commit. */
  appendedEvent: number;
  /** A job is finished, and the next one is taken. */
  job: number;
  /** An exchange of limits. The exchanges of one run follow one another, their network time included. */
  exchange: number;
  /** The way from a worker to the database and back. */
  network: number;
}>;

/** What is simulated. */
export type ManyWorkersOptions = Readonly<{
  workers: number;
  /** How many discussions a worker runs at the same time. */
  discussions: number;
  /** The most requests in flight that the user allows. */
  slots: number;
  /** The most requests in flight that the model accepts. It refuses further requests. Default: `slots`. */
  capacity?: number;
  isAdaptive?: boolean;
  /** The mean time of an answer, in milliseconds. The times are between 0.5 and 1.5 times this mean. */
  latencyMs: number;
  turnsPerJob: number;
  costs: DatabaseCosts;
  /** How long turns are counted, in milliseconds. Before that, the workers start up for the same time. */
  countedMs: number;
  settle: () => Promise<void>;
}>;

/** What happened in the counted time. */
export type ManyWorkersReport = Readonly<{
  /** How many turns the workers made in a second. */
  turns: number;
  /** How many turns the model can give in a second. */
  turnsMax: number;
  /** The part of requests that the model refused. */
  refused: number;
  /** The most requests that were in flight. */
  inFlightMax: number;
  /** How many exchanges there were in a second. */
  exchanges: number;
  /** How long an exchange took, in milliseconds. */
  exchangeMs: number;
  /** The part of the time in which the database was busy. */
  databaseBusy: number;
  /** The part of the time in which an exchange had the board. */
  boardBusy: number;
  /** The number of turns of the worker with the fewest turns, and of the worker with the most turns. */
  fewest: number;
  most: number;
}>;

/** Runs the workers, and counts what happens. */
export async function simulateManyWorkers(options: ManyWorkersOptions): Promise<ManyWorkersReport> {
  const world = new World(options);
  await world.run(options.countedMs);
  const before = world.counts();
  await world.run(options.countedMs);
  return world.report(before);
}

type Counts = Readonly<
  Record<"turns" | "sent" | "refused" | "exchanges" | "exchangeMs" | "databaseMs" | "boardMs", number>
>;

class World {
  readonly #options: ManyWorkersOptions;
  readonly #scheduler = new Scheduler();
  readonly #clock: SimulatedClock;
  readonly #draw: Draw = openDraw("many workers");
  readonly #database: Station;
  readonly #lock: Station;
  readonly #workers: SimulatedWorker[] = [];
  #inFlight = 0;
  inFlightMax = 0;
  #sent = 0;
  #refused = 0;
  #exchanges = 0;
  #exchangeMs = 0;

  constructor(options: ManyWorkersOptions) {
    this.#options = options;
    const weather = new Weather("calm");
    weather.calm();
    this.#clock = simulatedClock(this.#scheduler, weather);
    this.#database = new Station(this.#scheduler, options.costs.parallel);
    this.#lock = new Station(this.#scheduler, 1);
    const board = memoryLimitBoard({ now: () => this.#scheduler.nowMs });
    const reach: LimitBoard = {
      ...board,
      exchange: (report) => this.#exchange(() => board.exchange(report)),
    };
    for (let nth = 0; nth < options.workers; nth++) {
      // Workers do not start at the same moment.
      this.#scheduler.after(this.#draw.uniform() * 1000, () => this.#workers.push(this.#worker(nth, reach)));
    }
  }

  async run(ms: number): Promise<void> {
    const endMs = this.#scheduler.nowMs + ms;
    let isOver = false;
    this.#scheduler.after(ms, () => isOver = true);
    while (!isOver && this.#scheduler.nowMs <= endMs) {
      await this.#options.settle();
      // All steps of this moment are taken before the next wait.
      this.#scheduler.step();
    }
  }

  counts(): Counts & Readonly<{ byWorker: readonly number[] }> {
    const byWorker = this.#workers.map(({ turns }) => turns);
    return {
      byWorker,
      turns: byWorker.reduce((sum, turns) => sum + turns, 0),
      sent: this.#sent,
      refused: this.#refused,
      exchanges: this.#exchanges,
      exchangeMs: this.#exchangeMs,
      databaseMs: this.#database.busyMs,
      boardMs: this.#lock.busyMs,
    };
  }

  report(before: ReturnType<World["counts"]>): ManyWorkersReport {
    const { slots, capacity = slots, latencyMs, countedMs, costs } = this.#options;
    const after = this.counts();
    const of = (key: keyof Counts) => after[key] - before[key];
    const seconds = countedMs / 1000;
    const byWorker = after.byWorker.map((turns, nth) => turns - (before.byWorker[nth] ?? 0));
    return {
      turns: of("turns") / seconds,
      turnsMax: Math.min(slots, capacity) / (latencyMs / 1000),
      refused: of("refused") / Math.max(1, of("sent")),
      inFlightMax: this.inFlightMax,
      exchanges: of("exchanges") / seconds,
      exchangeMs: of("exchangeMs") / Math.max(1, of("exchanges")),
      databaseBusy: of("databaseMs") / (countedMs * costs.parallel),
      boardBusy: of("boardMs") / countedMs,
      fewest: Math.min(...byWorker),
      most: Math.max(...byWorker),
    };
  }

  #worker(nth: number, board: LimitBoard): SimulatedWorker {
    const { slots, isAdaptive = false, discussions } = this.#options;
    const limiter = new Limiter(slots);
    const limits = new WorkerLimits(board, {
      worker: `worker ${nth}`,
      clock: this.#clock,
      monotonicMs: () => this.#scheduler.nowMs,
    });
    const { adaptive } = limits.shareModel("model", { limiter, slots, isAdaptive, requestMs: 600_000 });
    limits.start();
    const worker = new SimulatedWorker({
      limiter,
      adaptive,
      draw: this.#draw,
      options: this.#options,
      scheduler: this.#scheduler,
      ask: (done) => this.#ask(done),
      inDatabase: (ms, done) => this.#inDatabase(ms, done),
    });
    for (let each = 0; each < discussions; each++) worker.work();
    return worker;
  }

  #ask(done: (isAnswer: boolean, ms: number) => void): void {
    const { slots, capacity = slots, latencyMs } = this.#options;
    this.#sent++;
    this.inFlightMax = Math.max(this.inFlightMax, ++this.#inFlight);
    const isAnswer = this.#inFlight <= capacity;
    if (!isAnswer) this.#refused++;
    const ms = isAnswer ? latencyMs * (0.5 + this.#draw.uniform()) : REFUSED_MS;
    this.#scheduler.after(ms, () => {
      this.#inFlight--;
      done(isAnswer, ms);
    });
  }

  #inDatabase(ms: number, done: () => void): void {
    this.#scheduler.after(this.#options.costs.network, () => this.#database.serve(ms, done));
  }

  #exchange<T>(act: () => Promise<T>): Promise<T> {
    const { exchange, network } = this.#options.costs;
    const sinceMs = this.#scheduler.nowMs;
    return new Promise((resolve, reject) => {
      const done = () => {
        this.#exchanges++;
        this.#exchangeMs += this.#scheduler.nowMs - sinceMs;
        act().then(resolve, reject);
      };
      this.#scheduler.after(network, () =>
        this.#lock.enter((leave) => {
          const commit = () => this.#database.serve(exchange, () => (leave(), done()));
          this.#scheduler.after(EXCHANGE_ROUND_TRIPS * network, commit);
        }));
    });
  }
}

/** How many trips to the database and back an exchange takes while it has the board: read, write, commit. */
const EXCHANGE_ROUND_TRIPS = 3;

/** How long a worker waits after a refusal, in milliseconds. The refusal itself takes no time. */
const REFUSED_MS = 50;
const RETRY_MS = 1_000;

type WorkerParts = Readonly<{
  limiter: Limiter;
  adaptive: CapacityLearner | null;
  draw: Draw;
  options: ManyWorkersOptions;
  scheduler: Scheduler;
  ask: (done: (isAnswer: boolean, ms: number) => void) => void;
  inDatabase: (ms: number, done: () => void) => void;
}>;

/**
 * A worker. Each of its discussions asks the model, appends the answer, and asks again. Waiting appends are
 * sent together in one statement.
 */
class SimulatedWorker {
  readonly #parts: WorkerParts;
  #appends: (() => void)[] = [];
  #isAppending = false;
  turns = 0;

  constructor(parts: WorkerParts) {
    this.#parts = parts;
  }

  work(): void {
    const { limiter } = this.#parts;
    const slot = limiter.acquire();
    if (slot === null) this.#ask();
    else void slot.then(() => this.#ask());
  }

  #ask(): void {
    const { limiter, adaptive, ask, scheduler } = this.#parts;
    const attempt = adaptive?.began() ?? 0;
    ask((isAnswer, ms) => {
      if (isAnswer) adaptive?.answered(ms);
      else adaptive?.overloaded(attempt);
      limiter.release();
      if (isAnswer) this.#append(() => this.#next());
      else scheduler.after(RETRY_MS, () => this.work());
    });
  }

  #next(): void {
    const { options: { turnsPerJob, costs }, draw, inDatabase } = this.#parts;
    this.turns++;
    if (draw.uniform() * turnsPerJob < 1) inDatabase(costs.job, () => this.work());
    else this.work();
  }

  #append(done: () => void): void {
    this.#appends.push(done);
    if (!this.#isAppending) this.#appendAll();
  }

  #appendAll(): void {
    const { options: { costs }, inDatabase } = this.#parts;
    const appends = this.#appends;
    this.#appends = [];
    this.#isAppending = appends.length > 0;
    if (!this.#isAppending) return;
    inDatabase(costs.append + costs.appendedEvent * appends.length, () => {
      for (const done of appends) done();
      this.#appendAll();
    });
  }
}
