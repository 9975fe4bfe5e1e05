/** Errors that servers send with status 200, and refusals that servers send as errors. */
import assert from "node:assert/strict";
import type { ModelErrorKind } from "../../../core/events/models.ts";
import type { StubFault } from "../testing/openai_stub.ts";
import { failureOf, NEVER, question, STUB_KEY, stubModel } from "../testing/stub_models.ts";

const body = (value: unknown): StubFault => ({ kind: "answer", status: 200, body: value });
const half = { index: 0, message: { role: "assistant", content: "The night bu" }, finish_reason: "error" };
const text = (content: unknown) => ({
  index: 0,
  message: { role: "assistant", content },
  finish_reason: "stop",
});

const ERRORS: readonly (readonly [
  name: string,
  body: unknown,
  kind: ModelErrorKind,
  status: number,
  words: string,
])[] = [
  [
    "no credit",
    { error: { message: "Insufficient credits", code: 402 } },
    "unauthorised",
    402,
    "Insufficient credits",
  ],
  [
    "an upstream failure",
    { error: { message: "Provider returned error: upstream overloaded", code: 502 } },
    "server-error",
    502,
    "Provider returned error: upstream overloaded",
  ],
  [
    "a failure within a choice, beside half a text",
    { choices: [{ ...half, error: { code: 502, message: "upstream died" } }] },
    "server-error",
    502,
    "upstream died",
  ],
  [
    "a failure within a message",
    { choices: [{ index: 0, message: { content: "", error: { code: 503, message: "gone" } } }] },
    "server-error",
    503,
    "gone",
  ],
  [
    "a failure beside an empty text",
    { choices: [text("")], error: { code: 503, message: "gone" } },
    "server-error",
    503,
    "gone",
  ],
  [
    "a failure beside half a text",
    { choices: [half], error: "out of memory" },
    "server-error",
    500,
    "out of memory",
  ],
  [
    "a failure beside no text",
    { choices: [text(null)], error: { type: "overloaded_error" } },
    "server-error",
    529,
    '{"type":"overloaded_error"}',
  ],
  [
    "a failure beside no choices",
    { choices: [], error: { code: "429", message: "slow down" } },
    "rate-limited",
    429,
    "slow down",
  ],
  ["a text alone", { error: "model is loading" }, "server-error", 500, "model is loading"],
  ["a text in place of an object", '"upstream connect error"', "server-error", 500, "upstream connect error"],
  [
    "a list of errors beside a choice",
    { choices: [text("Hm.")], errors: [{ message: "cut" }] },
    "server-error",
    500,
    "cut",
  ],
  ["a status in a text", { error: "429 Too Many Requests" }, "rate-limited", 429, "429 Too Many Requests"],
  [
    "an object of an older vLLM",
    { object: "error", message: "max_tokens is too large", type: "BadRequestError", param: null, code: 400 },
    "bad-request",
    400,
    "max_tokens is too large",
  ],
  ["a detail of FastAPI", { detail: "Internal failure" }, "server-error", 500, "Internal failure"],
  [
    "a validation error of FastAPI",
    { detail: [{ loc: ["body", "top_k"], msg: "field required", type: "value_error.missing" }], code: 422 },
    "bad-request",
    422,
    "body.top_k: field required",
  ],
  [
    "a detail that holds an error",
    { detail: { error: { code: 503, message: "no worker" } } },
    "server-error",
    503,
    "no worker",
  ],
  [
    "a list of errors",
    { errors: [{ code: 7003, message: "no route" }], success: false },
    "server-error",
    500,
    "no route",
  ],
  ["a message and a status", { message: "Unauthorized", status: 401 }, "unauthorised", 401, "Unauthorized"],
  [
    "a message and its status code",
    { statusCode: 429, message: "slow down", error: "Too Many Requests" },
    "rate-limited",
    429,
    "slow down: Too Many Requests",
  ],
  [
    "an error of Anthropic",
    { type: "error", error: { type: "overloaded_error", message: "Overloaded" }, request_id: "r" },
    "server-error",
    529,
    "Overloaded",
  ],
  [
    "a rate limit of Anthropic",
    { type: "error", error: { type: "rate_limit_error", message: "Too fast" } },
    "rate-limited",
    429,
    "Too fast",
  ],
  [
    "a list with an error, as Gemini sends it",
    [{ error: { code: 503, message: "The model is overloaded.", status: "UNAVAILABLE" } }],
    "server-error",
    503,
    "The model is overloaded.",
  ],
  [
    "a name instead of a code",
    { error: { code: "UNAVAILABLE", message: "later" } },
    "server-error",
    503,
    "later",
  ],
  [
    "the name of a server error",
    { error: { code: "server_error", message: "oops" } },
    "server-error",
    500,
    "oops",
  ],
  [
    "the name of a rate limit",
    { error: { code: "rate_limit_exceeded", message: "later" } },
    "rate-limited",
    429,
    "later",
  ],
  [
    "the name of a missing model",
    { error: { type: "not_found_error", message: "which?" } },
    "unknown-model",
    404,
    "which?",
  ],
  [
    "the name of a wrong request",
    { error: { type: "invalid_request_error", message: "no" } },
    "bad-request",
    400,
    "no",
  ],
  ["a deadline", { error: { status: "DEADLINE_EXCEEDED", message: "late" } }, "time-out", 504, "late"],
  [
    "an error that a gateway wraps as a text",
    {
      error: {
        message: "Provider returned error",
        code: 429,
        metadata: { raw: '{"error":{"message":"too many"}}' },
      },
    },
    "rate-limited",
    429,
    "Provider returned error: too many",
  ],
  [
    "an error within a message",
    { error: { message: '{"error":{"code":503,"message":"busy"}}', status: "Service Unavailable" } },
    "server-error",
    503,
    "busy",
  ],
  [
    "a status in the member base_resp",
    { choices: null, base_resp: { status_code: 1008, status_msg: "no balance left" } },
    "unauthorised",
    402,
    "no balance left",
  ],
  [
    "an error that repeats the key",
    { error: { message: `Bad key ${STUB_KEY}`, code: 401 } },
    "unauthorised",
    401,
    "Bad key [key]",
  ],
];

for (const [name, value, kind, status, words] of ERRORS) {
  Deno.test(`openaiAdapter finds this error in a response of status 200: ${name}`, async () => {
    const error = await failureOf(body(value));
    assert.deepEqual([error.kind, error.status], [kind, status]);
    assert.equal(error.message.slice(error.message.indexOf("; it says: ") + 11), words);
    assert.match(error.message, new RegExp(`\\(${status}, within a response of status 200\\)`));
    assert.ok(!Deno.inspect(error, { depth: 10 }).includes(STUB_KEY), "the error holds the key");
  });
}

Deno.test("openaiAdapter finds an error beside an annotator's answer", async () => {
  const error = { code: 503, message: "gone" };
  const choice = { index: 0, message: { role: "assistant", content: "4" }, finish_reason: "stop", error };
  await using made = await stubModel({ fault: () => body({ choices: [choice] }) });
  const rating = question("How rude?", { answers: ["1", "2", "3", "4", "5"] });
  await assert.rejects(made.model.generate(rating, NEVER), { kind: "server-error", status: 503 });
});

Deno.test("openaiAdapter reads an error that is nested too deeply for JSON.stringify()", async () => {
  const deep = `${'{"error":'.repeat(100_000)}"x"${"}".repeat(100_000)}`;
  for (const status of [200, 500]) {
    const error = await failureOf({ kind: "answer", status, body: deep });
    assert.deepEqual([error.kind, error.status], ["server-error", 500]);
  }
});

const GOOD: readonly (readonly [name: string, fields: Record<string, unknown>])[] = [
  ["null", { error: null }],
  ["an empty text", { error: "", detail: "", message: "" }],
  ["empty members", { error: { code: null, message: "", details: [] } }],
  ["a code of success", { error: { code: 0, message: "Success" }, code: 0, message: "Success" }],
  ["an empty list", { errors: [] }],
  ["a status of success", { base_resp: { status_code: 0, status_msg: "" }, status: "completed" }],
];

for (const [name, fields] of GOOD) {
  Deno.test(`openaiAdapter reads a completion with ${name} in its error members as a reply`, async () => {
    await using made = await stubModel({ fault: () => ({ kind: "completion", fields }) });
    assert.equal((await made.model.generate(question(), NEVER)).finishReason, "stop");
  });
}

Deno.test("openaiAdapter reads the wait of an error with status 200 from its headers, or from headers in its body", async () => {
  const error = { code: 429, message: "later" };
  const headers = { "retry-after": "36" };
  const told = await failureOf({ kind: "answer", status: 200, headers, body: { error } });
  assert.equal(told.retryAfterMs, 36_000);
  const metadata = { headers: { "X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "1772366436000" } };
  const within = await failureOf(body({ error: { ...error, metadata } }));
  assert.equal(within.retryAfterMs, 36_000);
});

const WITHHELD: readonly (readonly [status: number, error: Record<string, unknown>])[] = [
  [200, { code: "content_filter", message: "Held back" }],
  [400, { code: "data_inspection_failed", message: "Held back" }],
  [400, { code: "x", innererror: { code: "ResponsibleAIPolicyViolation" }, message: "Held back" }],
  [403, { code: 403, message: "Held back", metadata: { reasons: ["violence"], flagged_input: "x" } }],
];

for (const [status, error] of WITHHELD) {
  Deno.test(`openaiAdapter reads ${JSON.stringify(error)} with status ${status} as a refusal`, async () => {
    await using made = await stubModel({ fault: () => ({ kind: "answer", status, body: { error } }) });
    const reply = await made.model.generate(question(), NEVER);
    assert.deepEqual(reply, { text: "Held back", finishReason: "refused" });
  });
}
