/** The adapter for servers that speak the OpenAI API: vLLM, TGI, llama.cpp, Ollama and hosted servers. */
import {
  type AdapterContext,
  type ModelAdapter,
  ModelError,
  type OptionProblem,
} from "../../../core/ports/model.ts";
import { OFFICIAL_BASE_URL, type OpenAiOptions, openaiSchema } from "./options.ts";
import { checkOptions, readOptions } from "../shared/options.ts";
import { addressAt, routeTo } from "./connection.ts";

const VISIBLE_ASCII = /^[\x21-\x7e]+$/;

/** The adapter for OpenAI-compatible servers. It loads the client when it creates the first model. */
export const openaiAdapter: ModelAdapter = {
  checkOptions(options) {
    const problems = checkOptions(openaiSchema, options);
    return options.baseUrl === undefined && options.apiKeyEnv === undefined
      ? [...problems, KEY_OF_OFFICIAL_API]
      : problems;
  },
  serviceOptions: ["baseUrl", "apiKeyEnv", "timeoutSeconds", "concurrency", "maxTokensField", "seedField"],
  addressOf(options) {
    const { baseUrl, apiKeyEnv = "" } = readOptions(openaiSchema, options);
    return [addressAt(baseUrl), apiKeyEnv];
  },
  concurrencyOf: (options) => readOptions(openaiSchema, options).concurrency,
  timeoutMsOf: (options) => readOptions(openaiSchema, options).timeoutSeconds * 1000,
  async create(spec, context) {
    const options = readOptions(openaiSchema, spec.options);
    const apiKey = keyFor(options, context);
    const { OpenAiModel } = await import("./model.ts");
    const route = await routeTo(options.baseUrl, context.env);
    return new OpenAiModel({ ...options, sampling: spec.sampling, apiKey, route, clock: context.clock });
  },
};

const KEY_OF_OFFICIAL_API: OptionProblem = {
  path: ["apiKeyEnv"],
  part: "value",
  message:
    `missing: ${OFFICIAL_BASE_URL} needs a key; give the name of the environment variable that holds ` +
    `the key, or the baseUrl of another server`,
  expected: "the name of an environment variable",
};

function keyFor({ apiKeyEnv, model }: OpenAiOptions, { env }: AdapterContext): string | null {
  if (apiKeyEnv === undefined) return null;
  const key = env(apiKeyEnv)?.trim() ?? "";
  if (key === "") {
    throw new ModelError(
      "unauthorised",
      `Cannot use the model "${model}": the environment variable ${apiKeyEnv} is not set; put the ` +
        `server's key into it: export ${apiKeyEnv}=…`,
    );
  }
  if (!VISIBLE_ASCII.test(key)) {
    throw new ModelError(
      "unauthorised",
      `Cannot use the model "${model}": the environment variable ${apiKeyEnv} contains spaces or characters ` +
        `that are not part of a key; set it to only the key`,
    );
  }
  return key;
}
