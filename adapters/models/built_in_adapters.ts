/** The models that can be used by name. */
import type { ModelAdapter } from "../../core/ports/model_adapter.ts";
import { openaiAdapter } from "./openai.ts";
import { scriptedAdapter } from "./scripted.ts";
import { transformersAdapter } from "./transformers/transformers.ts";

/** The built-in adapters by the name that experiment files use. What an adapter runs on is loaded when it creates a model. */
export const BUILT_IN_ADAPTERS: ReadonlyMap<string, ModelAdapter> = new Map([
  ["openai", openaiAdapter],
  ["scripted", scriptedAdapter],
  ["transformers", transformersAdapter],
]);
