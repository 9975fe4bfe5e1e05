/** Counts the tokens of prompts, for models whose tokens can be counted without a request. */
import type { LoadedExperiment } from "../../adapters/local/mod.ts";
import type { Message } from "../../core/ports/model.ts";

/** The tokens of a prompt by model; `null` if they are not known. */
export type PromptTokens = (model: string, messages: readonly Message[]) => number | null;

/**
 * Opens the tokenizers of an experiment's local models. Counts of other models are not known. A model whose options are
 * the levels of a factor has no single tokenizer, so its counts are not known either.
 */
export async function promptTokens({ folder, plan, experiment }: LoadedExperiment): Promise<PromptTokens> {
  const setups = plan.conditions.flatMap(({ variants }) => variants.map(({ models }) => models));
  const all = [...setups, experiment.annotation?.models ?? {}].flatMap((models) => Object.entries(models));
  const counters = new Map<string, ((messages: readonly Message[]) => number | null) | null>();
  for (const [name, specs] of Map.groupBy(all, ([name]) => name)) {
    const [, spec] = specs[0]!;
    const places = new Set(specs.map(([, { adapter, options }]) => `${adapter} ${String(options.model)}`));
    if (spec.adapter !== "transformers" || places.size > 1) continue;
    const { tokenCounter } = await import("../../adapters/models/transformers/count_tokens.ts");
    counters.set(name, await tokenCounter(spec, folder));
  }
  return (model, messages) => counters.get(model)?.(messages) ?? null;
}
