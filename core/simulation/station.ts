/** A queue in front of something that serves only some at the same time, in simulated time. */
import type { Scheduler } from "./simulated_time.ts";

/** Something that only some can use at the same time. The others wait in a queue. */
export class Station {
  readonly #scheduler: Scheduler;
  readonly #parallel: number;
  readonly #waiting: (() => void)[] = [];
  #running = 0;
  busyMs = 0;

  constructor(scheduler: Scheduler, parallel: number) {
    this.#scheduler = scheduler;
    this.#parallel = parallel;
  }

  /** Calls `use` when it is its turn. `use` calls its argument when it is done. */
  enter(use: (leave: () => void) => void): void {
    const run = () => {
      this.#running++;
      const sinceMs = this.#scheduler.nowMs;
      use(() => {
        this.#running--;
        this.busyMs += this.#scheduler.nowMs - sinceMs;
        this.#waiting.shift()?.();
      });
    };
    if (this.#running < this.#parallel) run();
    else this.#waiting.push(run);
  }

  serve(ms: number, done: () => void): void {
    this.enter((leave) =>
      this.#scheduler.after(ms, () => {
        leave();
        done();
      })
    );
  }
}
