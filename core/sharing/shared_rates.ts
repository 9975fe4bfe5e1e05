/** The rates of a model that several workers share. */
import {
  Change,
  estimatedTokens,
  type Limiter,
  type Rates,
  type RequestRates,
  type TimedWait,
  usedTokens,
} from "../engine/mod.ts";
import type { LimitReport, ModelReply, ModelRequest, WorkerShare } from "../ports/mod.ts";
import { Allowance } from "./allowance.ts";

/** What shared rates need to know. */
export type SharedRatesContext = Readonly<{
  limiter: Limiter;
  /** Whether this worker has no valid share now. */
  isOver: () => boolean;
  /** Called when a request needs more than the worker may use, and waits. */
  isWanted: () => void;
}>;

/** One worker's part of the rates of a model. */
export class SharedRates implements RequestRates {
  readonly #context: SharedRatesContext;
  readonly #allowances: ReadonlyMap<string, Allowance>;
  readonly #requests: Allowance | null;
  readonly #tokens: Allowance | null;
  readonly #change = new Change();

  /**
   * Starts with an allowance of 0.
   *
   * @param name The model's name on the board.
   */
  constructor(name: string, rates: Rates, context: SharedRatesContext) {
    this.#context = context;
    const { requestsPerMinute, tokensPerMinute } = rates;
    this.#requests = requestsPerMinute === undefined ? null : new Allowance("rate", requestsPerMinute);
    this.#tokens = tokensPerMinute === undefined ? null : new Allowance("rate", tokensPerMinute);
    const allowances = new Map<string, Allowance>();
    if (this.#requests !== null) allowances.set(`${name} requests`, this.#requests);
    if (this.#tokens !== null) allowances.set(`${name} tokens`, this.#tokens);
    this.#allowances = allowances;
  }

  /** See `RequestRates`. */
  takeAtOnce(request: ModelRequest): boolean {
    this.#take(request);
    if (this.#isOpen) return true;
    this.cancelled(request);
    return false;
  }

  /** See `RequestRates`. */
  async taken(request: ModelRequest, waits: TimedWait): Promise<boolean> {
    this.#take(request);
    try {
      while (!this.#isOpen) {
        this.#context.isWanted();
        await this.#change.wait(waits);
      }
      return true;
    } catch (reason) {
      if (waits.signal.aborted || !waits.stop.aborted) throw reason;
      return false;
    }
  }

  /** See `RequestRates`. */
  ended(request: ModelRequest, reply: ModelReply | null): void {
    this.#tokens?.take(usedTokens(request, reply) - estimatedTokens(request));
  }

  /** See `RequestRates`. */
  cancelled(request: ModelRequest): void {
    this.#requests?.take(-1);
    this.ended(request, null);
  }

  /** Gives the reports about requests and tokens. */
  *report(): Generator<readonly [string, LimitReport]> {
    const { limiter, isOver } = this.#context;
    const free = Math.min(limiter.queue.size, Math.max(1, limiter.limit - limiter.held));
    const perRequest = this.#requests === null ? 1 : Math.max(1, this.#requests.use);
    for (const [name, allowance] of this.#allowances) {
      const each = allowance === this.#requests ? 1 : Math.ceil(allowance.use / perRequest);
      const most = free === 0 ? allowance.use : 2 * allowance.use + free * each;
      yield [name, allowance.report(most, isOver())];
    }
  }

  /** Uses a new share. */
  took({ limits }: WorkerShare): void {
    for (const [name, allowance] of this.#allowances) allowance.add(limits[name] ?? 0);
    this.#change.tell();
  }

  get #isOpen(): boolean {
    if (this.#context.isOver()) return false;
    return [...this.#allowances.values()].every(({ left }) => left >= 0);
  }

  #take(request: ModelRequest): void {
    this.#requests?.take(1);
    this.#tokens?.take(estimatedTokens(request));
  }
}
