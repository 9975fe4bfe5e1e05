/**
 * Simulates several workers on one database, in a world in which one seed decides everything. Workers die,
 * freeze, wake up and write late. Connections are cut, the database restarts, and the clocks of the workers
 * differ.
 */
import { annotateDiscussions, laneOfDiscussion, laneOfPass, Limiter, runDiscussions } from "../engine/mod.ts";
import { type Clock, type LimitBoard, memoryEventStore, memoryWorkQueues, type Model } from "../ports/mod.ts";
import type { Sha256 } from "../sha256.ts";
import { memoryLimitBoard } from "../sharing/mod.ts";
import { BrokenPromise, checkLogs, environmentOf } from "./ledger.ts";
import { answerTo, scenarioOf } from "./scenario.ts";
import { SharedDatabase, SimulatedProcess, type WorkerFault, WorkerWeather } from "./shared_database.ts";
import { SharedStore } from "./shared_store.ts";
import { SimulationFailure } from "./simulation_failure.ts";
import { Scheduler } from "./simulated_time.ts";
import { DISCUSSIONS, PASS, SimulatedWorker, type WorkerWorld } from "./simulated_worker.ts";
import { LimitWitness, worldLimitsOf } from "./world_limits.ts";

const DISTURBED_STEPS = 1_500;
const STEPS_MAX = 20_000;
const WORKERS_MAX = 4;
const FREEZE_MS_MAX = 200_000;
/** If a worker has not reported for this time, in milliseconds, the queue gives its jobs to other workers. */
const PRESUMED_DEAD_MS = 10_000;

/** The options of a simulation of workers. */
export type WorkersSimulationOptions = Readonly<{
  sha256: Sha256;
  settle: () => Promise<void>;
  /** Replaces the store of each process. Tests use this to plant bugs. */
  openStore?: (database: SharedDatabase, life: SimulatedProcess) => SharedStore;
  /** Wraps the board of limits. Tests use this to plant bugs. */
  wrapBoard?: (board: LimitBoard) => LimitBoard;
}>;

/** The result of a simulation of workers. */
export type WorkersReport = Readonly<{
  workers: number;
  steps: number;
  faults: Readonly<Record<WorkerFault, number>>;
  /** The most requests to one model that were in flight. */
  inFlightMax: number;
  /** The limit on the requests to one model in flight. */
  slots: number;
  /** How much of a rate of requests was used, at most: 1 is the whole rate; 0 if there is no rate. */
  rateUse: number;
  /** Whether a budget ended the work. The work then continued without a budget. */
  isBudgetReached: boolean;
}>;

/**
 * Runs and annotates discussions with several workers in a world with many faults. Afterwards, every log must
 * equal the log of one undisturbed process, so no annotation is missing or repeated. After a worker has taken
 * a stream, no append of another worker may take effect. No model may get more requests at the same time, or
 * in a minute, than all workers together may send. A budget may be exceeded only by the requests that were in
 * flight.
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

class Workers {
  readonly #options: WorkersSimulationOptions;
  readonly #world: WorkerWorld;
  readonly #queues = memoryWorkQueues();
  readonly #workers: SimulatedWorker[] = [];
  #isBudgetReached = false;
  #thrown: unknown = null;

  constructor(seed: number, options: WorkersSimulationOptions) {
    this.#options = options;
    const scheduler = new Scheduler();
    const scenario = scenarioOf(String(seed));
    const weather = new WorkerWeather(String(seed));
    const limits = worldLimitsOf(String(seed));
    const { wrapBoard = (board) => board, sha256 } = options;
    this.#world = {
      scenario,
      weather,
      scheduler,
      database: new SharedDatabase(scheduler, weather),
      board: wrapBoard(memoryLimitBoard({
        now: () => scheduler.nowMs,
        isConnected: (name) => this.#workers.some(({ life }) => life.name === name && !life.isDead),
      })),
      limits,
      witness: new LimitWitness(limits, scenario.slots),
      sha256,
    };
  }

  async run(): Promise<WorkersReport> {
    const { scenario: { slots }, weather, scheduler, witness } = this.#world;
    await this.#addJobs();
    for (let nth = 0; nth < 1 + weather.draw.below(WORKERS_MAX); nth++) this.#start();
    let steps = 0;
    for (; !await this.#isDone(); steps++) {
      if (steps > STEPS_MAX) throw new BrokenPromise(`the workers did not finish within ${STEPS_MAX} steps`);
      if (steps === DISTURBED_STEPS) this.#calm();
      if (this.#workers.every(({ isAtWork }) => !isAtWork)) this.#startAgain();
      this.#disturb();
      if (!scheduler.step()) throw new BrokenPromise("the workers hang: no step is scheduled");
      await this.#options.settle();
      const breach = this.#thrown ?? witness.breach;
      if (breach !== null) throw breach;
    }
    await this.#check();
    return {
      workers: this.#workers.length,
      steps,
      faults: weather.counts,
      inFlightMax: witness.inFlightMax,
      slots,
      rateUse: witness.rateUse,
      isBudgetReached: this.#isBudgetReached,
    };
  }

  async #addJobs(): Promise<void> {
    const { designs, pass } = this.#world.scenario;
    const queue = this.#queues.open();
    await queue.add(
      DISCUSSIONS,
      designs.map((design) => ({ stream: design.id, lane: laneOfDiscussion(design) })),
    );
    await queue.add(PASS, designs.map(({ id }) => ({ stream: id, lane: laneOfPass(pass) })));
  }

  async #isDone(): Promise<boolean> {
    const queue = this.#queues.open();
    let left = 0;
    for (const task of [DISCUSSIONS, PASS]) {
      const { waiting, active, failed } = await queue.counts(task);
      if (failed > 0) {
        throw new BrokenPromise(`a job of "${task}" failed, although all requests were answered`);
      }
      left += waiting + active;
    }
    return left === 0;
  }

  #calm(): void {
    this.#world.weather.isCalm = true;
    for (const { life } of this.#workers) if (life.isFrozen) life.wake();
  }

  #disturb(): void {
    const { weather, scheduler } = this.#world;
    const living = this.#workers.filter(({ isAtWork }) => isAtWork);
    if (living.length === 0) return;
    const worker = weather.draw.pick(living);
    const { life, queue } = worker;
    if (weather.strikes("kill")) {
      worker.kill();
      scheduler.after(PRESUMED_DEAD_MS, () => this.#queues.presumeDead(queue), false);
      scheduler.after(weather.between(0, 20_000), () => this.#start());
    } else if (!life.isFrozen && weather.strikes("freeze")) {
      const ms = weather.between(1_000, FREEZE_MS_MAX);
      life.isFrozen = true;
      if (ms > PRESUMED_DEAD_MS) {
        scheduler.after(PRESUMED_DEAD_MS, () => this.#queues.presumeDead(queue));
      }
      scheduler.after(ms, () => life.wake());
      // If no other worker is awake, another one starts, so that it can take over.
      if (living.length === 1) this.#start();
    } else if (weather.strikes("stop")) {
      worker.stop();
      scheduler.after(weather.between(0, 20_000), () => this.#start());
    } else if (weather.strikes("presumed dead")) this.#queues.presumeDead(queue);
  }

  /** Starts another worker. */
  #start(): void {
    const { scheduler, database } = this.#world;
    const life = new SimulatedProcess(`worker ${this.#workers.length}`, scheduler);
    const { openStore = (shared, its) => new SharedStore(shared, its) } = this.#options;
    const own = { life, store: openStore(database, life), queue: this.#queues.open() };
    const worker = new SimulatedWorker(this.#world, own);
    this.#workers.push(worker);
    worker.work().catch((error) => this.#thrown ??= error);
  }

  /** Starts a worker after all others have ended. If the budget was reached, the new worker has none. */
  #startAgain(): void {
    if (this.#workers.some(({ hasSpentAll }) => hasSpentAll)) {
      this.#isBudgetReached = true;
      this.#world.witness.hasBudget = false;
    }
    this.#start();
  }

  async #check(): Promise<void> {
    const { scenario, database, sha256 } = this.#world;
    const [store, expected] = [memoryEventStore(), memoryEventStore()];
    for (const [stream, lines] of database.streams) {
      if (lines.length > 0) await store.append(stream, 0, lines);
    }
    const { designs, pass, concurrency, slots, stopEarly } = scenario;
    const model: Model = { generate: (request) => Promise.resolve(answerTo(request).reply) };
    const limited = { model, limiter: new Limiter(slots) };
    const clock: Clock = { now: () => 0, sleep: () => Promise.resolve() };
    const environment = environmentOf({ store: expected, clock, limited: () => limited, sha256 });
    await runDiscussions(designs, environment, { concurrency, stopEarly });
    const ids = designs.map(({ id }) => id);
    await annotateDiscussions(() => ids, pass, { environment: { ...environment, sha256 }, concurrency });
    await checkLogs(store, expected, { scenario, sha256 });
  }
}
