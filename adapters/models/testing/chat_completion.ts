/** Checks chat requests for the stub server, and makes completions, as the OpenAI API's public specification says. */

/** The body of a valid request. Unknown fields are kept. */
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

export type ChatProblem = Readonly<{ message: string; param: string | null }>;

const ROLES: ReadonlySet<unknown> = new Set(["developer", "system", "user", "assistant"]);

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

/** Whether a format has a name, and a schema that strict mode accepts. */
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

const WORDS =
  ("agree although because better bus city cost day fair help idea late maybe money never night often people " +
    "plan problem question really right service street think time want why work").split(" ");

const REPLY_WORDS = 12;

export type ChatCompletion = ReturnType<typeof completeChat>;

/**
 * Answers a request. The reply depends only on the exact text of the body. Its usage counts words instead of
 * tokens.
 */
export function completeChat(request: ChatRequest, bodyText: string) {
  const hash = fnv1a(bodyText);
  const { text, finishReason, words } = replyTo(request, hash);
  const promptTokens = request.messages.reduce((sum, { content }) => sum + countWords(content), 0);
  return {
    id: `chatcmpl-${hash.toString(16).padStart(8, "0")}`,
    object: "chat.completion",
    created: 1_767_225_600,
    model: request.model,
    choices: [{
      index: 0,
      message: { role: "assistant", content: text, refusal: null },
      logprobs: null,
      finish_reason: finishReason,
    }],
    usage: { prompt_tokens: promptTokens, completion_tokens: words, total_tokens: promptTokens + words },
  };
}

function replyTo(request: ChatRequest, hash: number): { text: string; finishReason: string; words: number } {
  const structured = structuredReply(request, hash);
  if (structured !== null) return { text: structured, finishReason: "stop", words: countWords(structured) };
  const limit = request.max_completion_tokens ?? request.max_tokens ?? REPLY_WORDS;
  const words: string[] = [];
  let state = hash;
  for (let index = 0; index < Math.min(limit, REPLY_WORDS); index++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    words.push(WORDS[state % WORDS.length]!);
  }
  const whole = words.join(" ");
  const stops = typeof request.stop === "string" ? [request.stop] : request.stop ?? [];
  const cuts = stops.map((stop) => whole.indexOf(stop)).filter((at) => at >= 0);
  const text = cuts.length > 0 ? whole.slice(0, Math.min(...cuts)) : whole;
  const isCutByLimit = cuts.length === 0 && limit < REPLY_WORDS;
  return { text, finishReason: isCutByLimit ? "length" : "stop", words: countWords(text) };
}

/** FNV-1a, 32 bits, over UTF-16 code units. */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return hash >>> 0;
}

function countWords(text: string): number {
  return text.match(/\S+/g)?.length ?? 0;
}

type Fields = Readonly<Record<string, unknown>>;

/** A reply in the form that any of the usual fields asks for; `null` if the reply may be any text. */
function structuredReply(request: ChatRequest, hash: number): string | null {
  const { response_format: format, structured_outputs: structured, guided_choice, guided_json } = request;
  const { choice = guided_choice, json = guided_json } = (structured ?? {}) as Fields;
  if (Array.isArray(choice)) return choice[hash % choice.length];
  const schema = ((format as Fields | undefined)?.json_schema as Fields | undefined)?.schema ?? json;
  return schema === undefined ? null : JSON.stringify(instanceOf(schema as Fields, hash), null, 1);
}

function instanceOf(schema: Fields, hash: number): unknown {
  if (Array.isArray(schema.enum)) return schema.enum[hash % schema.enum.length];
  switch (schema.type) {
    case "integer": {
      const { minimum, maximum } = schema as { minimum: number; maximum: number };
      return minimum + hash % (maximum - minimum + 1);
    }
    case "boolean":
      return hash % 2 === 0;
    case "string":
      return '😀 "well"';
    default: {
      const properties = Object.entries(schema.properties as Record<string, Fields>);
      return Object.fromEntries(
        properties.map(([name, property], index) => [name, instanceOf(property, (hash >>> index) + index)]),
      );
    }
  }
}
