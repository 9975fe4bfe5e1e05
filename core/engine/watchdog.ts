/** Gives up what takes too long, whatever it does: one timer for all that is under way. */
import type { Clock } from "../ports/clock.ts";
import { ModelError } from "../ports/model.ts";

/** The time that is allowed is counted in so many ticks, so that something can take that much longer. */
const TICKS = 8;

/** Why the timer ends when nothing is under way: made once, since making errors is slow. */
const IDLE = new Error("Nothing is under way");

type Watched = Readonly<{ sinceTick: number; giveUp: (reason: unknown) => void }>;

/** Watches over requests to one model. */
export class Watchdog {
  readonly #msMax: number;
  readonly #clock: Clock;
  /** In the order in which they began. */
  readonly #underWay = new Set<Watched>();
  #tick = 0;
  #ticking: AbortController | null = null;

  /**
   * Begins with nothing to watch.
   *
   * @param msMax How long a request may take, in milliseconds; up to an eighth more.
   * @param clock Waits; what it says the time is does not count, since clocks are set while a run goes on.
   */
  constructor(msMax: number, clock: Clock) {
    this.#msMax = msMax;
    this.#clock = clock;
  }

  /** How long a request may take, in milliseconds. */
  get msMax(): number {
    return this.#msMax;
  }

  /**
   * Does something, and gives it up when it takes too long or its caller does. What does not heed its signal then is
   * left to itself.
   *
   * @param signal The caller's.
   * @param act Is given a signal of its own.
   * @throws {ModelError} `time-out`, when it takes too long.
   */
  watch<T>(signal: AbortSignal, act: (signal: AbortSignal) => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const own = new AbortController();
      const giveUp = (reason: unknown) => {
        end();
        reject(reason);
        own.abort(reason);
      };
      const abandon = () => giveUp(signal.reason);
      const watched: Watched = { sinceTick: this.#tick, giveUp };
      const end = () => {
        signal.removeEventListener("abort", abandon);
        this.#underWay.delete(watched);
        if (this.#underWay.size === 0) this.#ticking?.abort(IDLE);
      };
      signal.addEventListener("abort", abandon);
      this.#underWay.add(watched);
      if (this.#ticking === null || this.#ticking.signal.aborted) void this.#keepTicking();
      // What throws rather than rejects has ended, too.
      Promise.try(act, own.signal).then((value) => {
        end();
        resolve(value);
      }, (error) => {
        end();
        reject(error);
      });
    });
  }

  async #keepTicking(): Promise<void> {
    const ticking = this.#ticking = new AbortController();
    const late = `The model did not answer within ${this.#msMax / 1000} s, and was given up`;
    while (!ticking.signal.aborted) {
      try {
        await this.#clock.sleep(this.#msMax / TICKS, ticking.signal);
      } catch {
        return;
      }
      this.#tick++;
      for (const { sinceTick, giveUp } of this.#underWay) {
        if (this.#tick - sinceTick <= TICKS) break;
        giveUp(new ModelError("time-out", late));
      }
    }
  }
}
