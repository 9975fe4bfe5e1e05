/** What an experiment file can say of a model behind an OpenAI-compatible server. */
import { z } from "zod";
import { concurrencySchema } from "./concurrency.ts";

/** The API that is used where an experiment names no other. */
export const OFFICIAL_BASE_URL = "https://api.openai.com/v1";

/** How long a request may take, waiting in the server's own queue included, in seconds. */
export const TIMEOUT_SECONDS_DEFAULT = 300;

/** Longest time-out, in seconds. */
export const TIMEOUT_SECONDS_MAX = 7_200;

/** Most tokens whose probabilities a server is asked for; hosted servers and vLLM give no more by default. */
export const TOP_LOGPROBS_MAX = 20;

const STRUCTURED_OUTPUTS = ["none", "response_format", "structured_outputs", "guided"] as const;

const MODEL_NAME_LENGTH_MAX = 500;

/** What the body of a request gets from elsewhere, so that the log tells the truth about it. */
const OWN_FIELDS = ["model", "messages", "stream", "n", "seed", "temperature", "top_p", "stop"];

const modelError = "the name by which the server knows the model";
const baseUrlError = "an address such as http://localhost:8000/v1, without user name, password, ? and #";
const keyError = "the name of an environment variable, such as MY_SERVER_KEY (never the key itself)";
const timeoutError = `a number of seconds above 0 and up to ${TIMEOUT_SECONDS_MAX}`;
const topLogprobsError = `a whole number from 0 to ${TOP_LOGPROBS_MAX}`;
const structuredError = STRUCTURED_OUTPUTS.join(", ");
const extraError = `fields of the request, but for ${OWN_FIELDS.join(", ")}`;

/** Options of models behind OpenAI-compatible servers. */
export const openaiSchema = z.strictObject({
  model: z.string({ error: modelError }).min(1, { error: modelError })
    .max(MODEL_NAME_LENGTH_MAX, { error: modelError }),
  baseUrl: z.string({ error: baseUrlError }).refine(isBaseUrl, { error: baseUrlError })
    .transform((url) => url.replace(/\/+$/, "")).default(OFFICIAL_BASE_URL)
    .describe("Where the server is, up to and without /chat/completions"),
  apiKeyEnv: z.string({ error: keyError }).regex(/^[A-Z_][A-Z0-9_]{0,99}$/, { error: keyError }).optional()
    .describe("The environment variable that holds the key; servers of one's own often need none"),
  timeoutSeconds: z.number({ error: timeoutError }).gt(0, { error: timeoutError })
    .max(TIMEOUT_SECONDS_MAX, { error: timeoutError }).default(TIMEOUT_SECONDS_DEFAULT)
    .describe("How long one request may take"),
  concurrency: concurrencySchema,
  sendSeed: z.boolean({ error: "true or false" }).default(true)
    .describe("Whether the sampling seed is sent; some servers refuse it"),
  systemRole: z.enum(["send", "merge"], { error: "send or merge" }).default("send").describe(
    "How the words of the system are sent: as a message of their own, or, with merge, at the beginning of the first " +
      "message of the user, for models that have no system role",
  ),
  maxTokensField: z.enum(["max_tokens", "max_completion_tokens"], {
    error: "max_tokens or max_completion_tokens",
  }).optional().describe(
    "What the server calls maxTokens: max_completion_tokens at api.openai.com, max_tokens elsewhere",
  ),
  structuredOutput: z.enum(STRUCTURED_OUTPUTS, { error: structuredError }).default("none").describe(
    "How the server is told the form of an answer: response_format (a strict JSON schema: api.openai.com and many " +
      "others), structured_outputs (vLLM from 0.12 on), guided (older vLLM); with none it is not told",
  ),
  topLogprobs: z.int({ error: topLogprobsError }).min(0, { error: topLogprobsError })
    .max(TOP_LOGPROBS_MAX, { error: topLogprobsError }).default(0).describe(
      "Of how many of the likeliest tokens the server tells the probabilities, for answers to choose from; 0 for none",
    ),
  extraBody: z.record(z.string(), z.json(), { error: extraError })
    .refine((body) => OWN_FIELDS.every((field) => !Object.hasOwn(body, field)), { error: extraError })
    .default({}).describe("Sent with every request, such as top_k, or chat_template_kwargs"),
});

/** Options of a model behind an OpenAI-compatible server, with their defaults. */
export type OpenAiOptions = Readonly<z.output<typeof openaiSchema>>;

function isBaseUrl(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && /^https?:$/.test(url.protocol) && !/[?#]/.test(text) && url.username === "" &&
    url.password === "";
}
