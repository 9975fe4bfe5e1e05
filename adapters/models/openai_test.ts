import assert from "node:assert/strict";
import { modelConformance } from "../../core/ports/model_conformance.ts";
import { ModelError, type ModelErrorKind } from "../../core/ports/model.ts";
import { RESPONSE_BYTES_MAX } from "./bounded_fetch.ts";
import { openaiAdapter } from "./openai.ts";
import { errorBody, type StubFault } from "./testing/faults.ts";
import type { ReceivedRequest } from "./testing/openai_stub.ts";
import { NEVER, NOW_MS, question, type StubModel, stubModel } from "./testing/stub_models.ts";

const KEY = "sk-secret-0123456789";

async function conformanceHarness() {
  let began: () => void;
  const untilStuck = new Promise<void>((resolve) => began = resolve);
  const models: StubModel[] = [];
  const model = async (fault: (request: ReceivedRequest) => StubFault | null) => {
    const made = await stubModel({ fault });
    models.push(made);
    return made.model;
  };
  const answering = (status: number) => model(() => ({ kind: "answer", status }));
  return {
    model: await model(() => null),
    echo: await model(({ body }) => ({
      kind: "choice",
      message: { content: body.messages.at(-1)!.content },
    })),
    stuck: await model(() => {
      began();
      return { kind: "silence" };
    }),
    untilStuck: () => untilStuck,
    failing: {
      "unauthorised": await answering(401),
      "unknown-model": await answering(404),
      "bad-request": await answering(400),
      "rate-limited": await answering(429),
      "server-error": await answering(500),
      "time-out": await answering(408),
      "malformed-reply": await model(() => ({ kind: "body", body: "{" })),
      "broken-model": await model(() => ({ kind: "answer", status: 307, headers: { location: "/" } })),
    },
    cleanup: async () => {
      for (const { stub } of models) await stub.close();
    },
  };
}

for (const test of modelConformance("openaiAdapter", conformanceHarness)) Deno.test(test);

/** The error of one question to a server that misbehaves like this. */
async function failureOf(
  fault: StubFault,
  options: Parameters<typeof stubModel>[1] = {},
): Promise<ModelError> {
  await using made = await stubModel({ fault: () => fault }, { apiKeyEnv: "STUB_KEY", ...options }, {
    STUB_KEY: KEY,
  });
  return await errorOf(made);
}

async function errorOf({ model }: StubModel): Promise<ModelError> {
  const error = await model.generate(question(), NEVER).then(
    (reply) => assert.fail(`answered: ${JSON.stringify(reply)}`),
    (error) => error,
  );
  assert.ok(error instanceof ModelError, String(error));
  return error;
}

Deno.test("openaiAdapter sends what the specification describes, and nothing else", async () => {
  const received: ReceivedRequest[] = [];
  await using made = await stubModel({ apiKey: KEY, onRequest: (request) => received.push(request) }, {
    apiKeyEnv: "STUB_KEY",
    extraBody: { top_k: 40, chat_template_kwargs: { enable_thinking: false } },
  }, { STUB_KEY: `${KEY}\n`, OPENAI_ORG_ID: "org" });
  const sampling = { temperature: 0.7, topP: 0.9, maxTokens: 50, stop: ["###"] };
  await made.model.generate(question("Hello?", { sampling, seed: 2_147_483_646 }), NEVER);
  assert.deepEqual(received.map(({ body }) => body), [{
    model: "stub-model",
    messages: [{ role: "system", content: "You are Anna." }, { role: "user", content: "Hello?" }],
    temperature: 0.7,
    top_p: 0.9,
    max_tokens: 50,
    stop: ["###"],
    seed: 2_147_483_646,
    top_k: 40,
    chat_template_kwargs: { enable_thinking: false },
  }]);
  const { headers } = received[0]!;
  assert.equal(headers.get("authorization"), `Bearer ${KEY}`);
  const telling = [...headers.keys()].filter((name) => /stainless|openai|organization|project/.test(name));
  assert.deepEqual(telling, []);
});

Deno.test("openaiAdapter sends neither key nor seed nor sampling where there are none", async () => {
  const received: ReceivedRequest[] = [];
  await using made = await stubModel({ onRequest: (request) => received.push(request) }, { sendSeed: false });
  await made.model.generate(question("Hello?"), NEVER);
  assert.deepEqual(Object.keys(received[0]!.body), ["model", "messages"]);
  assert.equal(received[0]!.headers.get("authorization"), null);
});

Deno.test("openaiAdapter calls the longest reply what the server calls it", async () => {
  const received: ReceivedRequest[] = [];
  const options = { maxTokensField: "max_completion_tokens" };
  await using made = await stubModel({ onRequest: (request) => received.push(request) }, options);
  await made.model.generate(question("Hello?", { sampling: { maxTokens: 5 } }), NEVER);
  assert.equal(received[0]!.body.max_completion_tokens, 5);
  assert.ok(!("max_tokens" in received[0]!.body));
});

Deno.test("openaiAdapter reads the reply, its end and its cost", async () => {
  await using made = await stubModel();
  const whole = await made.model.generate(question(), NEVER);
  assert.equal(whole.finishReason, "stop");
  assert.match(whole.text, /^\w+( \w+)+$/);
  // "You are Anna." and "Should buses run at night?": three and five words.
  assert.equal(whole.usage?.promptTokens, 8);
  assert.equal(whole.servedBy, undefined);
  const cut = await made.model.generate(question(undefined, { sampling: { maxTokens: 3 } }), NEVER);
  assert.equal(cut.finishReason, "length");
  assert.deepEqual(cut.usage, { promptTokens: 8, completionTokens: 3 });
});

const message = (changes: Record<string, unknown>) => ({ role: "assistant", content: "Hm.", ...changes });

const ODD_REPLIES:
  readonly (readonly [name: string, fault: StubFault, text: string, finishReason: string])[] = [
    ["an empty text", { kind: "choice", message: message({ content: "" }) }, "", "stop"],
    ["withheld content", { kind: "choice", finish_reason: "content_filter" }, "", "refused"],
    ["a refusal", { kind: "choice", message: message({ content: null, refusal: "I can't" }) }, "", "refused"],
    [
      "a tool call",
      {
        kind: "choice",
        message: message({ content: null, tool_calls: [{}] }),
        finish_reason: "tool_calls",
      },
      "",
      "other",
    ],
    [
      "thoughts without a reply",
      {
        kind: "choice",
        message: message({ content: null, reasoning_content: "Well" }),
        finish_reason: "length",
      },
      "",
      "length",
    ],
    [
      "thoughts besides a reply",
      { kind: "choice", message: message({ reasoning_content: "Well" }) },
      "Hm.",
      "stop",
    ],
    ["no finish reason", { kind: "choice", message: message({}), finish_reason: null }, "Hm.", "other"],
    [
      "JSON that is said to be text",
      {
        kind: "body",
        contentType: "text/plain",
        body: '{"choices":[{"message":{"content":"Hm."},"finish_reason":"stop"}]}',
      },
      "Hm.",
      "stop",
    ],
  ];

for (const [name, fault, text, finishReason] of ODD_REPLIES) {
  Deno.test(`openaiAdapter reads ${name}`, async () => {
    await using made = await stubModel({ fault: () => fault });
    const reply = await made.model.generate(question(), NEVER);
    assert.deepEqual([reply.text, reply.finishReason], [text, finishReason]);
  });
}

Deno.test("openaiAdapter says which model answered, where it is another", async () => {
  const fault: StubFault = { kind: "completion", fields: { model: "stub-model-2026-01", usage: null } };
  await using made = await stubModel({ fault: () => fault });
  const reply = await made.model.generate(question(), NEVER);
  assert.equal(reply.servedBy, "stub-model-2026-01");
  assert.equal(reply.usage, undefined);
});

const MALFORMED: readonly (readonly [name: string, fault: StubFault])[] = [
  ["half a JSON text", { kind: "body", body: '{"choices": [' }],
  ["nothing", { kind: "body", body: "" }],
  ["an HTML page", { kind: "body", body: "<html><title>Sign in</title></html>", contentType: "text/html" }],
  ["JSON that is no object", { kind: "body", body: "[1]" }],
  ["a status without a body", { kind: "answer", status: 204, body: null }],
  ["no choices", { kind: "completion", fields: { choices: [] } }],
  ["choices of the wrong shape", { kind: "completion", fields: { choices: [{ text: "old" }] } }],
  ["null instead of a text", { kind: "choice", message: message({ content: null }) }],
  ["parts instead of a text", {
    kind: "choice",
    message: message({ content: [{ type: "text", text: "Hm." }] }),
  }],
  ["a body that breaks off", { kind: "break" }],
  ["a body without an end", { kind: "flood", bytes: RESPONSE_BYTES_MAX + 1_000_000 }],
];

for (const [name, fault] of MALFORMED) {
  Deno.test(`openaiAdapter takes ${name} for a malformed reply`, async () => {
    const error = await failureOf(fault);
    assert.equal(error.kind, "malformed-reply");
    assert.match(error.message, /http:\/\/127\.0\.0\.1:\d+\/v1/);
  });
}

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
  Deno.test(`openaiAdapter takes status ${status} for ${kind}`, async () => {
    const error = await failureOf({ kind: "answer", status, body: errorBody("Look here", "x", null) });
    assert.deepEqual([error.kind, error.status, error.retryAfterMs], [kind, status, undefined]);
    assert.match(error.message, /; it says: Look here$/);
  });
}

Deno.test("openaiAdapter takes a used-up quota for something that waiting does not help", async () => {
  const body = errorBody("You exceeded your current quota", "insufficient_quota", "insufficient_quota");
  const error = await failureOf({ kind: "answer", status: 429, body });
  assert.deepEqual([error.kind, error.retryable], ["unauthorised", false]);
});

const WAITS: readonly (readonly [headers: Record<string, string>, ms: number | undefined])[] = [
  [{ "retry-after": "7" }, 7_000],
  [{ "retry-after": "Sun, 01 Mar 2026 12:00:30 GMT" }, 30_000],
  [{ "retry-after": "Sun, 01 Mar 2026 11:59:00 GMT" }, 0],
  [{ "retry-after": "soon" }, undefined],
  [{ "retry-after": "-3" }, undefined],
  [{ "retry-after": "2", "retry-after-ms": "1500" }, 1_500],
];

for (const [headers, ms] of WAITS) {
  Deno.test(`openaiAdapter reads ${JSON.stringify(headers)} as a wait of ${ms} ms`, async () => {
    assert.equal(new Date(NOW_MS).toUTCString(), "Sun, 01 Mar 2026 12:00:00 GMT");
    assert.equal((await failureOf({ kind: "answer", status: 429, headers })).retryAfterMs, ms);
  });
}

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
  ["the key", { error: { message: `Wrong key ${KEY}!` } }, "; it says: Wrong key [key]!"],
  ["the key in an unknown shape", { error: { key: [KEY] } }, '; it says: {"key":["[key]"]}'],
  ["a long text", { error: { message: "x".repeat(5_000) } }, `; it says: ${"x".repeat(300)}…`],
];

for (const [name, body, words] of WORDS) {
  Deno.test(`openaiAdapter repeats ${name} in its message safely`, async () => {
    const error = await failureOf({ kind: "answer", status: 500, body });
    assert.equal(error.message.replace(/^The model server at http:\S+ failed \(500\)/, ""), words);
    assert.ok(!Deno.inspect(error, { depth: 10 }).includes(KEY), "the error holds the key");
  });
}

Deno.test("openaiAdapter never follows a redirect", async () => {
  let elsewhere = 0;
  await using other = await stubModel({ onRequest: () => elsewhere++ });
  const location = `${other.stub.baseUrl}/chat/completions`;
  const error = await failureOf({ kind: "answer", status: 307, headers: { location } });
  assert.equal(error.kind, "broken-model");
  assert.match(error.message, /redirects elsewhere \(307\); set baseUrl/);
  assert.equal(elsewhere, 0);
});

for (const fault of [{ kind: "silence" }, { kind: "trickle", pieces: 100, waitMs: 50 }] as const) {
  Deno.test(`openaiAdapter gives up on a server of ${fault.kind}`, async () => {
    const error = await failureOf(fault, { timeoutSeconds: 0.2 });
    assert.equal(error.kind, "time-out");
    assert.match(error.message, /did not answer within 0\.2 s/);
  });
}

Deno.test("openaiAdapter gives up on an error whose body does not end", async () => {
  const fault: StubFault = { kind: "trickle", pieces: 100, waitMs: 50, status: 500 };
  assert.equal((await failureOf(fault, { timeoutSeconds: 0.2 })).kind, "time-out");
});

Deno.test("openaiAdapter waits for a slow body within its time", async () => {
  await using made = await stubModel({ fault: () => ({ kind: "trickle", pieces: 10, waitMs: 2 }) });
  assert.equal((await made.model.generate(question(), NEVER)).finishReason, "stop");
});

Deno.test("openaiAdapter says that nothing listens", async () => {
  const made = await stubModel();
  await made.stub.close();
  const error = await errorOf(made);
  assert.equal(error.kind, "unreachable");
  assert.equal(
    error.message,
    `Cannot reach the model server at ${made.stub.baseUrl}: connection refused; is it running?`,
  );
});

Deno.test("openaiAdapter says that a host is unknown", async () => {
  await using made = await stubModel({}, { baseUrl: "http://no-such-host.invalid/v1" });
  const error = await errorOf(made);
  assert.equal(error.kind, "unreachable");
  assert.match(error.message, /^Cannot reach the model server at http:\/\/no-such-host\.invalid\/v1: /);
});

Deno.test("openaiAdapter says that a request could not leave this process", async () => {
  // Port 9 is among those that the Fetch standard blocks.
  await using made = await stubModel({}, { baseUrl: "http://127.0.0.1:9/v1" });
  const error = await errorOf(made);
  assert.equal(error.kind, "broken-model");
  assert.match(error.message, /^Cannot ask the model server at http:\/\/127\.0\.0\.1:9\/v1: .*port 9/);
});

Deno.test("openaiAdapter says that the server hung up", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const hangUp = (async () => {
    for await (const connection of listener) {
      await connection.read(new Uint8Array(16));
      connection.close();
    }
  })();
  await using made = await stubModel({}, { baseUrl: `http://127.0.0.1:${listener.addr.port}/v1/` });
  const error = await errorOf(made);
  assert.equal(error.kind, "unreachable");
  assert.match(error.message, /: it closed the connection without an answer$/);
  listener.close();
  await hangUp;
});

Deno.test("openaiAdapter reads no compressed body beyond its limit", async () => {
  const packed = new Blob([new Uint8Array(RESPONSE_BYTES_MAX + 1_000_000)]).stream()
    .pipeThrough(new CompressionStream("gzip"));
  const bytes = await new Response(packed).bytes();
  await using server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    () =>
      new Response(bytes, {
        headers: { "content-type": "application/json", "content-encoding": "gzip" },
      }),
  );
  await using made = await stubModel({}, { baseUrl: `http://127.0.0.1:${server.addr.port}/v1` });
  assert.match((await errorOf(made)).message, /sent a reply of more than \d+ bytes/);
});

Deno.test("openaiAdapter.create() names the variable that does not hold a key", async () => {
  for (const value of [undefined, "", "  "]) {
    const create = async () =>
      await openaiAdapter.create(
        {
          adapter: "openai",
          sampling: {},
          options: { model: "gpt", baseUrl: "http://x/v1", apiKeyEnv: "MY_KEY" },
        },
        { env: () => value, clock: { now: () => 0, sleep: () => Promise.resolve() } },
      );
    await assert.rejects(create, {
      name: "ModelError",
      kind: "unauthorised",
      message:
        'Cannot use the model "gpt": the environment variable MY_KEY, which is to hold its key, is not set; ' +
        "set it first: export MY_KEY=…",
    });
  }
});

Deno.test("openaiAdapter.create() refuses a key that no header can hold, without showing it", async () => {
  const create = async () =>
    await openaiAdapter.create(
      {
        adapter: "openai",
        sampling: {},
        options: { model: "gpt", baseUrl: "http://x/v1", apiKeyEnv: "MY_KEY" },
      },
      { env: () => "secret\r\nx: y", clock: { now: () => 0, sleep: () => Promise.resolve() } },
    );
  await assert.rejects(create, (error: ModelError) => {
    assert.equal(error.kind, "unauthorised");
    assert.doesNotMatch(error.message, /secret/);
    return true;
  });
});
