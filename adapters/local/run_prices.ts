/** The prices of a run's models. The run's description leaves them out, because they can change between starts. */
import type { ModelSpec } from "../../core/events/mod.ts";
import { canonical } from "../../core/json.ts";
import type { PriceLookUp, Reply } from "../../analysis/projections/mod.ts";
import type { Prices } from "../../core/experiment/experiment.ts";
import { modelKey, pricesSchema, specKey } from "../../core/experiment/models.ts";
import { RUN_TEXTS, type RunReader, type RunWriter } from "../../core/ports/mod.ts";
import { RunError } from "../../core/run_log/mod.ts";

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

/**
 * Reads the prices of a run.
 *
 * @throws {RunError} If they are not valid.
 */
export async function readPrices(
  { place, readText }: Pick<RunReader, "place" | "readText">,
): Promise<RunPrices> {
  const text = await readText(RUN_TEXTS.prices);
  if (text === null) return new Map();
  try {
    const entries = Object.entries<unknown>(JSON.parse(text));
    return new Map(entries.map(([key, prices]) => [key, pricesSchema.parse(prices)]));
  } catch (cause) {
    const remedy = "Delete it, and start the run or the annotation again: this writes the prices again";
    throw new RunError(
      "damaged-manifest",
      `Cannot read "${RUN_TEXTS.prices}" of the run "${place}": it does not contain valid prices. ${remedy}`,
      { cause },
    );
  }
}

/** Writes prices to a run. Other models keep their prices. */
export async function keepPrices(run: RunWriter, prices: RunPrices): Promise<void> {
  const before = await readPrices(run);
  const all = new Map([...before, ...prices]);
  const text = `${JSON.stringify(Object.fromEntries(all), null, 2)}\n`;
  if (text !== `${JSON.stringify(Object.fromEntries(before), null, 2)}\n`) {
    await run.writeText(RUN_TEXTS.prices, text);
  }
}
