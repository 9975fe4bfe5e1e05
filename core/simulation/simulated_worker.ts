/** A simulated worker: its clock, its limits, its models, and its work on one task after the other. */
import {
  annotateDiscussions,
  Budget,
  type Environment,
  type LimitedModel,
  Limiter,
  runDiscussions,
  type RunOutcome,
  SharedJobs,
} from "../engine/mod.ts";
import { type Clock, type LimitBoard, type Model, StoreError, type WorkQueue } from "../ports/mod.ts";
import type { Sha256 } from "../sha256.ts";
import { WorkerLimits } from "../sharing/mod.ts";
import { environmentOf } from "./ledger.ts";
import { answerTo, type Scenario, SIMULATED_MODELS } from "./scenario.ts";
import {
  ConnectionCut,
  type SharedDatabase,
  type SimulatedProcess,
  type WorkerWeather,
} from "./shared_database.ts";
import type { SharedStore } from "./shared_store.ts";
import type { Scheduler } from "./simulated_time.ts";
import { type LimitWitness, REPLY_COST, type WorldLimits } from "./world_limits.ts";

/** The task of running the discussions. */
export const DISCUSSIONS = "discussions";

/** The task of annotating the discussions. */
export const PASS = "pass";

const ANSWER_MS_MAX = 8_000;
const REQUEST_MS_MAX = 60_000;
const YEAR_MS = 365 * 24 * 3600 * 1000;

/** What all workers of a world share. */
export type WorkerWorld = Readonly<{
  scenario: Scenario;
  weather: WorkerWeather;
  scheduler: Scheduler;
  database: SharedDatabase;
  board: LimitBoard;
  limits: WorldLimits;
  witness: LimitWitness;
  sha256: Sha256;
}>;

/** What each worker has separately. */
type Own = Readonly<{ life: SimulatedProcess; store: SharedStore; queue: WorkQueue }>;

/** A worker. */
export class SimulatedWorker {
  readonly #world: WorkerWorld;
  readonly #store: SharedStore;
  /** Aborted when the process dies, so that it takes no more jobs. */
  readonly #death = new AbortController();
  readonly #stop = new AbortController();
  readonly life: SimulatedProcess;
  readonly queue: WorkQueue;
  hasEnded = false;
  /** Whether the worker ended because the budget was reached. */
  hasSpentAll = false;

  /** Makes a worker. It begins with `work()`. */
  constructor(world: WorkerWorld, { life, store, queue }: Own) {
    this.#world = world;
    this.#store = store;
    this.life = life;
    this.queue = queue;
  }

  /** Whether the worker can still work: its process is alive, and its work has not ended. */
  get isAtWork(): boolean {
    return !this.life.isDead && !this.hasEnded;
  }

  /** The process dies. */
  kill(): void {
    this.life.isDead = true;
    this.#death.abort();
  }

  /** Asks the process to end. */
  stop(): void {
    this.life.deliver(() => this.#stop.abort());
  }

  /**
   * Works until there are no more jobs.
   *
   * @throws The error that ends the process, except a `StoreError`.
   */
  async work(): Promise<void> {
    const { scenario: { slots }, limits: { rates, budget: max }, witness, sha256 } = this.#world;
    const clock = this.#clock();
    const limits = this.#limits(clock);
    const budget = witness.hasBudget && max !== null ? new Budget(max) : undefined;
    if (budget !== undefined) {
      const spentBefore = () => this.#reach(() => witness.spent);
      limits.shareBudget(budget, { limits: max!, spentBefore });
    }
    const models = new Map<string, LimitedModel>();
    for (const name of SIMULATED_MODELS) {
      const limiter = new Limiter(slots);
      const shared = { limiter, slots, rates, requestMs: REQUEST_MS_MAX };
      const { rates: shares } = limits.shareModel(name, shared);
      models.set(name, { model: this.#model(name, budget), limiter, ...(shares && { rates: shares }) });
    }
    limits.start();
    const environment = environmentOf({
      store: this.#store,
      clock,
      limited: (name) => models.get(name)!,
      sha256,
    });
    try {
      await this.#workOnTasks(environment, budget);
    } catch (error) {
      // The database could not be reached. Other workers continue the work.
      if (!(error instanceof StoreError)) throw error;
    } finally {
      this.hasEnded = true;
      await this.queue.close();
      await limits.stop();
    }
  }

  async #workOnTasks(environment: Environment, budget: Budget | undefined): Promise<void> {
    const { scenario: { designs, pass, concurrency, stopEarly }, sha256 } = this.#world;
    for (const task of [DISCUSSIONS, PASS]) {
      const itemOf = (id: string) => designs.find((design) => design.id === id) ?? null;
      const ends = { concurrency, stop: this.#stop.signal, ...(budget && { budget }) };
      let outcome: RunOutcome;
      if (task === DISCUSSIONS) {
        const sharing = new SharedJobs({ ...this.#source(task), itemOf });
        outcome = await runDiscussions(sharing, environment, { ...ends, stopEarly, sharing });
      } else {
        const sharing = new SharedJobs({ ...this.#source(task), itemOf: (id) => id });
        const annotating = { ...environment, sha256 };
        outcome = await annotateDiscussions(() => sharing, pass, {
          environment: annotating,
          ...ends,
          sharing,
        });
      }
      if (outcome.cutShort === null) continue;
      this.hasSpentAll = outcome.cutShort.by === "budget";
      return;
    }
  }

  #source(task: string) {
    const [queue, store, life] = [this.queue, this.#store, this.life];
    const take: WorkQueue["take"] = (from, { signal, ...rest }) =>
      new Promise((resolve, reject) =>
        queue.take(from, { ...rest, signal: AbortSignal.any([signal, this.#death.signal]) }).then(
          (job) => life.deliver(() => resolve(job)),
          (error) => life.deliver(() => reject(error)),
        )
      );
    const run = {
      place: "simulated",
      claim: (stream: string) => store.claim(stream),
      unclaim: () => Promise.resolve(),
    };
    return { queue: { take }, task, run };
  }

  /** The worker's clock. Its time of day differs from other clocks, and can jump. */
  #clock(): Clock {
    const { weather, scheduler } = this.#world;
    let offsetMs = Date.UTC(2026, 0, 1) + weather.between(-YEAR_MS, YEAR_MS);
    return {
      now: () => {
        if (weather.strikes("clock jump")) offsetMs += weather.between(-YEAR_MS, YEAR_MS);
        return Math.floor(scheduler.nowMs + offsetMs);
      },
      sleep: (ms, signal) =>
        new Promise((resolve, reject) => {
          if (signal?.aborted) return reject(signal.reason);
          const end = () => {
            cancel();
            reject(signal!.reason);
          };
          const cancel = this.life.after(ms, () => {
            signal?.removeEventListener("abort", end);
            resolve();
          });
          signal?.addEventListener("abort", end, { once: true });
        }),
    };
  }

  #limits(clock: Clock): WorkerLimits {
    const { board, scheduler, witness } = this.#world;
    const exchange: LimitBoard["exchange"] = (report) => {
      const taken = witness.reports(report);
      return this.#reach(() => {
        taken(scheduler.nowMs);
        return board.exchange(report);
      });
    };
    return new WorkerLimits({
      ...board,
      exchange,
      leave: (worker) => this.#reach(() => board.leave(worker)),
      onPause: (listener) => board.onPause(() => this.life.deliver(listener)),
    }, { worker: this.life.name, clock, monotonicMs: () => scheduler.nowMs });
  }

  /**
   * Runs a statement in the database.
   *
   * @throws {StoreError} If the connection is cut.
   */
  async #reach<T>(act: () => T | Promise<T>): Promise<T> {
    try {
      return await await this.#world.database.ask(this.life, () => {
        const answer = Promise.try(act);
        // If the answer is late, no process waits for it: its error is ignored.
        answer.catch(() => {});
        return answer;
      });
    } catch (error) {
      throw error instanceof ConnectionCut ? new StoreError(error.message, { cause: error }) : error;
    }
  }

  #model(name: string, budget: Budget | undefined): Model {
    const { life } = this;
    const { weather, scheduler, witness } = this.#world;
    return {
      generate: (request, signal) =>
        new Promise((resolve) => {
          const over = witness.sent(name, life.name, scheduler.nowMs);
          // The server ends requests that their process aborts, and requests of dead processes. Frozen
          // processes get answers.
          signal.addEventListener("abort", over);
          const ms = weather.between(1, ANSWER_MS_MAX);
          scheduler.after(life.isDead ? 0 : ms, () => {
            over();
            life.deliver(() => {
              if (!signal.aborted) {
                witness.answered(life.name);
                budget?.spend(REPLY_COST);
              }
              resolve(answerTo(request).reply);
            });
          });
        }),
    };
  }
}
