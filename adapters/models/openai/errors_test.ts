import assert from "node:assert/strict";
import type { ModelErrorKind } from "../../../core/events/models.ts";
import { errorBody } from "../testing/openai_stub.ts";
import { failureOf, NEVER, question, STUB_KEY, stubModel } from "../testing/stub_models.ts";

const STATUSES: readonly (readonly [status: number, kind: ModelErrorKind])[] = [
  [400, "bad-request"],
  [401, "unauthorised"],
  [402, "unauthorised"],
  [403, "unauthorised"],
  [404, "unknown-model"],
  [405, "bad-request"],
  [408, "time-out"],
  [409, "server-error"],
  [413, "bad-request"],
  [422, "bad-request"],
  [429, "rate-limited"],
  [500, "server-error"],
  [502, "server-error"],
  [503, "server-error"],
  [504, "time-out"],
  [529, "server-error"],
];

for (const [status, kind] of STATUSES) {
  Deno.test(`openaiAdapter reports status ${status} as ${kind}`, async () => {
    const error = await failureOf({ kind: "answer", status, body: errorBody("Look here", "x", null) });
    assert.deepEqual([error.kind, error.status, error.retryAfterMs], [kind, status, undefined]);
    assert.match(error.message, /; it says: Look here$/);
  });
}

Deno.test("openaiAdapter reports a validation error with status 500 as a bad request", async () => {
  // llama-cpp-python 0.3.36 sends this after a response_format with a JSON schema.
  const words =
    "1 validation error:\n  {'type': 'literal_error', 'loc': ('body', 'response_format', 'type'), " +
    `'msg': "Input should be 'text' or 'json_object'", 'input': 'json_schema'}\n\n  File "app.py", line 376`;
  const body = errorBody(words, "internal_server_error", null);
  const error = await failureOf({ kind: "answer", status: 500, body });
  assert.deepEqual([error.kind, error.status, error.retryable], ["bad-request", 500, false]);
  assert.match(error.message, /refuses the request \(500\); it says: 1 validation error: /);
});

Deno.test("openaiAdapter returns a refusal without the key if the server's filter withholds the prompt", async () => {
  const body = errorBody(`The prompt of ${STUB_KEY} was filtered`, "invalid_request_error", "content_filter");
  await using made = await stubModel(
    { fault: () => ({ kind: "answer", status: 400, body }) },
    { apiKeyEnv: "STUB_KEY" },
    { STUB_KEY },
  );
  const reply = await made.model.generate(question(), NEVER);
  assert.deepEqual(reply, { text: "The prompt of [key] was filtered", finishReason: "refused" });
});

const WORDS: readonly (readonly [name: string, body: unknown, words: string])[] = [
  ["a FastAPI detail", { detail: "Not here" }, "; it says: Not here"],
  ["a text as the error", { error: "Not here" }, "; it says: Not here"],
  ["a message at the top", { object: "error", message: "Not here" }, "; it says: Not here"],
  ["plain text", "Not here", "; it says: Not here"],
  ["an HTML page", "<html><h1>Not here</h1></html>", ""],
  ["nothing", "", ""],
  [
    "several lines and controls",
    { error: { message: "Not\n\n\u001b[31mhere\u202e" } },
    "; it says: Not [31mhere",
  ],
  ["the key", { error: { message: `Wrong key ${STUB_KEY}!` } }, "; it says: Wrong key [key]!"],
  ["the key in an unknown shape", { error: { key: [STUB_KEY] } }, '; it says: {"key":["[key]"]}'],
  ["a long text", { error: { message: "x".repeat(5_000) } }, `; it says: ${"x".repeat(300)}…`],
];

for (const [name, body, words] of WORDS) {
  Deno.test(`openaiAdapter quotes this error body in its message without the key: ${name}`, async () => {
    const error = await failureOf({ kind: "answer", status: 500, body });
    assert.equal(error.message.replace(/^The model server at http:\S+ failed \(500\)/, ""), words);
    assert.ok(!Deno.inspect(error, { depth: 10 }).includes(STUB_KEY), "the error holds the key");
  });
}
