/** Completes and checks an entry of the experiment file that names a provider. */
import type { AdapterOptions, OptionProblem } from "../../../core/ports/model.ts";
import type { Provider } from "./providers.ts";

/**
 * The provider's options for everything that an entry leaves out. The provider's variable for the key is used only at
 * the provider's own address, so that a key never reaches another server by accident. For another address, the entry
 * names a variable itself.
 */
export function optionsOfProvider(provider: Provider, given: AdapterOptions): AdapterOptions {
  const { apiKeyEnv, ...others } = provider.options;
  const left = apiKeyEnv === undefined || isElsewhere(provider, given) ? others : provider.options;
  return Object.fromEntries(Object.entries(left).filter(([name]) => given[name] === undefined));
}

/**
 * The settings of an entry that the provider refuses or ignores. Finds none at another address, because its server can
 * differ.
 */
export function problemsAtProvider(
  provider: Provider,
  given: Readonly<Record<string, unknown>>,
): OptionProblem[] {
  const { title, seed, topLogprobs, temperatureMax } = provider;
  if (isElsewhere(provider, given)) return [];
  const problems: OptionProblem[] = [];
  const add = (option: string, message: string) =>
    problems.push({ path: [option], part: "value", message: `${title} ${message}` });
  if (seed === "refused" && given.sendSeed === true) add("sendSeed", "refuses seeds: leave this option out");
  if (isAbove(given.topLogprobs, topLogprobs)) {
    const most = topLogprobs === 0 ? "no log-probabilities" : `at most ${topLogprobs} log-probabilities`;
    add("topLogprobs", `returns ${most}: ${topLogprobs === 0 ? "leave this option out" : "lower it"}`);
  }
  if (isAbove(given.temperature, temperatureMax)) {
    add("temperature", `uses ${temperatureMax} for each higher temperature: set at most ${temperatureMax}`);
  }
  return problems;
}

function isAbove(value: unknown, limit: unknown): boolean {
  return typeof value === "number" && typeof limit === "number" && value > limit;
}

function isElsewhere({ options }: Provider, { baseUrl }: Readonly<Record<string, unknown>>): boolean {
  return baseUrl !== undefined && String(baseUrl).replace(/\/+$/, "") !== options.baseUrl;
}
