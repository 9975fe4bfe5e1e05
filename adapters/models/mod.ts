/**
 * The models that experiments can use by name.
 *
 * @module
 */
import type { ModelAdapter } from "../../core/ports/model.ts";
import { openaiAdapter } from "./openai/adapter.ts";
import { scriptedAdapter } from "./scripted/adapter.ts";
import { transformersAdapter } from "./transformers/adapter.ts";

/**
 * The built-in adapters, by their names in experiment files. An adapter loads its libraries only if an experiment uses it.
 */
export const BUILT_IN_ADAPTERS: ReadonlyMap<string, ModelAdapter> = new Map([
  ["openai", openaiAdapter],
  ["scripted", scriptedAdapter],
  ["transformers", transformersAdapter],
]);
