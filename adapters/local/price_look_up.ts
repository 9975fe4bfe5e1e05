/** Looks up the prices of models. */
import type { ModelSpec } from "../../core/events/mod.ts";
import { canonical } from "../../core/json.ts";
import type { PriceLookUp, Reply } from "../../analysis/projections/mod.ts";
import type { Prices } from "../../core/experiment/experiment.ts";
import { modelKey, specKey } from "../../core/experiment/model_keys.ts";

/** Prices by {@linkcode priceKey}. */
export type RunPrices = ReadonlyMap<string, Prices>;

type Priced = Pick<Reply, "model" | "pass"> & Readonly<{ spec: ModelSpec }>;

/** The key of a model's price. It includes the pass, because each pass can use the same names for other models. */
export function priceKey({ pass, model, spec }: Priced): string {
  return canonical([pass, modelKey(model, spec)]);
}

/** Makes a function that looks up prices, and remembers them for each specification object. */
export function priceLookUp(prices: RunPrices): PriceLookUp {
  if (prices.size === 0) return () => undefined;
  const known = new WeakMap<ModelSpec, Map<string, Prices | undefined>>();
  return ({ pass, model, spec }) => {
    if (spec === undefined) return undefined;
    const ofSpec = known.get(spec) ?? new Map<string, Prices | undefined>();
    known.set(spec, ofSpec);
    const name = `${pass ?? ""}\n${model}`;
    if (!ofSpec.has(name)) {
      // Earlier versions stored prices by specification, without the name of the model.
      ofSpec.set(name, prices.get(priceKey({ pass, model, spec })) ?? prices.get(specKey(spec)));
    }
    return ofSpec.get(name);
  };
}
