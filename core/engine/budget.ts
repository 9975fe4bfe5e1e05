/** A run's limits on cost, tokens, failures and time, and its spending so far. */
import type { Clock } from "../ports/clock.ts";

/** The limits of a run. If a limit is missing, there is no such limit. */
export type RunLimits = Readonly<{
  /** The cost, in the currency of the models' prices. */
  costMax?: number;
  /** Tokens of prompts and replies together, as the servers count them. */
  tokensMax?: number;
  /**
   * The run stops when this many of its requests have failed since it was started or resumed. A request fails when its last
   * attempt ends in an error.
   */
  failuresMax?: number;
  /** The time at which the run stops, in milliseconds since 1970-01-01 UTC. */
  deadlineMs?: number;
}>;

/** Cost and tokens that were spent. */
export type Spent = Readonly<{ cost: number; tokens: number }>;

/** What several processes spent together. */
export type SpentByAll = Spent & Readonly<{ failures: number }>;

/** Receives what one of several processes spends. */
export type BudgetShare = Readonly<{ spend: (spent: SpentByAll) => void }>;

/** A limit that was reached. */
export type LimitReached = Readonly<{
  limit: "cost" | "tokens" | "failures" | "deadline";
  /** For people: states the limit and the spending. */
  message: string;
}>;

/**
 * The longest single wait. The wait for the deadline is split, because timers have a maximum, and because
 * someone can set the clock during a run.
 */
const DEADLINE_STEP_MS_MAX = 3_600_000;

/**
 * Adds up a run's spending, and signals when a limit is reached. Replies that come after this moment are
 * still added.
 */
export class Budget {
  readonly #limits: RunLimits;
  readonly #over = new AbortController();
  #cost: number;
  #tokens: number;
  #failures = 0;
  #share: BudgetShare | null = null;
  #reached: LimitReached | null = null;

  /** Begins with the spending of the run's earlier starts. */
  constructor(limits: RunLimits, { cost, tokens }: Spent = { cost: 0, tokens: 0 }) {
    this.#limits = limits;
    this.#cost = cost;
    this.#tokens = tokens;
    this.#check();
  }

  /** The limit that was reached first; `null` if no limit was reached. */
  get reached(): LimitReached | null {
    return this.#reached;
  }

  /** Aborted when a limit is reached. */
  get signal(): AbortSignal {
    return this.#over.signal;
  }

  /**
   * Reports cost, tokens and failures to other processes. From now on, only the sums that `settle()` sets are
   * compared with the limits.
   */
  share(share: BudgetShare): void {
    this.#share = share;
  }

  /** Sets what all processes have spent together. If a figure is missing, the old figure stays. */
  settle({ cost = this.#cost, tokens = this.#tokens, failures = this.#failures }: Partial<SpentByAll>): void {
    this.#cost = cost;
    this.#tokens = tokens;
    this.#failures = failures;
    this.#check();
  }

  /** Counts a reply. */
  spend({ cost, tokens }: Spent): void {
    if (this.#share !== null) return this.#share.spend({ cost, tokens, failures: 0 });
    this.#cost += cost;
    this.#tokens += tokens;
    this.#check();
  }

  /** Counts a failed request: its last attempt ended in an error. */
  fail(): void {
    if (this.#share !== null) return this.#share.spend({ cost: 0, tokens: 0, failures: 1 });
    this.#failures++;
    this.#check();
  }

  /** Waits for the deadline, if there is one. */
  async watchDeadline(clock: Clock, ended: AbortSignal): Promise<void> {
    const { deadlineMs } = this.#limits;
    if (deadlineMs === undefined) return;
    while (!ended.aborted) {
      const leftMs = deadlineMs - clock.now();
      if (leftMs <= 0) {
        const message = `The deadline, ${new Date(deadlineMs).toISOString()}, has passed`;
        return this.#reach({ limit: "deadline", message });
      }
      await clock.sleep(Math.min(leftMs, DEADLINE_STEP_MS_MAX), ended).catch(() => {});
    }
  }

  #check(): void {
    const { costMax = Infinity, tokensMax = Infinity, failuresMax = Infinity } = this.#limits;
    if (this.#cost >= costMax) {
      const message = `The limit on cost, ${costMax}, is reached: ${Number(this.#cost.toPrecision(6))} spent`;
      this.#reach({ limit: "cost", message });
    }
    if (this.#tokens >= tokensMax) {
      const message = `The limit on tokens, ${tokensMax}, is reached: ${this.#tokens} used`;
      this.#reach({ limit: "tokens", message });
    }
    if (this.#failures >= failuresMax) {
      const message =
        `The limit on failures, ${failuresMax}, is reached: ${this.#failures} requests failed in this start`;
      this.#reach({ limit: "failures", message });
    }
  }

  #reach(limit: LimitReached): void {
    this.#reached ??= limit;
    this.#over.abort();
  }
}
