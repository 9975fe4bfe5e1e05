/**
 * The models that experiments can use by name.
 *
 * @module
 */
import type { ModelProvider } from "../../core/experiment/mod.ts";
import type { ModelAdapter } from "../../core/ports/model.ts";
import { HUMAN, humanAdapter } from "../people/human_adapter.ts";
import { llamaAdapter } from "./llama/adapter.ts";
import { openaiAdapter } from "./openai/adapter.ts";
import { optionsOfProvider, problemsAtProvider } from "./openai/provider_options.ts";
import { PROVIDERS } from "./openai/providers.ts";
import { scriptedAdapter } from "./scripted/adapter.ts";
import { transformersAdapter } from "./transformers/adapter.ts";

/**
 * The built-in adapters, by their names in experiment files. An adapter loads its libraries only if an experiment
 * uses it.
 */
export const BUILT_IN_ADAPTERS: ReadonlyMap<string, ModelAdapter> = new Map([
  [HUMAN, humanAdapter],
  ["llama", llamaAdapter],
  ["openai", openaiAdapter],
  ["scripted", scriptedAdapter],
  ["transformers", transformersAdapter],
]);

/** The providers that experiments can name. Each is the adapter `openai` with the options of {@linkcode PROVIDERS}. */
export const BUILT_IN_PROVIDERS: ReadonlyMap<string, ModelProvider> = new Map(
  Object.entries(PROVIDERS).map(([name, provider]) => [name, {
    adapter: "openai",
    optionsBeside: (given) => optionsOfProvider(provider, given),
    check: (entry) => problemsAtProvider(provider, entry),
  }]),
);
