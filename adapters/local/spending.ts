/** What a run has spent so far, by its logs. */
import { Budget, DamagedStream, readStream, type RunLimits, type Spent } from "../../core/engine/mod.ts";
import { evolve, initialState, repliesOf, result } from "../../analysis/projections/mod.ts";
import { costOf, type ModelSetup } from "../../core/experiment/mod.ts";
import { priceKey, priceLookUp, type RunPrices } from "../stores/run_prices.ts";
import type { JsonlEventStore } from "../stores/mod.ts";
import { nativeSha256 } from "../system.ts";

/**
 * What models cost; those without prices are left out.
 *
 * @param setups The models of discussions, or of a pass.
 * @param pass The pass.
 */
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

/**
 * Makes a budget that begins with what the run has spent in earlier starts. Its logs are read for that where cost or
 * tokens are limited, and only then. A damaged log counts as far as it is good.
 *
 * @param limits The limits.
 * @param store The run's logs.
 * @param prices What its models cost.
 */
export async function openBudget(
  limits: RunLimits,
  store: JsonlEventStore,
  prices: RunPrices,
): Promise<Budget> {
  const isRead = limits.costMax !== undefined || limits.tokensMax !== undefined;
  return new Budget(limits, isRead ? await spentSoFar(store, prices) : undefined);
}

async function spentSoFar(store: JsonlEventStore, prices: RunPrices): Promise<Spent> {
  const pricesFor = priceLookUp(prices);
  let cost = 0;
  let tokens = 0;
  for await (const stream of store.streams()) {
    let state = initialState();
    try {
      for await (const envelope of readStream(store, stream, nativeSha256)) state = evolve(state, envelope);
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
