/**
 * The models of an experiment file: their schema and their checks. Discussions depend on a model's adapter, sampling and options. Its server, limits and
 * prices may change between the starts of a run.
 */
import { z } from "../zod.ts";
import { canonical, type Json } from "../json.ts";
import type { DiscussionSettings, ModelLimits, ModelSetup, Prices } from "./experiment.ts";
import type { Extensions } from "./extensions.ts";
import { STOPS_MAX } from "./limits.ts";
import { defined, modelKey } from "./model_keys.ts";
import { type Finding, listed, quoted } from "./problems.ts";
import {
  jsonSchema,
  keyName,
  KEYS_AND_VALUES,
  numberFrom,
  oneOf,
  text,
  wholeNumber,
} from "./schema_parts.ts";

const CONCURRENCY_MAX = 10_000;
const PER_MINUTE_MAX = 1_000_000_000;
const REQUEST_SECONDS_MAX = 86_400;
const PRICE_MAX = 1_000_000_000;

const concurrency = { error: `adaptive, or a whole number from 1 to ${CONCURRENCY_MAX}` };
const perMinute = { error: `a number above 0 and up to ${PER_MINUTE_MAX}` };
const seconds = { error: `a number of seconds above 0 and up to ${REQUEST_SECONDS_MAX}` };
const price = { error: `a price of a million tokens, from 0 to ${PRICE_MAX}` };
const currency = { error: "a currency of 1 to 10 letters, such as USD" };

const rate = (description: string) =>
  z.number(perMinute).gt(0, perMinute).max(PER_MINUTE_MAX, perMinute).optional().describe(description);
const priceOf = (description: string) =>
  z.number(price).min(0, price).max(PRICE_MAX, price).describe(description);

const limitsSchema: z.ZodType<ModelLimits> = z.strictObject({
  concurrency: z.union([
    z.literal("adaptive", concurrency),
    z.int(concurrency).min(1, concurrency).max(CONCURRENCY_MAX, concurrency),
  ], concurrency).default("adaptive").describe(
    "How many requests are in flight at the same time. adaptive: as many as the server can take, up to the adapter's own " +
      "concurrency",
  ),
  requestsPerMinute: rate("The most requests in a minute"),
  tokensPerMinute: rate(
    "The most tokens in a minute, prompts and replies together. They are estimated before a request and corrected by " +
      "the server's count",
  ),
  requestSeconds: z.number(seconds).gt(0, seconds).max(REQUEST_SECONDS_MAX, seconds).optional().describe(
    "The longest time of one request. When left out, the adapter's own time-out, or ten minutes if it has none",
  ),
}, { error: "{ concurrency, requestsPerMinute, tokensPerMinute, requestSeconds }" }).describe(
  "Limits of the requests to the model. They may change between the starts of a run",
);

export const pricesSchema: z.ZodType<Prices> = z.strictObject({
  input: priceOf("The price of a million tokens of prompts"),
  output: priceOf("The price of a million tokens of replies"),
  currency: z.string(currency).regex(/^\p{L}{1,10}$/u, currency).optional().describe(
    "The currency of the prices, the same for all models",
  ),
}, { error: "{ input, output, currency }" }).describe(
  "The model's prices, for budgets, plan and status. Prices may change between the starts of a run",
).meta({ examples: [{ input: 0.15, output: 0.6, currency: "USD" }] });

const stops = { error: `a text, or a list of 1 to ${STOPS_MAX} texts` };

const modelSchema = z.object({
  adapter: text(
    "The program that runs the model: human (a person), llama, openai, scripted, transformers, or the path of your own. Not " +
      "needed if provider is given",
    "the name or path of an adapter",
  ).optional().meta({ examples: ["openai"] }),
  provider: text(
    "The server's kind or its operator, such as ollama, vllm or openai. It sets the server's address, the variable of " +
      "its key, and other options that this entry does not have",
    "the name of a provider",
  ).optional().meta({ examples: ["ollama"] }),
  temperature: numberFrom(0, 100, "The temperature of sampling").optional().meta({ examples: [0.8] }),
  topP: numberFrom(0, 1, "Nucleus sampling: the share of probability that tokens are drawn from").optional(),
  maxTokens: wholeNumber(1, 10_000_000, "The longest reply, in tokens").optional().meta({ examples: [200] }),
  stop: z.union([
    z.string(stops).min(1, stops),
    z.array(z.string(stops).min(1, stops), stops).min(1, stops).max(STOPS_MAX, stops),
  ], stops).optional().describe("A text, or several texts, at which a reply ends"),
  thoughts: oneOf(
    ["strip", "keep"],
    "strip: thoughts in the text of a comment are removed and kept in the log. keep: they stay in the comment. strip " +
      "when left out",
  ).optional(),
  limits: limitsSchema.optional(),
  prices: pricesSchema.optional(),
}, KEYS_AND_VALUES).catchall(jsonSchema).describe("A model. It takes the options of its adapter as well");

export const modelsSchema = z.record(keyName("The model's name in this file"), modelSchema, {
  error: "names and their models",
}).refine((models) => Object.keys(models).length > 0, { error: "at least one model" })
  .describe("The models by name");

type ModelEntry = z.infer<typeof modelSchema>;

/** Keys for limits and prices. Discussions do not depend on them. */
const SERVICE_KEYS = ["limits", "prices"];

export function modelOptions(entry: Readonly<Record<string, unknown>>): Readonly<Record<string, Json>> {
  return without(entry, Object.keys(modelSchema.shape)) as Record<string, Json>;
}

type FullEntry = ModelEntry & { adapter: string };

/**
 * An entry with the adapter and the options of its provider, as if the file had them. If the file has an
 * option, the provider does not change it. So discussions depend on the options, and not on the provider's
 * name.
 */
export function withProvider(
  { provider, ...given }: Readonly<Record<string, unknown>>,
  { providers }: Extensions,
): FullEntry {
  const preset = typeof provider === "string" ? providers?.get(provider) : undefined;
  return { adapter: preset?.adapter, ...preset?.optionsBeside(modelOptions(given)), ...given } as FullEntry;
}

/** The part of an entry that discussions depend on. */
export function modelIdentity(entry: ModelEntry, extensions: Extensions): Record<string, unknown> {
  const full = withProvider(entry, extensions);
  return without(full, [...extensions.serviceOptionsOf?.(full.adapter) ?? [], ...SERVICE_KEYS]);
}

export function modelsOf(
  models: Readonly<Record<string, ModelEntry>>,
  extensions: Extensions,
): Record<string, ModelSetup> {
  return Object.fromEntries(
    Object.entries(models).map(([name, entry]) => [name, setupOf(entry, extensions)]),
  );
}

function setupOf(entry: ModelEntry, extensions: Extensions): ModelSetup {
  const full = withProvider(entry, extensions);
  const { adapter, temperature, topP, maxTokens, stop, thoughts, limits, prices } = full;
  const options = modelOptions(full);
  const service = extensions.serviceOptionsOf?.(adapter) ?? [];
  return {
    adapter,
    sampling: defined({ temperature, topP, maxTokens, stop: stop === undefined ? undefined : [stop].flat() }),
    options: without(options, service) as Record<string, Json>,
    ...defined({ thoughts }),
    service: Object.fromEntries(Object.entries(options).filter(([key]) => service.includes(key))),
    ...defined({ limits, prices }),
  };
}

/**
 * Refuses a model whose server or limits differ between conditions: a run has one connection for each model.
 */
export function serviceFindings(settings: readonly DiscussionSettings[]): readonly Finding[] {
  const reached = new Map<string, string>();
  for (const [name, setup] of settings.flatMap(({ models }) => Object.entries(models))) {
    const service = canonical([setup.service, setup.limits ?? null, setup.prices ?? null]);
    const key = modelKey(name, setup);
    if ((reached.get(key) ?? service) !== service) {
      const message = `the conditions reach the model ${quoted(name)} in different ways: ` +
        `describe two models, and let the conditions choose between them`;
      return [{ path: ["models", name], part: "key", message }];
    }
    reached.set(key, service);
  }
  return [];
}

/**
 * Costs are added, so all prices must be in one currency.
 *
 * @param models The models of all conditions. Conditions can describe the same name in different ways.
 */
export function currencyFindings(
  models: Iterable<readonly [name: string, setup: ModelSetup]>,
): readonly Finding[] {
  const currencies = new Map<string, string>();
  for (const [name, { prices }] of models) {
    if (prices !== undefined) currencies.set(prices.currency ?? "no currency", name);
  }
  if (currencies.size < 2) return [];
  const message = `prices must be in one currency, found ${listed(currencies.keys())}`;
  return [{ path: ["models", [...currencies.values()].at(-1)!, "prices"], message }];
}

function without(entry: Readonly<Record<string, unknown>>, keys: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(entry).filter(([key]) => !keys.includes(key)));
}
