/** The budget of a run that several workers share. */
import type { Budget, BudgetShare, RunLimits, Spent, SpentByAll } from "../engine/mod.ts";
import type { LimitReport, WorkerShare } from "../ports/mod.ts";
import { Allowance } from "./allowance.ts";

/** The board counts cost in whole numbers: millionths of the currency's unit. */
const COST_PARTS = 1e6;

/** The part of a budget that a worker asks for at first, when it does not know yet how much it spends. */
const FIRST_PART = 1 / 100;

type SharedName = "cost" | "tokens";

/** One worker's part of the budget of a run. */
export class SharedBudget implements BudgetShare {
  readonly #budget: Budget;
  readonly #allowances = new Map<SharedName, Allowance>();
  readonly #maxima = new Map<SharedName, number>();
  readonly #failuresMax: number | undefined;
  readonly #onEmpty: () => void;
  #cost = 0;
  #costParts = 0;
  #failures = 0;

  /**
   * Connects a budget.
   *
   * @param onEmpty Called when the worker has used its whole allowance.
   */
  constructor(budget: Budget, { costMax, tokensMax, failuresMax }: RunLimits, onEmpty: () => void) {
    this.#budget = budget;
    this.#onEmpty = onEmpty;
    this.#failuresMax = failuresMax;
    if (costMax !== undefined) this.#maxima.set("cost", Math.ceil(costMax * COST_PARTS));
    if (tokensMax !== undefined) this.#maxima.set("tokens", tokensMax);
    for (const [name, max] of this.#maxima) this.#allowances.set(name, new Allowance("budget", max));
    budget.share(this);
  }

  /** Whether the worker may send requests. */
  get isOpen(): boolean {
    return [...this.#allowances.values()].every(({ left }) => left > 0);
  }

  /** See `BudgetShare`. */
  spend({ cost, tokens, failures }: SpentByAll): void {
    this.#failures += failures;
    this.#cost += cost;
    // The sum is rounded, and not each cost, so that rounding errors do not add up.
    const costParts = Math.round(this.#cost * COST_PARTS);
    this.#allowances.get("cost")?.take(costParts - this.#costParts);
    this.#costParts = costParts;
    this.#allowances.get("tokens")?.take(tokens);
    if (!this.isOpen) this.#onEmpty();
  }

  /**
   * Gives the reports about cost, tokens and failures. `isWorking`: whether the worker has requests to send.
   */
  *report(isWorking: boolean, isOver: boolean): Generator<readonly [string, LimitReport]> {
    for (const [name, allowance] of this.#allowances) {
      const first = Math.max(1, Math.ceil(this.#maxima.get(name)! * FIRST_PART));
      yield [name, allowance.report(isWorking ? Math.max(first, 2 * allowance.use) : 0, isOver)];
    }
    const max = this.#failuresMax;
    if (max === undefined) return;
    yield ["failures", { kind: "budget", max, wants: 0, least: 1, keeps: 0, spent: this.#failures }];
  }

  /** Converts what was spent before the first worker into the units of the board. */
  inParts({ cost, tokens }: Spent): Readonly<Record<string, number>> {
    return { cost: Math.round(cost * COST_PARTS), tokens };
  }

  /** Uses a new share, and what all workers have spent. */
  took({ limits, spent }: WorkerShare): void {
    for (const [name, allowance] of this.#allowances) allowance.add(limits[name] ?? 0);
    const { cost, tokens, failures } = spent;
    this.#budget.settle({
      ...(cost === undefined ? {} : { cost: cost / COST_PARTS }),
      ...(tokens === undefined ? {} : { tokens }),
      ...(failures === undefined ? {} : { failures }),
    });
  }
}
