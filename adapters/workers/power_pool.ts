/** Simulates the experiments of a planned study on all cores. */
import { isUnavailable, type Unavailable } from "../../analysis/mod.ts";
import {
  addTallies,
  type Experiments,
  type PlannedStudy,
  type PowerTally,
} from "../../analysis/power/mod.ts";
import type { ToSimulate } from "./power_worker.ts";
import { type PoolOptions, WorkerPool } from "./worker_pool.ts";

/** Experiments that a worker simulates at a time: few enough to show progress often. */
const CHUNK = 25;

/** Workers that simulate experiments. They start when they are needed, and end with the pool. */
export class PowerPool implements Disposable {
  readonly #pool: WorkerPool<ToSimulate, PowerTally | Unavailable>;
  readonly #study: PlannedStudy;

  /**
   * Starts no worker yet.
   *
   * @throws {RangeError} When the number of workers is not a whole number of at least 1.
   */
  constructor(study: PlannedStudy, options: PoolOptions = {}) {
    const module = new URL("./power_worker.ts", import.meta.url);
    this.#pool = new WorkerPool({ module, task: "simulate experiments" }, options);
    this.#study = study;
  }

  /**
   * Simulates experiments. The counts do not depend on the number of workers.
   *
   * @param onDone Called after each part, with the number of its experiments.
   * @throws {Error} When a worker fails or the pool is closed.
   */
  async simulate(
    { replications, from, to }: Experiments,
    onDone: (experiments: number) => void = () => {},
  ): Promise<PowerTally | Unavailable> {
    const starts = Array.from({ length: Math.ceil((to - from) / CHUNK) }, (_, nth) => from + nth * CHUNK);
    const tallies = await Promise.all(starts.map(async (start) => {
      const part = { replications, from: start, to: Math.min(start + CHUNK, to) };
      const tally = await this.#pool.ask({ study: this.#study, experiments: part });
      onDone(part.to - part.from);
      return tally;
    }));
    return tallies.reduce((sum, tally) =>
      isUnavailable(sum) ? sum : isUnavailable(tally) ? tally : addTallies(sum, tally)
    );
  }

  /** Ends all workers. Waiting requests fail. */
  [Symbol.dispose](): void {
    this.#pool[Symbol.dispose]();
  }
}
