/** What a worker may use of a rate or a budget until its next exchange. */
import type { LimitReport } from "../ports/mod.ts";

/** After an exchange, this part of the use before it still counts as the present use. */
const USE_KEPT = 0.5;

/** A worker's allowance of one limit, in whole numbers. */
export class Allowance {
  readonly #kind: "rate" | "budget";
  readonly #max: number;
  /** What is left. Below 0 if requests have used more than there was, or one waits for more. */
  #left = 0;
  #spent = 0;
  #spentAtExchange = 0;
  #use = 0;

  /** Starts with nothing. @param max The limit of all workers together. */
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

  /** Uses an amount. A negative amount comes back. */
  take(amount: number): void {
    this.#left -= amount;
    this.#spent += amount;
  }

  /** Makes a report, and keeps at most `most`: the board gives the rest to others. `isOver`: the share has ended. */
  report(most: number, isOver: boolean): LimitReport {
    const debt = Math.max(0, -this.#left);
    const keeps = isOver ? 0 : Math.min(most, Math.max(0, this.#left));
    // The board knows what was spent, so a budget has no debt.
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
      // The board has not given yet what is owed. It would take back what counts as spent before that.
      spent: this.#spent - owed,
    };
  }

  /** Adds what the board has given. */
  add(amount: number): void {
    this.#left += amount;
  }
}
