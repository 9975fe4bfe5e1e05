/** What a run's models cost, kept in its folder: prices are no part of what was run, and can change between starts. */
import type { ModelSpec } from "../../core/events/mod.ts";
import { canonical } from "../../core/json.ts";
import { join } from "node:path";
import type { PriceLookUp, Reply } from "../../analysis/projections/mod.ts";
import type { Prices } from "../../core/experiment/experiment.ts";
import { modelKey, pricesSchema, specKey } from "../../core/experiment/models.ts";
import { RunFolderError, unusable } from "./store_errors.ts";
import { RUN_FILES } from "./run_files.ts";
import { writeRunFile } from "./run_folder.ts";

/** Prices by {@linkcode priceKey}. */
export type RunPrices = ReadonlyMap<string, Prices>;

type Priced = Pick<Reply, "model" | "pass"> & Readonly<{ spec: ModelSpec }>;

/** What tells apart the models of a run with their prices: passes have files of their own, with names of their own. */
export function priceKey({ pass, model, spec }: Priced): string {
  return canonical([pass, modelKey(model, spec)]);
}

/** Looks prices up; a design's own object is looked up quickly the second time. */
export function priceLookUp(prices: RunPrices): PriceLookUp {
  const known = new WeakMap<ModelSpec, Map<string, Prices | undefined>>();
  return ({ pass, model, spec }) => {
    if (spec === undefined) return undefined;
    const ofSpec = known.get(spec) ?? new Map<string, Prices | undefined>();
    known.set(spec, ofSpec);
    const name = `${pass ?? ""}\n${model}`;
    if (!ofSpec.has(name)) {
      // Earlier versions wrote prices down by what models are, without their names.
      ofSpec.set(name, prices.get(priceKey({ pass, model, spec })) ?? prices.get(specKey(spec)));
    }
    return ofSpec.get(name);
  };
}

/**
 * Reads the prices of a run.
 *
 * @param folder The run's folder.
 * @returns None where none were ever given.
 * @throws {RunFolderError} When the file is damaged or cannot be read.
 */
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
    const remedy = "Delete it, and start the run or the annotation again: it is written anew";
    throw new RunFolderError("damaged-manifest", `Cannot read "${path}": it holds no prices. ${remedy}`, {
      cause,
    });
  }
}

/**
 * Keeps prices in a run folder that is open for writing, beside those of models that are not among them.
 *
 * @param folder The run's folder.
 * @param prices The models that a process uses, and what they cost now.
 * @throws {RunFolderError} When they cannot be read or written.
 */
export async function keepPrices(folder: string, prices: RunPrices): Promise<void> {
  const before = readPrices(folder);
  const all = new Map([...before, ...prices]);
  const text = `${JSON.stringify(Object.fromEntries(all), null, 2)}\n`;
  if (text !== `${JSON.stringify(Object.fromEntries(before), null, 2)}\n`) {
    await writeRunFile(join(folder, RUN_FILES.prices), text);
  }
}
