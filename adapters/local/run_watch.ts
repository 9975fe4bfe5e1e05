/** What watches over a run while it goes on: its log, its budget, and what its models cost. */
import { join } from "node:path";
import {
  type AnnotationNotice,
  type Budget,
  type ModelNotice,
  PAUSE_POLICY,
  type PausePolicy,
  type RunLimits,
  type RunNotice,
  type Spent,
} from "../../core/engine/mod.ts";
import { logFileOf, type RunFolder, type RunPart } from "../stores/mod.ts";
import { keepPrices, readPrices, type RunPrices } from "../stores/run_prices.ts";
import type { ModelWatch } from "./open_models.ts";
import { RunLog, type RunLogOptions } from "./run_log.ts";
import { openBudget } from "./spending.ts";

/** How a run is watched over. */
export type WatchOptions = Readonly<{
  /** What it may spend; cost and tokens count from the run's first start on, failures from this one. */
  limits?: RunLimits;
  /** When a model counts as down, and how long it is waited for. */
  pause?: PausePolicy;
  /** What is logged in `log.jsonl`; nothing where it is left out. */
  log?: RunLogOptions;
  /** Told about what is not as it should be, though the run goes on. */
  warn?: (message: string) => void;
}>;

/** The watch over one run; it begins before its folder is open, when nothing is asked yet. */
export class RunWatch implements AsyncDisposable {
  readonly #options: WatchOptions;
  #log: RunLog | null = null;
  #budget: Budget | undefined;
  #keep = () => Promise.resolve();
  /** Models whose servers do not say how many tokens they use. */
  readonly #uncounted = new Set<string>();

  /** @param options See {@linkcode WatchOptions}. */
  constructor(options: WatchOptions) {
    this.#options = options;
  }

  /** The run's budget, once its folder is open. */
  get budget(): Budget | undefined {
    return this.#budget;
  }

  /** The run's log, once its folder is open. */
  get log(): RunLog | null {
    return this.#log;
  }

  /** Tells somebody, and the log. */
  warn(message: string): void {
    this.#options.warn?.(message);
    this.#log?.write("warning", message, { isNotice: true });
  }

  /** What tells the log as well. */
  telling<Notice extends RunNotice | AnnotationNotice>(
    notify: (notice: Notice) => void = () => {},
  ): (notice: Notice) => void {
    if (this.#options.log === undefined) return notify;
    return (notice) => {
      this.#log?.notice(notice);
      notify(notice);
    };
  }

  /** What models are watched by. */
  modelsWith(notify: (notice: ModelNotice) => void): ModelWatch {
    const { pause = PAUSE_POLICY, limits, log } = this.#options;
    return {
      pause,
      notify,
      ...(log === undefined ? {} : { observe: (model, attempt) => this.#log?.attempt(model, attempt) }),
      ...(limits === undefined ? {} : { paid: (model, spent) => this.#paid(model, spent) }),
    };
  }

  /**
   * Opens what is kept in the run's folder; writes nothing.
   *
   * @param folder The folder, open for writing.
   * @param own What the models cost that are used.
   * @param part The part of the run that this process holds: it has a log of its own.
   */
  async open(
    { path, store }: RunFolder,
    own: RunPrices,
    part?: RunPart,
  ): Promise<void> {
    const { log, limits } = this.#options;
    if (log !== undefined) this.#log = await RunLog.open(join(path, logFileOf(part)), log);
    if (own.size > 0) this.#keep = () => keepPrices(path, own);
    if (limits === undefined) return;
    const all = new Map([...readPrices(path), ...own]);
    this.#budget = await openBudget(limits, store, inCurrencyOf(own, all));
  }

  /**
   * Begins to write: nothing stands against what is to be done any more.
   *
   * @param message What begins, for the log.
   * @param fields Of the log's line.
   * @throws {RunFolderError} When what models cost cannot be kept.
   */
  async begin(message: string, fields: Readonly<Record<string, unknown>>): Promise<void> {
    await this.#keep();
    this.#log?.write("info", message, { fields });
  }

  #paid(model: string, spent: Spent | null): void {
    if (spent !== null) return this.#budget?.spend(spent);
    const { costMax, tokensMax } = this.#options.limits ?? {};
    if ((costMax === undefined && tokensMax === undefined) || this.#uncounted.has(model)) return;
    this.#uncounted.add(model);
    this.warn(
      `the model "${model}" does not say how many tokens it uses: limits on cost and tokens cannot count its replies`,
    );
  }

  /** Writes the end of the log. */
  async [Symbol.asyncDispose](): Promise<void> {
    const incomplete = await this.#log?.close();
    if (incomplete) this.#options.warn?.(incomplete);
  }
}

/** Costs in another currency cannot be added. */
function inCurrencyOf(own: RunPrices, all: RunPrices): RunPrices {
  const [first] = own.values();
  return new Map([...all].filter(([, { currency }]) => currency === first?.currency));
}
