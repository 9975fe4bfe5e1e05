/**
 * The models that can be used.
 *
 * @module
 */
export { REQUESTS_IN_FLIGHT_DEFAULT, REQUESTS_IN_FLIGHT_MAX } from "./concurrency.ts";
export { openaiAdapter } from "./openai.ts";
export { BUILT_IN_ADAPTERS } from "./built_in_adapters.ts";
export { scriptedAdapter } from "./scripted.ts";
export { transformersAdapter } from "./transformers/transformers.ts";
