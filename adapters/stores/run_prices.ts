/** The prices of a run's models. The run's description leaves them out, since they can change between starts. */
import type { ModelSpec } from "../../core/events/mod.ts";
import { canonical } from "../../core/json.ts";
import { join } from "node:path";
import type { PriceLookUp, Reply } from "../../analysis/projections/mod.ts";
import type { Prices } from "../../core/experiment/experiment.ts";
import { modelKey, pricesSchema, specKey } from "../../core/experiment/models.ts";
import { RunError } from "../../core/run_log/mod.ts";
import { unusable } from "./store_errors.ts";
import { RUN_FILES } from "./run_files.ts";
import { writeRunFile } from "./run_folder.ts";

/** Prices by {@linkcode priceKey}. */
export type RunPrices = ReadonlyMap<string, Prices>;

type Priced = Pick<Reply, "model" | "pass"> & Readonly<{ spec: ModelSpec }>;

/** The key of a model's price. It includes the pass, since each pass can use the same names for other models. */
export function priceKey({ pass, model, spec }: Priced): string {
  return canonical([pass, modelKey(model, spec)]);
}

/** Makes a function that looks up prices, and remembers them for each specification object. */
export function priceLookUp(prices: RunPrices): PriceLookUp {
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

export function readPrices(folder: string): RunPrices {
  const path = join(folder, RUN_FILES.prices);
  let text: string;
  try {
    text = Deno.readTextFileSync(path);
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) return new Map();
    throw unusable("read", path, cause);
  }
  try {
    const entries = Object.entries<unknown>(JSON.parse(text));
    return new Map(entries.map(([key, prices]) => [key, pricesSchema.parse(prices)]));
  } catch (cause) {
    const remedy = "Delete it, and start the run or the annotation again, which writes it again";
    throw new RunError(
      "damaged-manifest",
      `Cannot read "${path}": it does not contain valid prices. ${remedy}`,
      {
        cause,
      },
    );
  }
}

/** Writes prices to an open run folder. Other models keep their prices. */
export async function keepPrices(folder: string, prices: RunPrices): Promise<void> {
  const before = readPrices(folder);
  const all = new Map([...before, ...prices]);
  const text = `${JSON.stringify(Object.fromEntries(all), null, 2)}\n`;
  if (text !== `${JSON.stringify(Object.fromEntries(before), null, 2)}\n`) {
    await writeRunFile(folder, RUN_FILES.prices, text);
  }
}
