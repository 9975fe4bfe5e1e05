/** The limits that simulated workers share, and a witness that watches all workers from outside. */
import type { Rates, RunLimits, Spent } from "../engine/mod.ts";
import { SILENT_MS, type WorkerReport } from "../ports/mod.ts";
import { type Draw, openDraw } from "../random/mod.ts";
import { BrokenPromise } from "./ledger.ts";

const MINUTE_MS = 60_000;

/** The unused amount of this time, in milliseconds, can be used in one moment. */
const SAVED_MS = 2_000;

/** The cost of every reply of a simulated model. */
export const REPLY_COST: Spent = { cost: 0.37, tokens: 7 };

/** A budget is used up after a number of replies between these two. Most worlds need more replies. */
const REPLIES_MIN = 3;
const REPLIES_MAX = 60;

/** The limits of each model, and of the run. */
export type WorldLimits = Readonly<{ rates: Rates; budget: RunLimits | null }>;

/** Draws limits. Many worlds have no rates, or no budget. */
export function worldLimitsOf(seed: string): WorldLimits {
  const draw = openDraw(seed, "shared limits");
  const requests = { requestsPerMinute: 8 + draw.below(40) };
  const tokens = { tokensPerMinute: 10_000 + draw.below(60_000) };
  return {
    rates: draw.pick([{}, {}, requests, tokens, { ...requests, ...tokens }]),
    budget: budgetOf(draw),
  };
}

function budgetOf(draw: Draw): RunLimits | null {
  const replies = REPLIES_MIN + draw.below(REPLIES_MAX - REPLIES_MIN);
  const costMax = replies * REPLY_COST.cost;
  const tokensMax = replies * REPLY_COST.tokens - draw.below(REPLY_COST.tokens);
  return draw.pick([null, null, { costMax }, { tokensMax }]);
}

/** What the witness has seen of one worker. */
type Seen = {
  /**
   * Replies since the worker's last request. When the worker has used its part of the budget, it sends no
   * requests.
   */
  sinceSent: number;
  /** Replies that the board possibly does not know yet. */
  unreported: number;
  reportedMs: number;
};

/** Watches every request and every reply of all workers. */
export class LimitWitness {
  readonly #limits: WorldLimits;
  readonly #slots: number;
  readonly #inFlight = new Map<string, number>();
  readonly #sentMs = new Map<string, number[]>();
  readonly #workers = new Map<string, Seen>();
  #replies = 0;
  /** Replies that the board never counted, because it forgot the worker before the worker reported them. */
  #unknown = 0;
  /** The most requests to one model that were in flight. */
  inFlightMax = 0;
  /** How much of the rate was used, at most: 1 is the whole rate. */
  rateUse = 0;
  /** Whether the budget is checked. */
  hasBudget: boolean;
  /** The first violation of the rules; `null` if there was none. */
  breach: BrokenPromise | null = null;

  /** @param slots The most requests to each model in flight. */
  constructor(limits: WorldLimits, slots: number) {
    this.#limits = limits;
    this.#slots = slots;
    this.hasBudget = limits.budget !== null;
  }

  /** The cost of all replies. */
  get spent(): Spent {
    const { cost, tokens } = REPLY_COST;
    return { cost: this.#replies * cost, tokens: this.#replies * tokens };
  }

  /**
   * Notes that a worker sends a request. Returns a function to call when the request is no longer in flight.
   */
  sent(model: string, worker: string, nowMs: number): () => void {
    const inFlight = (this.#inFlight.get(model) ?? 0) + 1;
    this.#inFlight.set(model, inFlight);
    this.inFlightMax = Math.max(this.inFlightMax, inFlight);
    if (inFlight > this.#slots) {
      this.#break(`${inFlight} requests are in flight, at most ${this.#slots} may be`);
    }
    this.#checkRate(model, nowMs);
    this.#seen(worker).sinceSent = 0;
    if (this.hasBudget) this.#checkBudget();
    let isOver = false;
    return () => {
      if (!isOver) this.#inFlight.set(model, this.#inFlight.get(model)! - 1);
      isOver = true;
    };
  }

  /** Notes that a worker got a reply. */
  answered(worker: string): void {
    const seen = this.#seen(worker);
    this.#replies++;
    seen.sinceSent++;
    seen.unreported++;
  }

  /** Notes that a worker makes a report. Returns a function to call when the board has the report. */
  reports({ worker, limits }: WorkerReport): (nowMs: number) => void {
    for (const [name, { wants, least, keeps, spent }] of Object.entries(limits)) {
      const part = [wants, least, keeps, spent].find((amount) => !Number.isSafeInteger(amount));
      if (part !== undefined) {
        this.#break(`"${worker}" reports ${part} of "${name}", which is no whole number`);
      }
    }
    const seen = this.#seen(worker);
    const reported = seen.unreported;
    return (nowMs) => {
      if (nowMs - seen.reportedMs >= SILENT_MS) this.#unknown += seen.unreported;
      seen.unreported = Math.max(0, seen.unreported - reported);
      seen.reportedMs = nowMs;
    };
  }

  /**
   * Reports a violation if more requests were sent than the rate allows, plus the amount that two seconds
   * save.
   */
  #checkRate(model: string, nowMs: number): void {
    const { requestsPerMinute: rate } = this.#limits.rates;
    if (rate === undefined) return;
    const sent = this.#sentMs.getOrInsertComputed(model, () => []);
    sent.push(nowMs);
    const saved = Math.max(1, rate * SAVED_MS / MINUTE_MS);
    const inMinute = sent.length - sent.findIndex((ms) => ms > nowMs - MINUTE_MS);
    const allowed = saved + rate * nowMs / MINUTE_MS;
    this.rateUse = Math.max(this.rateUse, sent.length / allowed);
    if (sent.length > allowed + 1e-6) {
      this.#break(`${sent.length} requests are sent, the rate allows ${allowed}`);
    }
    if (inMinute > rate + saved) this.#break(`${inMinute} requests in a minute, at most ${rate} may be`);
  }

  /**
   * Reports a violation if the budget is used up. A worker can send requests while it has a part of the
   * budget, even if others have used more than their parts.
   */
  #checkBudget(): void {
    const { costMax = Infinity, tokensMax = Infinity } = this.#limits.budget!;
    const most = Math.min(costMax / REPLY_COST.cost, tokensMax / REPLY_COST.tokens);
    const late = [...this.#workers.values()].reduce((sum, { sinceSent }) => sum + sinceSent, 0);
    if (this.#replies >= most + late + this.#unknown) {
      this.#break(`a request is sent after ${this.#replies} replies, but the budget is enough for ${most}`);
    }
  }

  #seen(worker: string): Seen {
    return this.#workers.getOrInsertComputed(worker, () => ({ sinceSent: 0, unreported: 0, reportedMs: 0 }));
  }

  #break(message: string): void {
    this.breach ??= new BrokenPromise(message);
  }
}
