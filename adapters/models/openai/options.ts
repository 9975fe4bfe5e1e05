/** The options of a model behind an OpenAI-compatible server in an experiment file. */
import { z } from "../../../core/zod.ts";
import { concurrencySchema, timeoutSeconds, whole } from "../shared/options.ts";

export const OFFICIAL_BASE_URL = "https://api.openai.com/v1";

/** The default time limit of a request, including its wait in the server's own queue. */
const TIMEOUT_SECONDS_DEFAULT = 300;

/** Hosted servers and vLLM return the probabilities of at most 20 tokens at each position by default. */
const TOP_LOGPROBS_MAX = 20;

const STRUCTURED_OUTPUTS = ["none", "response_format", "structured_outputs", "guided"] as const;

const MODEL_NAME_LENGTH_MAX = 500;

/** Fields that `extraBody` must not contain: the adapter decides them, so that the log records them correctly. */
const OWN_FIELDS = ["model", "messages", "stream", "n", "seed", "temperature", "top_p", "stop"];

const modelError = "the name by which the server knows the model";
const baseUrlError = "an address such as http://localhost:8000/v1, without user name, password, ? and #";
const keyError = "the name of an environment variable, such as MY_SERVER_KEY (never the key itself)";
const structuredError = STRUCTURED_OUTPUTS.join(", ");
const extraError = `fields of the request, except ${OWN_FIELDS.join(", ")}`;

export const openaiSchema = z.strictObject({
  model: z.string({ error: modelError }).min(1, { error: modelError })
    .max(MODEL_NAME_LENGTH_MAX, { error: modelError }),
  baseUrl: z.string({ error: baseUrlError }).refine(isBaseUrl, { error: baseUrlError })
    .transform((url) => url.replace(/\/+$/, "")).default(OFFICIAL_BASE_URL)
    .describe("The server's address, without /chat/completions"),
  apiKeyEnv: z.string({ error: keyError }).regex(/^[A-Z_][A-Z0-9_]{0,99}$/, { error: keyError }).optional()
    .describe("The environment variable that holds the key; self-hosted servers often need none"),
  timeoutSeconds: timeoutSeconds.default(TIMEOUT_SECONDS_DEFAULT).describe("The time limit of one request"),
  concurrency: concurrencySchema,
  sendSeed: z.boolean({ error: "true or false" }).default(true)
    .describe("Whether to send the sampling seed; some servers refuse it"),
  seedField: z.enum(["seed", "random_seed"], { error: "seed or random_seed" }).default("seed")
    .describe("The server's name for the sampling seed"),
  systemRole: z.enum(["send", "merge"], { error: "send or merge" }).default("send").describe(
    "How to send the system message: on its own, or, with merge, at the beginning of the first user message, for " +
      "models that have no system role",
  ),
  maxTokensField: z.enum(["max_tokens", "max_completion_tokens"], {
    error: "max_tokens or max_completion_tokens",
  }).optional().describe(
    "The server's name for maxTokens; by default max_completion_tokens at api.openai.com, max_tokens elsewhere",
  ),
  structuredOutput: z.enum(STRUCTURED_OUTPUTS, { error: structuredError }).default("none").describe(
    "How to ask the server for the form of an answer: response_format (a strict JSON schema; api.openai.com and many " +
      "others), structured_outputs (vLLM from 0.12 on), guided (older vLLM), or none",
  ),
  topLogprobs: whole(0, TOP_LOGPROBS_MAX).default(0).describe(
    "How many likely tokens the server returns with their probabilities, for choices among answers; 0 for none",
  ),
  extraBody: z.record(z.string(), z.json(), { error: extraError })
    .refine((body) => OWN_FIELDS.every((field) => !Object.hasOwn(body, field)), { error: extraError })
    .default({}).describe("Fields that are sent with every request, such as top_k or chat_template_kwargs"),
});

export type OpenAiOptions = Readonly<z.output<typeof openaiSchema>>;

function isBaseUrl(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && /^https?:$/.test(url.protocol) && !/[?#]/.test(text) && url.username === "" &&
    url.password === "";
}
