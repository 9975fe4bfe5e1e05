/**
 * The shared limits in one worker. The worker reports to the board about every second, and never exceeds its
 * share.
 */
import type {
  Budget,
  CapacityLearner,
  Limiter,
  Pauses,
  PauseShare,
  Rates,
  RequestRates,
  RunLimits,
  Spent,
} from "../engine/mod.ts";
import {
  type Clock,
  type LimitBoard,
  type LimitReport,
  type PauseReport,
  SHARE_MS,
  StoreError,
  type WorkerShare,
} from "../ports/mod.ts";
import { SharedCapacity } from "./shared_capacity.ts";
import { SharedBudget } from "./shared_budget.ts";
import { SharedPauses } from "./shared_pauses.ts";
import { SharedRates } from "./shared_rates.ts";

/** The shortest time between two exchanges, in milliseconds, if an exchange is urgent. */
const URGENT_MS = 250;

/** If an exchange has no answer after this time, in milliseconds, it is tried again. */
const ANSWER_MS_MAX = 4_000;

/** The wait after a failed exchange, in milliseconds. */
const FAILED_MS = 1_000;

/** What a worker needs from outside. */
export type WorkerContext = Readonly<{
  /** The worker's name. No two workers have the same name. */
  worker: string;
  clock: Clock;
  /** A clock that is never set back, in milliseconds. Its zero point can be any time. */
  monotonicMs: () => number;
  /** Called with an error when the board cannot be reached, and with `null` when it can be reached again. */
  onUnreachable?: (error: StoreError | null) => void;
}>;

/** A model whose limits are shared. */
export type SharedModel = Readonly<{
  limiter: Limiter;
  /** The most requests in flight for all workers together. */
  slots: number;
  rates?: Rates;
  /** Whether the capacity of the model is not known. The workers then learn it together. */
  isAdaptive?: boolean;
  /** The longest time that a request can take, in milliseconds. */
  requestMs: number;
}>;

/** What limits the requests of this worker to a shared model, in addition to the limiter. */
export type SharedParts = Readonly<{ rates: RequestRates | null; adaptive: CapacityLearner | null }>;

type Model = SharedModel & {
  share: number;
  wanted: number;
  rateLimit: SharedRates | null;
  capacity: SharedCapacity | null;
};

/**
 * The shared limits in one worker. If the worker has no share, or its share has ended, it sends no requests.
 */
export class WorkerLimits {
  readonly #board: LimitBoard;
  readonly #context: WorkerContext;
  readonly #models = new Map<string, Model>();
  readonly #pauses = new Map<string, SharedPauses>();
  #budget: SharedBudget | null = null;
  #spentBefore: () => Promise<Spent> = () => Promise.resolve({ cost: 0, tokens: 0 });
  /** When the share ends: `#endMs` by the clock that is never set back, `#endOfDayMs` by the time of day. */
  #endMs = -Infinity;
  #endOfDayMs = -Infinity;
  #nth = 0;
  #before: Promise<void> | null = null;
  #knownBefore: Readonly<Record<string, number>> | null = null;
  #isUnreachable = false;
  /** Ends the wait for the next exchange. */
  #hurry = new AbortController();
  readonly #stopping = new AbortController();
  /** The loop of exchanges; `null` before the start. */
  #running: Promise<void> | null = null;

  /** Makes the limits. They do nothing before `start()`. */
  constructor(board: LimitBoard, context: WorkerContext) {
    this.#board = board;
    this.#context = context;
  }

  /**
   * Shares the pauses of a model. Call `connect()` of the result before the start.
   *
   * @param model The model's name on the board.
   */
  pausesOf(model: string): PauseShare & Readonly<{ connect: (pauses: Pauses, limiter: Limiter) => void }> {
    const known = this.#pauses.get(model) ?? new SharedPauses(() => this.#hasNews());
    this.#pauses.set(model, known);
    return known;
  }

  /**
   * Shares the slots and rates of a model.
   *
   * @param name The model's name on the board.
   */
  shareModel(name: string, shared: SharedModel): SharedParts {
    const { limiter, rates, isAdaptive = false } = shared;
    const isOver = () => this.#isOver();
    const isWanted = () => model.wanted === 0 && this.#hasNews();
    const rateLimit = rates === undefined
      ? null
      : new SharedRates(name, rates, { limiter, isOver, isWanted });
    const capacity = isAdaptive ? new SharedCapacity() : null;
    const model: Model = { ...shared, share: 0, wanted: 0, rateLimit, capacity };
    this.#models.set(name, model);
    const slots = () => this.#isOver() || this.#budget?.isOpen === false ? 0 : model.share;
    limiter.share({ slots, isWanted });
    return { rates: rateLimit, adaptive: capacity };
  }

  /**
   * Shares a budget.
   *
   * @param shared `spentBefore` finds out what was spent before the first worker. It is called only if the
   *   board asks this worker.
   */
  shareBudget(
    budget: Budget,
    { limits, spentBefore }: Readonly<{ limits: RunLimits; spentBefore: () => Promise<Spent> }>,
  ): void {
    this.#spentBefore = spentBefore;
    this.#budget = new SharedBudget(budget, limits, () => this.#hasNews());
  }

  /** Starts the exchanges with the board. */
  start(): void {
    this.#running = this.#run();
  }

  /** Gives the whole share back. Call this when no request is in flight. */
  async stop(): Promise<void> {
    if (this.#running === null) return;
    this.#stopping.abort();
    this.#hurry.abort();
    await this.#running;
    this.#endMs = -Infinity;
    try {
      await this.#exchange();
      await this.#board.leave(this.#context.worker);
    } catch (error) {
      // The board gives the share to other workers a little later, without this report.
      if (!(error instanceof StoreError)) throw error;
    }
    this.#endMs = -Infinity;
  }

  async #run(): Promise<void> {
    const { clock } = this.#context;
    const unsubscribe = this.#board.onPause(() => this.#hasNews());
    const stop = this.#stopping.signal;
    while (!stop.aborted) {
      this.#hurry = new AbortController();
      const nextMs = await this.#exchange();
      const urgent = this.#hurry.signal;
      await clock.sleep(Math.min(URGENT_MS, nextMs), stop).catch(() => {});
      const leftMs = nextMs - URGENT_MS;
      if (leftMs > 0) await clock.sleep(leftMs, AbortSignal.any([stop, urgent])).catch(() => {});
    }
    unsubscribe();
  }

  /** Reports once. Returns the time until the next exchange, in milliseconds. */
  async #exchange(): Promise<number> {
    const { monotonicMs, clock, onUnreachable } = this.#context;
    const [sentMs, sentOfDayMs] = [monotonicMs(), clock.now()];
    const pauses = new Map([...this.#pauses].map(([model, shared]) => [model, shared.report()] as const));
    const report = { ...this.#report(), pauses: reportsIn(pauses) };
    let share: WorkerShare;
    try {
      share = await this.#answered(this.#board.exchange(report));
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      if (!this.#isUnreachable) onUnreachable?.(error);
      this.#isUnreachable = true;
      return FAILED_MS;
    }
    if (this.#isUnreachable) onUnreachable?.(null);
    this.#isUnreachable = false;
    this.#endMs = sentMs + SHARE_MS;
    this.#endOfDayMs = sentOfDayMs + SHARE_MS;
    this.#took(share);
    for (const [model, reported] of pauses) {
      this.#pauses.get(model)!.took(share.pauses[model] ?? null, reported);
    }
    return share.nextMs;
  }

  #report() {
    const { worker } = this.#context;
    const isOver = this.#isOver();
    const isStopping = this.#stopping.signal.aborted;
    const limits: Record<string, LimitReport> = {};
    let requestMs = 0;
    let isWorking = false;
    for (const [name, model] of this.#models) {
      const { limiter, slots: max, rateLimit, capacity } = model;
      const wants = isStopping ? 0 : Math.min(limiter.ownLimit, limiter.demand());
      const held = limiter.held;
      // The worker keeps the slots that it wants or that are in use. It gives back the others now.
      model.share = isOver ? 0 : Math.min(model.share, Math.max(wants, held));
      model.wanted = wants;
      isWorking ||= wants > 0;
      requestMs = Math.max(requestMs, model.requestMs);
      const keeps = Math.max(model.share, held);
      const learned = capacity === null ? {} : { learned: capacity.report() };
      limits[`${name} slots`] = { kind: "slots", max, wants, least: 1, keeps, spent: 0, ...learned };
      for (const [rate, report] of rateLimit?.report() ?? []) limits[rate] = report;
    }
    for (const [name, report] of this.#budget?.report(isWorking, isOver) ?? []) limits[name] = report;
    const before = this.#knownBefore === null ? {} : { before: this.#knownBefore };
    return { worker, nth: ++this.#nth, requestMs, limits, ...before };
  }

  #took(share: WorkerShare): void {
    for (const [name, model] of this.#models) {
      model.share = share.limits[`${name} slots`] ?? 0;
      model.rateLimit?.took(share);
      model.capacity?.took(share.falls[`${name} slots`] ?? 0);
    }
    this.#budget?.took(share);
    for (const { limiter } of this.#models.values()) limiter.refresh();
    if (!share.asksBefore) this.#knownBefore = null;
    else if (this.#knownBefore === null) this.#before ??= this.#findBefore();
  }

  async #findBefore(): Promise<void> {
    try {
      this.#knownBefore = this.#budget?.inParts(await this.#spentBefore()) ?? {};
      this.#hasNews();
    } catch (error) {
      // The next answer of the board asks again.
      if (!(error instanceof StoreError)) throw error;
    } finally {
      this.#before = null;
    }
  }

  /** Waits for an answer. If it takes too long, the connection is probably lost, and an error is thrown. */
  #answered(answer: Promise<WorkerShare>): Promise<WorkerShare> {
    const over = new AbortController();
    const late = this.#context.clock.sleep(ANSWER_MS_MAX, over.signal).then(() => {
      throw new StoreError(`Cannot share limits: the board does not answer within ${ANSWER_MS_MAX} ms`);
    });
    return Promise.race([answer, late]).finally(() => {
      over.abort();
      late.catch(() => {});
      answer.catch(() => {});
    });
  }

  #isOver(): boolean {
    const { monotonicMs, clock } = this.#context;
    // Both clocks are checked: while a machine sleeps, only the time of day continues.
    return monotonicMs() >= this.#endMs || clock.now() >= this.#endOfDayMs;
  }

  #hasNews(): void {
    this.#hurry.abort();
  }
}

function reportsIn(pauses: ReadonlyMap<string, PauseReport | null>): Record<string, PauseReport> {
  return Object.fromEntries([...pauses].filter((each): each is [string, PauseReport] => each[1] !== null));
}
