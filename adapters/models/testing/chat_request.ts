/** Requests for chat completions, checked as the public specification of the OpenAI API describes them. */

/** The body of a request that was found valid. Fields that the checks do not know are kept as they are. */
export type ChatRequest =
  & Readonly<{
    model: string;
    messages: readonly Readonly<{ role: string; content: string }>[];
    temperature?: number | null;
    top_p?: number | null;
    seed?: number | null;
    max_tokens?: number | null;
    max_completion_tokens?: number | null;
    stop?: string | readonly string[] | null;
  }>
  & Readonly<Record<string, unknown>>;

/** What is wrong with a request, as the `error` object of the specification says it. */
export type ChatProblem = Readonly<{ message: string; param: string | null }>;

const ROLES: ReadonlySet<unknown> = new Set(["developer", "system", "user", "assistant"]);

/** Most stop sequences that the specification allows. */
const STOPS_MAX = 4;

type Check = Readonly<{ expected: string; holds: (value: unknown) => boolean }>;

const numberWithin = (min: number, max: number): Check => ({
  expected: `a number from ${min} to ${max}`,
  holds: (value) => typeof value === "number" && value >= min && value <= max,
});
const positive: Check = {
  expected: "a positive integer",
  holds: (value) => Number.isInteger(value) && (value as number) > 0,
};
const isText = (value: unknown): value is string => typeof value === "string";

const OPTIONAL: Readonly<Record<string, Check>> = {
  temperature: numberWithin(0, 2),
  top_p: numberWithin(0, 1),
  seed: { expected: "an integer", holds: Number.isSafeInteger },
  max_tokens: positive,
  max_completion_tokens: positive,
  n: positive,
  stream: { expected: "a boolean", holds: (value) => typeof value === "boolean" },
  logprobs: { expected: "a boolean", holds: (value) => typeof value === "boolean" },
  top_logprobs: {
    expected: "an integer from 0 to 20",
    holds: (value) => Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 20,
  },
  response_format: {
    expected: "a strict JSON schema of an object",
    holds: (value) => isObject(value) && value.type === "json_schema" && isStrict(value.json_schema),
  },
  stop: {
    expected: `a string or an array of 1 to ${STOPS_MAX} strings`,
    holds: (value) =>
      isText(value) ||
      (Array.isArray(value) && value.length >= 1 && value.length <= STOPS_MAX && value.every(isText)),
  },
};

/**
 * Checks the body of a request.
 *
 * @param body The parsed JSON.
 * @returns What is wrong first, or `null`.
 */
export function chatProblem(body: unknown): ChatProblem | null {
  if (!isObject(body)) return { message: "The body must be a JSON object", param: null };
  const { model, messages } = body;
  if (!isText(model) || model === "") {
    return { message: "You must provide a model parameter", param: "model" };
  }
  if (!Array.isArray(messages) || messages.length === 0) {
    return { message: "Expected an array with at least one message", param: "messages" };
  }
  for (const [index, message] of messages.entries()) {
    const param = `messages.[${index}]`;
    if (!isObject(message)) return { message: "Expected an object", param };
    if (!ROLES.has(message.role)) return { message: "Expected a known role", param: `${param}.role` };
    if (!isText(message.content)) return { message: "Expected a string", param: `${param}.content` };
  }
  for (const [param, { expected, holds }] of Object.entries(OPTIONAL)) {
    const value = body[param];
    if (value !== undefined && value !== null && !holds(value)) {
      return { message: `Expected ${expected}`, param };
    }
  }
  return null;
}

/** Strict schemas name a format, and are objects all of whose properties are required. */
function isStrict(format: unknown): boolean {
  if (!isObject(format) || format.strict !== true || !/^[\w-]{1,64}$/.test(String(format.name))) return false;
  const { schema } = format;
  return isObject(schema) && schema.type === "object" && schema.additionalProperties === false &&
    isObject(schema.properties) && Array.isArray(schema.required) &&
    Object.entries(schema.properties).every(([name, property]) =>
      (schema.required as unknown[]).includes(name) && isObject(property) && !("maxLength" in property)
    );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
