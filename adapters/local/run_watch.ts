/** Watches a run: its operations log, its budget, and the prices of its models. */
import { evolve, initialState, repliesOf, result } from "../../analysis/projections/mod.ts";
import {
  type AnnotationNotice,
  Budget,
  DamagedStream,
  type EmbeddingNotice,
  type ModelNotice,
  PAUSE_POLICY,
  type PausePolicy,
  readStream,
  type RunLimits,
  type RunNotice,
  type Spent,
} from "../../core/engine/mod.ts";
import { type EventStore, readingAhead, type RunPart, type RunWriter } from "../../core/ports/mod.ts";
import { isAddress, operationsLogFile, type TornTail } from "../stores/mod.ts";
import { priceKey, priceLookUp, type RunPrices } from "./price_look_up.ts";
import { keepPrices, readPrices } from "./run_prices.ts";
import type { WorkerLimits } from "../../core/sharing/mod.ts";
import type { ModelWatch } from "./open_models.ts";
import { OperationsLog, type OperationsLogOptions } from "./operations_log.ts";
import { costOf, type ModelSetup } from "../../core/experiment/mod.ts";
import { nativeSha256 } from "../system.ts";

/** How a run is watched. */
export type WatchOptions = Readonly<{
  /** Limits of the run. Cost and tokens are counted since the run's first start, failures since this start. */
  limits?: RunLimits;
  /** When a model counts as down, and how long to wait for it. */
  pause?: PausePolicy;
  /** Options of `log.jsonl`. When left out, no log is written. */
  log?: OperationsLogOptions;
  /** Shares the limits of the run and of its models with other workers. */
  shared?: WorkerLimits;
  /** Called with the file of an operations log that is not in the run's folder. */
  logsTo?: (file: string) => void;
  /** Called for problems that do not stop the run. */
  warn?: (message: string) => void;
}>;

/** The watch over one run. It exists before the run's folder is open and before the first request. */
export class RunWatch implements AsyncDisposable {
  readonly #options: WatchOptions;
  /** `null` until the folder is open. */
  log: OperationsLog | null = null;
  /** `undefined` until the folder is open. */
  budget: Budget | undefined;
  #keepPrices = () => Promise.resolve();
  #isPeopled: () => boolean = () => false;
  /** Models with servers that do not report tokens. */
  readonly #uncounted = new Set<string>();

  constructor(options: WatchOptions) {
    this.#options = options;
  }

  warn(message: string): void {
    this.#options.warn?.(message);
    this.log?.write("warning", message, { isNotice: true });
  }

  readonly warnOfTornTail = ({ stream, bytes }: TornTail): void =>
    this.warn(
      `${stream}: removed the last ${bytes} bytes, an unfinished line`,
    );

  /** Wraps a listener, so that the log gets its notices as well. */
  telling<Notice extends RunNotice | AnnotationNotice | EmbeddingNotice>(
    notify: (notice: Notice) => void = () => {},
  ): (notice: Notice) => void {
    if (this.#options.log === undefined) return notify;
    return (notice) => {
      this.log?.notice(notice);
      notify(notice);
    };
  }

  modelsWith(notify: (notice: ModelNotice) => void): ModelWatch {
    const { pause = PAUSE_POLICY, limits, log, shared } = this.#options;
    return {
      pause,
      notify,
      ...(shared === undefined ? {} : { shared }),
      ...(log === undefined
        ? {}
        : { observe: (model, attempt) => this.log?.attempt(model, attempt, this.#isPeopled) }),
      ...(limits === undefined ? {} : { paid: (model, spent) => this.#paid(model, spent) }),
    };
  }

  /** Opens the log and the budget; writes nothing to the run. */
  async open(run: RunWriter, own: RunPrices, part?: RunPart): Promise<void> {
    const { log, limits, shared } = this.#options;
    this.#isPeopled = () => run.store.keys?.isEmpty() === false;
    if (log !== undefined) {
      const file = operationsLogFile(run.place, part);
      this.log = await OperationsLog.open(file, log);
      if (isAddress(run.place)) this.#options.logsTo?.(file);
    }
    if (own.size > 0) this.#keepPrices = () => keepPrices(run, own);
    if (limits !== undefined) {
      const all = new Map([...await readPrices(run), ...own]);
      // Only limits on cost or tokens need the logs.
      const isRead = limits.costMax !== undefined || limits.tokensMax !== undefined;
      const spentBefore = () =>
        isRead ? spentSoFar(run.store, inCurrencyOf(own, all)) : Promise.resolve({ cost: 0, tokens: 0 });
      this.budget = new Budget(limits, shared === undefined ? await spentBefore() : undefined);
      shared?.shareBudget(this.budget, { limits, spentBefore });
    }
    shared?.start();
  }

  /** Writes the prices and the first line of the log. Call it after the last check that can refuse the run. */
  async begin(message: string, fields: Readonly<Record<string, unknown>>): Promise<void> {
    await this.#keepPrices();
    this.log?.write("info", message, { fields });
  }

  #paid(model: string, spent: Spent | null): void {
    if (spent !== null) return this.budget?.spend(spent);
    const { costMax, tokensMax } = this.#options.limits ?? {};
    if ((costMax === undefined && tokensMax === undefined) || this.#uncounted.has(model)) return;
    this.#uncounted.add(model);
    this.warn(
      `the model "${model}" does not report its tokens: limits on cost and tokens do not count its replies`,
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#options.shared?.stop();
    const incomplete = await this.log?.close();
    if (incomplete) this.#options.warn?.(incomplete);
  }
}

/** The prices in the currency of `own`. Only costs in the same currency can be added. */
function inCurrencyOf(own: RunPrices, all: RunPrices): RunPrices {
  const [first] = own.values();
  return new Map([...all].filter(([, { currency }]) => currency === first?.currency));
}

/** The prices of models; models without prices are left out. */
export function pricesOf(
  setups: Iterable<readonly [name: string, setup: ModelSetup]>,
  pass: string | null = null,
): RunPrices {
  const prices = new Map<string, NonNullable<ModelSetup["prices"]>>();
  for (const [model, setup] of setups) {
    if (setup.prices !== undefined) prices.set(priceKey({ pass, model, spec: setup }), setup.prices);
  }
  return prices;
}

/** The cost and tokens of the run so far. A damaged log counts up to its damage. */
async function spentSoFar(store: EventStore, prices: RunPrices): Promise<Spent> {
  const pricesFor = priceLookUp(prices);
  let cost = 0;
  let tokens = 0;
  const streams = await Array.fromAsync(store.streams());
  const ahead = readingAhead(store, streams);
  for (const stream of streams) {
    let state = initialState();
    try {
      for await (const envelope of readStream(ahead, stream, nativeSha256)) state = evolve(state, envelope);
    } catch (error) {
      if (!(error instanceof DamagedStream)) throw error;
    } finally {
      store.release(stream);
    }
    const slots = result(state);
    for (const reply of slots === null ? [] : repliesOf(slots)) {
      if (reply.spec === undefined || reply.usage === undefined) continue;
      cost += costOf(pricesFor(reply), reply.usage);
      tokens += reply.usage.promptTokens + reply.usage.completionTokens;
    }
  }
  return { cost, tokens };
}
