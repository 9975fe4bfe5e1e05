/** A service for a limited number of users at the same time, with a queue, in simulated time. */
import type { Scheduler } from "./simulated_time.ts";

/** A service. At most `parallel` users have it at the same time. The others wait in a queue. */
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

  /** Waits for the service, then calls `use`. `use` must call its argument when it is done. */
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
