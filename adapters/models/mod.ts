/**
 * The models that can be used.
 *
 * @module
 */
export { BUILT_IN_ADAPTERS } from "./built_in_adapters.ts";
export { openaiAdapter } from "./openai/adapter.ts";
export { scriptedAdapter } from "./scripted/adapter.ts";
export { transformersAdapter } from "./transformers/adapter.ts";
