/** What an experiment file can say of any model's service, whoever runs it: how hard it is asked, and what it costs. */
import { z } from "zod";

/** Most requests in flight. */
export const FIXED_CONCURRENCY_MAX = 10_000;

/** Most requests, or tokens, in a minute. */
export const PER_MINUTE_MAX = 1_000_000_000;

/** Longest time of one request, in seconds. */
export const REQUEST_SECONDS_MAX = 86_400;

/** Highest price of a million tokens. */
const PRICE_MAX = 1_000_000_000;

/** Keys of a model's entry that say how it is asked and what it costs, not what it is. */
export const SERVICE_KEYS = ["limits", "prices"] as const;

const concurrency = { error: `adaptive, or a whole number from 1 to ${FIXED_CONCURRENCY_MAX}` };
const perMinute = { error: `a number above 0 and up to ${PER_MINUTE_MAX}` };
const seconds = { error: `a number of seconds above 0 and up to ${REQUEST_SECONDS_MAX}` };
const price = { error: `a price of a million tokens, from 0 to ${PRICE_MAX}` };
const currency = { error: "a currency of 1 to 10 letters, such as USD" };

const rate = (description: string) =>
  z.number(perMinute).gt(0, perMinute).max(PER_MINUTE_MAX, perMinute).optional().describe(description);
const priceOf = (description: string) =>
  z.number(price).min(0, price).max(PRICE_MAX, price).describe(description);

/** How hard a model is asked. */
export const limitsSchema: z.ZodType<ModelLimits> = z.strictObject({
  concurrency: z.union([
    z.literal("adaptive", concurrency),
    z.int(concurrency).min(1, concurrency).max(FIXED_CONCURRENCY_MAX, concurrency),
  ], concurrency).default("adaptive").describe(
    "Requests in flight: always so many, or adaptive: as many as the model bears, up to its own concurrency",
  ),
  requestsPerMinute: rate("Requests in a minute at most"),
  tokensPerMinute: rate("Tokens of prompts and replies in a minute at most, estimated before each request"),
  requestSeconds: z.number(seconds).gt(0, seconds).max(REQUEST_SECONDS_MAX, seconds).optional().describe(
    "How long one request may take before it is given up, whatever its adapter does",
  ),
}, { error: "{ concurrency, requestsPerMinute, tokensPerMinute, requestSeconds }" }).describe(
  "How hard the model is asked",
);

/** What a model costs. */
export const pricesSchema: z.ZodType<Prices> = z.strictObject({
  input: priceOf("Price of a million tokens of prompts"),
  output: priceOf("Price of a million tokens of replies"),
  currency: z.string(currency).regex(/^\p{L}{1,10}$/u, currency).optional().describe(
    "What the prices are in; the same for all models",
  ),
}, { error: "{ input, output, currency }" }).describe("What the model costs, for budgets and estimates");

/** How hard a model is asked. */
export type ModelLimits = Readonly<{
  /** Requests in flight: always so many, or as many as the model bears. */
  concurrency: number | "adaptive";
  requestsPerMinute?: number;
  tokensPerMinute?: number;
  /** How long one request may take, in seconds. */
  requestSeconds?: number;
}>;

/** What a model costs, by the million tokens. */
export type Prices = Readonly<{ input: number; output: number; currency?: string }>;

/** What tokens cost, in the prices' currency; nothing where there are no prices. */
export function costOf(
  prices: Prices | undefined,
  { promptTokens, completionTokens }: Readonly<{ promptTokens: number; completionTokens: number }>,
): number {
  if (prices === undefined) return 0;
  return (promptTokens * prices.input + completionTokens * prices.output) / 1e6;
}
