/**
 * A simulated database that several simulated processes share: streams with claims.
 *
 * Legal faults:
 * - A process freezes for some minutes, is asked to end, or dies. While it is frozen, it gets no answers, but
 *   its requests continue.
 * - A connection is cut before a statement or after it, or the statement takes effect much later. The process
 *   learns only that the connection was cut.
 * - The database restarts: for some seconds, it takes no statement.
 */
import type { StoredLine } from "../events/codec.ts";
import { ClaimLost, StreamConflict } from "../ports/mod.ts";
import { type Draw, openDraw } from "../random/mod.ts";
import { BrokenPromise } from "./ledger.ts";
import type { Scheduler } from "./simulated_time.ts";

/**
 * The connection to the database was cut. The statement has taken effect, will still take effect, or never
 * does.
 */
export class ConnectionCut extends Error {
  /** Identifies errors of this class. */
  override readonly name = "ConnectionCut";
}

/** For each fault, the highest probability that it happens at a possible moment. */
export const WORKER_FAULT_RATES_MAX = {
  "cut before": 0.05,
  "cut after": 0.05,
  "late statement": 0.03,
  restart: 0.01,
  freeze: 0.02,
  kill: 0.01,
  "presumed dead": 0.01,
  "clock jump": 0.02,
  stop: 0.005,
} as const;

/** The name of a fault of workers. */
export type WorkerFault = keyof typeof WORKER_FAULT_RATES_MAX;

/** Every fault's name. */
export const WORKER_FAULTS: readonly WorkerFault[] = Object.keys(WORKER_FAULT_RATES_MAX) as WorkerFault[];

/** Decides when faults of workers happen. */
export class WorkerWeather {
  /** Draws all other random decisions. */
  readonly draw: Draw;
  /** How often each fault has happened. */
  readonly counts: Record<WorkerFault, number> = Object.fromEntries(
    WORKER_FAULTS.map((fault) => [fault, 0]),
  ) as Record<WorkerFault, number>;
  readonly #rates: Readonly<Record<WorkerFault, number>>;
  /** Whether all faults have ended. */
  isCalm = false;

  /** Draws which faults happen, and how often. */
  constructor(seed: string) {
    this.draw = openDraw(seed, "worker weather");
    const rates = WORKER_FAULTS.map((fault) => [fault, WORKER_FAULT_RATES_MAX[fault] * this.draw.uniform()]);
    this.#rates = Object.fromEntries(rates);
  }

  /** Decides whether a fault happens now, and counts it. */
  strikes(fault: WorkerFault): boolean {
    if (this.isCalm || this.draw.uniform() >= this.#rates[fault]) return false;
    this.counts[fault]++;
    return true;
  }

  /** A whole number from `min` to `max`. */
  between(min: number, max: number): number {
    return min + this.draw.below(max - min + 1);
  }
}

/**
 * A simulated process. Everything that happens in it goes through `deliver()`, so that it can freeze and die.
 */
export class SimulatedProcess {
  /** The name of the process. No two processes have the same name. */
  readonly name: string;
  readonly #scheduler: Scheduler;
  #waiting: (() => void)[] = [];
  /** Whether everything that would happen in the process waits until it wakes up. */
  isFrozen = false;
  /** Whether the process is dead, so that nothing happens in it any more. */
  isDead = false;

  /** Makes a process that is not frozen. */
  constructor(name: string, scheduler: Scheduler) {
    this.name = name;
    this.#scheduler = scheduler;
  }

  /**
   * Lets something happen in the process: now, or when it wakes up if it is frozen, or never if it is dead.
   */
  deliver(happen: () => void): void {
    if (this.isDead) return;
    if (this.isFrozen) this.#waiting.push(happen);
    else happen();
  }

  /** Lets something happen after a time. Returns a function that cancels it. */
  after(ms: number, happen: () => void): () => void {
    let isCancelled = false;
    const cancel = this.#scheduler.after(ms, () => this.deliver(() => isCancelled || happen()));
    return () => {
      isCancelled = true;
      cancel();
    };
  }

  /** Wakes the process up. Everything that waited happens now. */
  wake(): void {
    this.isFrozen = false;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const happen of waiting) this.deliver(happen);
  }
}

const STATEMENT_MS_MAX = 20;
const LATE_MS_MAX = 60_000;
const RESTART_MS_MAX = 20_000;

type Stream = { lines: StoredLine[]; token: number; holder: string | null };

/** The content of an append. */
export type SentAppend = Readonly<{
  stream: string;
  expectedSeq: number;
  lines: readonly StoredLine[];
  token: number;
}>;

/** The database. */
export class SharedDatabase {
  readonly #scheduler: Scheduler;
  readonly #weather: WorkerWeather;
  readonly #streams = new Map<string, Stream>();
  #tokens = 0;
  #downUntilMs = 0;

  /** Makes an empty database. */
  constructor(scheduler: Scheduler, weather: WorkerWeather) {
    this.#scheduler = scheduler;
    this.#weather = weather;
  }

  /** Stream → its lines. */
  get streams(): Iterable<readonly [string, readonly StoredLine[]]> {
    return [...this.#streams].map(([stream, { lines }]) => [stream, lines] as const);
  }

  /**
   * Runs a statement of a process.
   *
   * @throws {ConnectionCut} If its outcome is not known.
   */
  ask<T>(life: SimulatedProcess, act: () => T): Promise<T> {
    const [scheduler, weather] = [this.#scheduler, this.#weather];
    return new Promise((resolve, reject) => {
      const cut = () => life.deliver(() => reject(new ConnectionCut("the connection was cut")));
      scheduler.after(weather.between(1, STATEMENT_MS_MAX), () => {
        if (weather.strikes("restart")) {
          this.#downUntilMs = scheduler.nowMs + weather.between(1_000, RESTART_MS_MAX);
        }
        if (scheduler.nowMs < this.#downUntilMs || weather.strikes("cut before")) return cut();
        if (weather.strikes("late statement")) {
          cut();
          return scheduler.after(weather.between(1, LATE_MS_MAX), () => {
            try {
              act();
            } catch (error) {
              // The process no longer waits for the result of this statement.
              if (error instanceof BrokenPromise) throw error;
            }
          });
        }
        let answer: () => void;
        try {
          const result = act();
          answer = () => resolve(result);
        } catch (error) {
          if (error instanceof BrokenPromise) throw error;
          answer = () => reject(error);
        }
        if (weather.strikes("cut after")) return cut();
        scheduler.after(weather.between(1, STATEMENT_MS_MAX), () => life.deliver(answer));
      });
    });
  }

  /** Gives a stream to a process. Returns its token. `isNew`: whether all earlier tokens lose their effect. */
  claim(stream: string, holder: string, isNew = true): number {
    const found = this.#stream(stream);
    found.holder = holder;
    return found.token = isNew || found.token === 0 ? ++this.#tokens : found.token;
  }

  /** The lines of a stream. */
  read(stream: string): readonly StoredLine[] {
    return this.#streams.get(stream)?.lines ?? [];
  }

  /**
   * Appends lines.
   *
   * @param checks What the statement checks: the token of the claim, and the length of the stream.
   * @throws {BrokenPromise} If the append takes effect although another process has claimed the stream in the
   *   meantime.
   */
  append(
    { stream, expectedSeq, lines, token }: SentAppend,
    holder: string,
    checks: Readonly<{ token: boolean; length: boolean }>,
  ): void {
    const found = this.#stream(stream);
    if (checks.token && token !== found.token) {
      throw new ClaimLost(`Cannot append to "${stream}": another process has it`);
    }
    if (checks.length && found.lines.length !== expectedSeq) {
      throw new StreamConflict(
        `Cannot append to "${stream}" at ${expectedSeq}: it has ${found.lines.length}`,
      );
    }
    if (found.holder !== holder) {
      throw new BrokenPromise(
        `"${holder}" appends to "${stream}", which "${found.holder}" has claimed since`,
      );
    }
    found.lines = [...found.lines, ...lines];
  }

  #stream(stream: string): Stream {
    const found = this.#streams.get(stream) ?? { lines: [], token: 0, holder: null };
    this.#streams.set(stream, found);
    return found;
  }
}
