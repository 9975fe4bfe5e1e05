/**
 * Simulates several workers on one database, in a world in which everything follows from one seed. Workers die, freeze, wake up
 * and write late; connections are cut, the database restarts, and each worker has a clock of its own.
 */
import { type Environment, type LimitedModel, Limiter, runDiscussions, SharedJobs } from "../engine/mod.ts";
import {
  type Clock,
  type LimitBoard,
  memoryEventStore,
  memoryWorkQueues,
  type Model,
  StoreError,
  type WorkQueue,
} from "../ports/mod.ts";
import type { Sha256 } from "../sha256.ts";
import { memoryLimitBoard, WorkerLimits } from "../sharing/mod.ts";
import { BrokenPromise, checkLogs, environmentOf } from "./ledger.ts";
import { answerTo, type Scenario, scenarioOf, SIMULATED_MODELS } from "./scenario.ts";
import {
  ConnectionCut,
  SharedDatabase,
  SimulatedProcess,
  type WorkerFault,
  WorkerWeather,
} from "./shared_database.ts";
import { SharedStore } from "./shared_store.ts";
import { SimulationFailure } from "./simulation_failure.ts";
import { Scheduler } from "./simulated_time.ts";

const TASK = "discussions";
const DISTURBED_STEPS = 1_500;
const STEPS_MAX = 8_000;
const WORKERS_MAX = 4;
const ANSWER_MS_MAX = 8_000;
const REQUEST_MS_MAX = 60_000;
const FREEZE_MS_MAX = 200_000;
/** The queue gives the jobs of a worker to others when it has not reported for this long. */
const PRESUMED_DEAD_MS = 10_000;
const YEAR_MS = 365 * 24 * 3600 * 1000;

/** The options of a simulation of workers. */
export type WorkersSimulationOptions = Readonly<{
  sha256: Sha256;
  settle: () => Promise<void>;
  /** Replaces the store of each process. Tests use this to plant bugs. */
  openStore?: (database: SharedDatabase, life: SimulatedProcess) => SharedStore;
}>;

/** The result of a simulation of workers. */
export type WorkersReport = Readonly<{
  workers: number;
  steps: number;
  faults: Readonly<Record<WorkerFault, number>>;
  /** The most requests to one model that were in flight, and how many may be. */
  inFlightMax: number;
  slots: number;
}>;

/**
 * Runs discussions by several workers in a world with many faults. In the end, every log must equal the log of one undisturbed
 * process, no append may have had an effect after another worker had taken the stream, and no model may have got more requests at
 * the same time than all workers together may send.
 *
 * @throws {SimulationFailure} If something happened that must never happen.
 */
export async function simulateWorkers(
  seed: number,
  options: WorkersSimulationOptions,
): Promise<WorkersReport> {
  try {
    return await new Workers(seed, options).run();
  } catch (error) {
    throw new SimulationFailure(seed, error, "shared");
  }
}

type Worker = Readonly<{
  life: SimulatedProcess;
  queue: WorkQueue;
  /** Aborted when the process dies: then it takes no more jobs. */
  death: AbortController;
  hasEnded: () => boolean;
}>;

class Workers {
  readonly #options: WorkersSimulationOptions;
  readonly #scenario: Scenario;
  readonly #weather: WorkerWeather;
  readonly #scheduler = new Scheduler();
  readonly #database: SharedDatabase;
  readonly #queues = memoryWorkQueues();
  readonly #board: LimitBoard;
  readonly #workers: Worker[] = [];
  readonly #inFlight = new Map<string, number>();
  #inFlightMax = 0;
  #breach: unknown = null;

  constructor(seed: number, options: WorkersSimulationOptions) {
    this.#options = options;
    this.#scenario = scenarioOf(String(seed));
    this.#weather = new WorkerWeather(String(seed));
    this.#database = new SharedDatabase(this.#scheduler, this.#weather);
    this.#board = memoryLimitBoard({
      now: () => this.#scheduler.nowMs,
      isConnected: (name) => this.#workers.some(({ life }) => life.name === name && !life.isDead),
    });
  }

  async run(): Promise<WorkersReport> {
    const { designs, slots } = this.#scenario;
    const jobs = designs.map(({ id }) => ({ stream: id, lane: "all" }));
    await this.#queues.open().add(TASK, jobs);
    for (let nth = 0; nth < 1 + this.#weather.draw.below(WORKERS_MAX); nth++) this.#start();
    let steps = 0;
    for (; !await this.#isDone(); steps++) {
      if (steps > STEPS_MAX) throw new BrokenPromise(`the workers did not finish within ${STEPS_MAX} steps`);
      if (steps === DISTURBED_STEPS) this.#calm();
      if (this.#workers.every(({ hasEnded, life }) => life.isDead || hasEnded())) this.#start();
      this.#disturb();
      if (!this.#scheduler.step()) throw new BrokenPromise("the workers hang: no step is scheduled");
      await this.#options.settle();
      if (this.#breach !== null) throw this.#breach;
    }
    await this.#check();
    const { counts: faults } = this.#weather;
    return { workers: this.#workers.length, steps, faults, inFlightMax: this.#inFlightMax, slots };
  }

  async #isDone(): Promise<boolean> {
    const { waiting, active, failed } = await this.#queues.open().counts(TASK);
    if (failed > 0) throw new BrokenPromise("a discussion failed, although all requests were answered");
    return waiting + active === 0;
  }

  #calm(): void {
    this.#weather.isCalm = true;
    for (const { life } of this.#workers) if (life.isFrozen) life.wake();
  }

  #disturb(): void {
    const weather = this.#weather;
    const living = this.#workers.filter(({ life, hasEnded }) => !life.isDead && !hasEnded());
    if (living.length === 0) return;
    const { life, queue, death } = weather.draw.pick(living);
    if (weather.strikes("kill")) {
      life.isDead = true;
      death.abort();
      this.#scheduler.after(PRESUMED_DEAD_MS, () => this.#queues.presumeDead(queue), false);
      this.#scheduler.after(weather.between(0, 20_000), () => this.#start());
    } else if (!life.isFrozen && weather.strikes("freeze")) {
      const ms = weather.between(1_000, FREEZE_MS_MAX);
      life.isFrozen = true;
      if (ms > PRESUMED_DEAD_MS) {
        this.#scheduler.after(PRESUMED_DEAD_MS, () => this.#queues.presumeDead(queue));
      }
      this.#scheduler.after(ms, () => life.wake());
      // Otherwise no other worker could take over.
      if (living.length === 1) this.#start();
    } else if (weather.strikes("presumed dead")) this.#queues.presumeDead(queue);
  }

  /** Starts one more worker. */
  #start(): void {
    const life = new SimulatedProcess(`worker ${this.#workers.length}`, this.#scheduler);
    const { openStore = (database, its) => new SharedStore(database, its), sha256 } = this.#options;
    const store = openStore(this.#database, life);
    const queue = this.#queues.open();
    const clock = this.#clockOf(life);
    const limits = this.#limitsOf(life, clock);
    const models = new Map<string, LimitedModel>(
      SIMULATED_MODELS.map((name) => [name, this.#model(name, life, limits)] as const),
    );
    limits.start();
    const environment = environmentOf({ store, clock, limited: (name) => models.get(name)!, sha256 });
    let hasEnded = false;
    const death = new AbortController();
    this.#workers.push({ life, queue, death, hasEnded: () => hasEnded });
    const take: WorkQueue["take"] = (task, { signal, ...rest }) =>
      new Promise((resolve, reject) =>
        queue.take(task, { ...rest, signal: AbortSignal.any([signal, death.signal]) }).then(
          (job) => life.deliver(() => resolve(job)),
          (error) => life.deliver(() => reject(error)),
        )
      );
    this.#work(environment, store, { ...queue, take }).catch((error) => {
      // Another worker continues what this one could not.
      if (!(error instanceof StoreError)) this.#breach ??= error;
    }).finally(async () => {
      hasEnded = true;
      await queue.close();
      await limits.stop();
    });
  }

  async #work(environment: Environment, store: SharedStore, queue: WorkQueue): Promise<void> {
    const { designs, concurrency, stopEarly } = this.#scenario;
    const run = {
      place: "simulated",
      claim: (stream: string) => store.claim(stream),
      unclaim: () => Promise.resolve(),
    };
    const itemOf = (id: string) => designs.find((design) => design.id === id) ?? null;
    const sharing = new SharedJobs({ queue, task: TASK, run, itemOf });
    await runDiscussions(sharing, environment, { concurrency, stopEarly, sharing });
  }

  /** A clock with a time of day of its own, which can jump. */
  #clockOf(life: SimulatedProcess): Clock {
    const weather = this.#weather;
    let offsetMs = Date.UTC(2026, 0, 1) + weather.between(-YEAR_MS, YEAR_MS);
    return {
      now: () => {
        if (weather.strikes("clock jump")) offsetMs += weather.between(-YEAR_MS, YEAR_MS);
        return Math.floor(this.#scheduler.nowMs + offsetMs);
      },
      sleep: (ms, signal) =>
        new Promise((resolve, reject) => {
          if (signal?.aborted) return reject(signal.reason);
          const end = () => {
            cancel();
            reject(signal!.reason);
          };
          const cancel = life.after(ms, () => {
            signal?.removeEventListener("abort", end);
            resolve();
          });
          signal?.addEventListener("abort", end, { once: true });
        }),
    };
  }

  #limitsOf(life: SimulatedProcess, clock: Clock): WorkerLimits {
    const board = this.#board;
    const reach = async <T>(act: () => Promise<T>): Promise<T> => {
      try {
        return await await this.#database.ask(life, () => {
          const answer = act();
          // No process waits for a late answer.
          answer.catch(() => {});
          return answer;
        });
      } catch (error) {
        throw error instanceof ConnectionCut ? new StoreError(error.message, { cause: error }) : error;
      }
    };
    return new WorkerLimits({
      ...board,
      exchange: (report) => reach(() => board.exchange(report)),
      leave: (worker) => reach(() => board.leave(worker)),
      onPause: (listener) => board.onPause(() => life.deliver(listener)),
    }, { worker: life.name, clock, monotonicMs: () => this.#scheduler.nowMs });
  }

  #model(name: string, life: SimulatedProcess, limits: WorkerLimits): LimitedModel {
    const { slots } = this.#scenario;
    const limiter = new Limiter(slots);
    limits.shareModel(name, { limiter, slots, requestMs: REQUEST_MS_MAX });
    const model: Model = {
      generate: (request, signal) =>
        new Promise((resolve) => {
          const inFlight = (this.#inFlight.get(name) ?? 0) + 1;
          this.#inFlight.set(name, inFlight);
          this.#inFlightMax = Math.max(this.#inFlightMax, inFlight);
          if (inFlight > slots) {
            this.#breach ??= new BrokenPromise(`${inFlight} requests are in flight, at most ${slots} may be`);
          }
          let isOver = false;
          const over = () => {
            if (!isOver) this.#inFlight.set(name, this.#inFlight.get(name)! - 1);
            isOver = true;
          };
          // The server ends the requests of a dead process, and those that a process aborts. It answers a frozen one.
          signal.addEventListener("abort", over);
          const ms = this.#weather.between(1, ANSWER_MS_MAX);
          this.#scheduler.after(life.isDead ? 0 : ms, () => {
            over();
            life.deliver(() => resolve(answerTo(request).reply));
          });
        }),
    };
    return { model, limiter };
  }

  async #check(): Promise<void> {
    const { sha256 } = this.#options;
    const [store, expected] = [memoryEventStore(), memoryEventStore()];
    for (const [stream, lines] of this.#database.streams) {
      if (lines.length > 0) await store.append(stream, 0, lines);
    }
    const { designs, concurrency, slots, stopEarly } = this.#scenario;
    const model: Model = { generate: (request) => Promise.resolve(answerTo(request).reply) };
    const limited = { model, limiter: new Limiter(slots) };
    const clock: Clock = { now: () => 0, sleep: () => Promise.resolve() };
    const environment = environmentOf({ store: expected, clock, limited: () => limited, sha256 });
    await runDiscussions(designs, environment, { concurrency, stopEarly });
    await checkLogs(store, expected, { scenario: this.#scenario, sha256 });
  }
}
