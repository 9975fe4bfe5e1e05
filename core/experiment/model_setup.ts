/** Models: what they are, which discussions depend on, and how they are reached, which may change between runs. */
import { canonical, type Json } from "../json.ts";
import type { ModelSpec, ThoughtsOption } from "../events/models.ts";
import type { DiscussionSettings, ModelSetup } from "./experiment.ts";
import type { Extensions } from "./extensions.ts";
import { type Finding, listed, quoted } from "./problems.ts";
import { SAMPLING_KEYS } from "./schema.ts";
import { type ModelLimits, type Prices, SERVICE_KEYS } from "./service_schema.ts";

/** A model's entry in the file. */
type ModelEntry = Readonly<Record<string, unknown>>;

const OURS: ReadonlySet<string> = new Set([
  "adapter",
  ...SAMPLING_KEYS,
  "thoughts",
  ...SERVICE_KEYS,
]);

/** What of a model's entry is the adapter's. */
export function modelOptions(entry: ModelEntry): Readonly<Record<string, Json>> {
  return without(entry, OURS) as Record<string, Json>;
}

/** What of a model's entry discussions depend on. */
export function modelIdentity(entry: ModelEntry, extensions: Extensions): ModelEntry {
  return without(entry, serviceKeys(entry, extensions).union(new Set(SERVICE_KEYS)));
}

/**
 * Makes the setup of a model whose entry was found valid.
 *
 * @param entry The entry with its defaults filled in.
 * @param sampling How replies are drawn.
 * @param extensions Says which options are about reaching the model.
 */
export function modelSetup(
  entry: ModelEntry & { adapter: string; thoughts?: ThoughtsOption; limits?: ModelLimits; prices?: Prices },
  sampling: ModelSpec["sampling"],
  extensions: Extensions,
): ModelSetup {
  const all = modelOptions(entry);
  const service = serviceKeys(entry, extensions);
  const reached = Object.entries(all).filter(([key]) => service.has(key));
  return {
    adapter: entry.adapter,
    sampling,
    options: without(all, service) as Record<string, Json>,
    ...(entry.thoughts === undefined ? {} : { thoughts: entry.thoughts }),
    service: Object.fromEntries(reached),
    ...(entry.limits === undefined ? {} : { limits: entry.limits }),
    ...(entry.prices === undefined ? {} : { prices: entry.prices }),
  };
}

/** What a log says of a model: everything but how it was reached. */
export function specOf({ adapter, sampling, options, thoughts }: ModelSetup): ModelSpec {
  return { adapter, sampling, options, ...(thoughts === undefined ? {} : { thoughts }) };
}

/** What a model is, by what logs say of it: sampling goes with each request, so it is no part of that. */
export function specKey({ adapter, options }: Pick<ModelSpec, "adapter" | "options">): string {
  return canonical([adapter, options]);
}

/**
 * What tells the models of one file apart. Servers can call different models the same, so that two entries differ in
 * nothing but where they are: then their names do. A name alone does not do: conditions can describe it differently.
 */
export function modelKey(name: string, spec: Pick<ModelSpec, "adapter" | "options">): string {
  return canonical([name, spec.adapter, spec.options]);
}

/** What a log says of a model, with how it is reached and limited where that is known. */
export type ReachedSpec = ModelSpec & Partial<Pick<ModelSetup, "service" | "limits">>;

/** Where the requests to a model go: equal for entries that can share one. */
export function placeKey({ adapter, options, service = {} }: ReachedSpec): string {
  return canonical([adapter, options, service]);
}

/** Where the requests to a model go, and how they are limited: equal for entries that share one queue. */
export function queueKey(setup: ReachedSpec): string {
  return canonical([placeKey(setup), setup.limits ?? null]);
}

/** A model that one condition reaches in another way than another does would be asked in only one of them. */
export function serviceFindings(settings: readonly DiscussionSettings[]): readonly Finding[] {
  const reached = new Map<string, string>();
  for (const [name, setup] of settings.flatMap(({ models }) => Object.entries(models))) {
    const service = canonical([setup.service, setup.limits ?? null, setup.prices ?? null]);
    const key = modelKey(name, setup);
    if ((reached.get(key) ?? service) !== service) {
      const message =
        `the conditions reach the model ${quoted(name)} in different ways: how a model is reached ` +
        `cannot differ between conditions; describe two models, and let the conditions choose between them`;
      return [{ path: ["models", name], part: "key", message }];
    }
    reached.set(key, service);
  }
  return [];
}

/** Costs are added up, so they are in one currency. */
export function currencyFindings(models: Readonly<Record<string, ModelSetup>>): readonly Finding[] {
  const currencies = new Map<string, string>();
  for (const [name, { prices }] of Object.entries(models)) {
    if (prices !== undefined) currencies.set(prices.currency ?? "no currency", name);
  }
  if (currencies.size < 2) return [];
  const message = `prices must be in one currency, found ${listed(currencies.keys())}`;
  return [{ path: ["models", [...currencies.values()].at(-1)!, "prices"], message }];
}

function serviceKeys({ adapter }: ModelEntry, { serviceOptionsOf }: Extensions): ReadonlySet<string> {
  return new Set(typeof adapter === "string" ? serviceOptionsOf?.(adapter) ?? [] : []);
}

function without(entry: ModelEntry, keys: ReadonlySet<string>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(entry).filter(([key]) => !keys.has(key)));
}
