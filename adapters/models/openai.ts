/** The adapter for servers that speak the OpenAI API: vLLM, TGI, llama.cpp, Ollama, hosted ones. */
import { ModelError } from "../../core/ports/model.ts";
import type { AdapterContext, ModelAdapter, OptionProblem } from "../../core/ports/model_adapter.ts";
import { OFFICIAL_BASE_URL, type OpenAiOptions, openaiSchema } from "./openai_options.ts";
import { checkOptions, readOptions } from "./options.ts";
import { addressAt, routeTo } from "./route.ts";

/** A key that can be sent in a header. */
const VISIBLE_ASCII = /^[\x21-\x7e]+$/;

/** The adapter for OpenAI-compatible servers. The client is loaded when the first model is created. */
export const openaiAdapter: ModelAdapter = {
  checkOptions(options) {
    const problems = checkOptions(openaiSchema, options);
    return options.baseUrl === undefined && options.apiKeyEnv === undefined
      ? [...problems, KEY_OF_OFFICIAL_API]
      : problems;
  },
  serviceOptions: ["baseUrl", "apiKeyEnv", "timeoutSeconds", "concurrency", "maxTokensField"],
  addressOf(options) {
    const { baseUrl, apiKeyEnv = "" } = readOptions(openaiSchema, options);
    return [addressAt(baseUrl), apiKeyEnv];
  },
  concurrencyOf: (options) => readOptions(openaiSchema, options).concurrency,
  timeoutMsOf: (options) => readOptions(openaiSchema, options).timeoutSeconds * 1000,
  async create(spec, context) {
    const options = readOptions(openaiSchema, spec.options);
    const apiKey = keyFor(options, context);
    const { OpenAiModel } = await import("./openai_model.ts");
    const route = await routeTo(options.baseUrl, context.env);
    return new OpenAiModel({ ...options, sampling: spec.sampling, apiKey, route, clock: context.clock });
  },
};

const KEY_OF_OFFICIAL_API: OptionProblem = {
  path: ["apiKeyEnv"],
  part: "value",
  message:
    `missing: ${OFFICIAL_BASE_URL} needs a key; give the name of the environment variable that holds ` +
    `yours, or the baseUrl of another server`,
  expected: "the name of an environment variable",
};

function keyFor({ apiKeyEnv, model }: OpenAiOptions, { env }: AdapterContext): string | null {
  if (apiKeyEnv === undefined) return null;
  const key = env(apiKeyEnv)?.trim() ?? "";
  if (key === "") {
    throw new ModelError(
      "unauthorised",
      `Cannot use the model "${model}": the environment variable ${apiKeyEnv}, which is to hold its key, is not ` +
        `set; set it first: export ${apiKeyEnv}=…`,
    );
  }
  if (!VISIBLE_ASCII.test(key)) {
    throw new ModelError(
      "unauthorised",
      `Cannot use the model "${model}": the environment variable ${apiKeyEnv} holds spaces or characters that no ` +
        `key has; set it to the key alone`,
    );
  }
  return key;
}
