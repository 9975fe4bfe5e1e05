/** How much a worker may use of a rate or a budget before its next exchange. */
import type { LimitReport } from "../ports/mod.ts";

/** After an exchange, this part of the earlier use still counts for the present use. */
const USE_KEPT = 0.5;

/** A worker's allowance of one limit, in whole numbers. */
export class Allowance {
  readonly #kind: "rate" | "budget";
  readonly #max: number;
  /**
   * How much the worker may still use. Below 0 if requests have used more than this, or if a request waits
   * for more.
   */
  #left = 0;
  #spent = 0;
  #spentAtExchange = 0;
  #use = 0;

  /**
   * Starts with an allowance of 0.
   *
   * @param max The limit of all workers together.
   */
  constructor(kind: "rate" | "budget", max: number) {
    this.#kind = kind;
    this.#max = max;
  }

  get left(): number {
    return this.#left;
  }

  /** How much was used recently in the time between two exchanges. */
  get use(): number {
    return Math.max(this.#use, this.#spent - this.#spentAtExchange);
  }

  /** Uses an amount. A negative amount is given back. */
  take(amount: number): void {
    this.#left -= amount;
    this.#spent += amount;
  }

  /**
   * Makes a report. The worker keeps at most `most`: the board can give the rest to other workers. `isOver`:
   * whether the worker's share has ended.
   */
  report(most: number, isOver: boolean): LimitReport {
    const debt = Math.max(0, -this.#left);
    const keeps = isOver ? 0 : Math.min(most, Math.max(0, this.#left));
    // A budget has no debt: the board counts what was spent, even if it is more than the worker had.
    this.#left = debt > 0 ? (this.#kind === "budget" ? 0 : -debt) : keeps;
    this.#use = Math.max(Math.floor(this.#use * USE_KEPT), this.#spent - this.#spentAtExchange);
    this.#spentAtExchange = this.#spent;
    const owed = this.#kind === "rate" ? debt : 0;
    return {
      kind: this.#kind,
      max: this.#max,
      wants: most - keeps + owed,
      least: Math.max(1, owed),
      keeps,
      // The debt is not reported as spent yet, because the board has not given this amount yet.
      spent: this.#spent - owed,
    };
  }

  /** Adds what the board has given. */
  add(amount: number): void {
    this.#left += amount;
  }
}
