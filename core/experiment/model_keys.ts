/** How logs describe models, keys that are equal for equal models, and the cost of tokens. */
import { canonical } from "../json.ts";
import type { ModelSpec } from "../events/mod.ts";
import type { ModelSetup, Prices } from "./experiment.ts";

/** The model as logs describe it: everything except how it is reached. */
export function specOf({ adapter, sampling, options, thoughts }: ModelSetup): ModelSpec {
  return { adapter, sampling, options, ...defined({ thoughts }) };
}

/**
 * A key that is equal for models with the same adapter and options. Sampling belongs to each request, not to
 * the key.
 */
export function specKey({ adapter, options }: Pick<ModelSpec, "adapter" | "options">): string {
  return canonical([adapter, options]);
}

/**
 * A key that differs between the models of a file. It contains the name, because two entries can differ only
 * in their servers. It also contains the spec, because two conditions can describe the same name in different
 * ways.
 */
export function modelKey(name: string, spec: Pick<ModelSpec, "adapter" | "options">): string {
  return canonical([name, spec.adapter, spec.options]);
}

/** A model as a log describes it, and how it is reached and limited if that is known. */
export type ReachedSpec = ModelSpec & Partial<Pick<ModelSetup, "service" | "limits">>;

/** A key for the server or program of a model. It is equal for entries that can share a connection. */
export function placeKey({ adapter, options, service = {} }: ReachedSpec): string {
  return canonical([adapter, options, service]);
}

/**
 * A key for the server or program of a model and its limits. It is equal for entries that share one queue.
 */
export function queueKey(setup: ReachedSpec): string {
  return canonical([placeKey(setup), setup.limits ?? null]);
}

/** The cost of tokens, in the currency of the prices; 0 if there are no prices. */
export function costOf(
  prices: Prices | undefined,
  { promptTokens, completionTokens }: Readonly<{ promptTokens: number; completionTokens: number }>,
): number {
  if (prices === undefined) return 0;
  return (promptTokens * prices.input + completionTokens * prices.output) / 1e6;
}

/** An entry without the keys that have no value. */
export function defined<T extends object>(entry: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(entry).filter(([, value]) => value !== undefined)) as never;
}
