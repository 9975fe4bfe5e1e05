import assert from "node:assert/strict";
import { modelConformance } from "../../../core/ports/model_conformance.ts";
import type { AdapterOptions, ModelError, OptionProblem } from "../../../core/ports/model.ts";
import { openaiAdapter } from "./adapter.ts";
import type { ReceivedRequest } from "../testing/openai_stub.ts";
import { NEVER, question, STUB_KEY, stubHarness, stubModel } from "../testing/stub_models.ts";

async function conformanceHarness(options: AdapterOptions = {}) {
  const harness = await stubHarness(options);
  const echo = await harness.answering(({ body }) => ({
    kind: "choice",
    message: { content: body.messages.at(-1)!.content },
  }));
  return { ...harness, echo };
}

const skip = [{
  reason: "a server that does not know the form can reply with any text",
  tests: [
    "generate() answers with one of the allowed answers",
    "generate() answers with an object of the schema",
  ],
}];
for (const test of modelConformance("openaiAdapter", () => conformanceHarness(), { skip })) Deno.test(test);
for (const structuredOutput of ["response_format", "structured_outputs", "guided"]) {
  const name = `openaiAdapter with ${structuredOutput}`;
  for (const test of modelConformance(name, () => conformanceHarness({ structuredOutput }))) Deno.test(test);
}

Deno.test("openaiAdapter sends only fields and headers of the specification, and extraBody", async () => {
  const received: ReceivedRequest[] = [];
  await using made = await stubModel({ apiKey: STUB_KEY, onRequest: (request) => received.push(request) }, {
    apiKeyEnv: "STUB_KEY",
    extraBody: { top_k: 40, chat_template_kwargs: { enable_thinking: false } },
  }, { STUB_KEY: `${STUB_KEY}\n`, OPENAI_ORG_ID: "org" });
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
  assert.equal(headers.get("authorization"), `Bearer ${STUB_KEY}`);
  const response = [...headers.keys()].filter((name) => /stainless|openai|organization|project/.test(name));
  assert.deepEqual(response, []);
});

Deno.test("openaiAdapter sends no key, seed or sampling settings if none are given", async () => {
  const received: ReceivedRequest[] = [];
  await using made = await stubModel({ onRequest: (request) => received.push(request) }, { sendSeed: false });
  await made.model.generate(question("Hello?"), NEVER);
  assert.deepEqual(Object.keys(received[0]!.body), ["model", "messages"]);
  assert.equal(received[0]!.headers.get("authorization"), null);
});

Deno.test("openaiAdapter sends maxTokens in the field that maxTokensField names", async () => {
  const received: ReceivedRequest[] = [];
  const options = { maxTokensField: "max_completion_tokens" };
  await using made = await stubModel({ onRequest: (request) => received.push(request) }, options);
  await made.model.generate(question("Hello?", { sampling: { maxTokens: 5 } }), NEVER);
  assert.equal(received[0]!.body.max_completion_tokens, 5);
  assert.ok(!("max_tokens" in received[0]!.body));
});

Deno.test("openaiAdapter.create() names the variable if it holds no key", async () => {
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
      message: 'Cannot use the model "gpt": the environment variable MY_KEY is not set; ' +
        "put the server's key into it: export MY_KEY=…",
    });
  }
});

Deno.test("openaiAdapter.create() refuses a key with invalid characters, and does not show it", async () => {
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

Deno.test("openaiAdapter ignores the official client's environment variables", async () => {
  const variables = {
    OPENAI_API_KEY: "sk-elsewhere",
    OPENAI_ADMIN_KEY: "sk-admin",
    OPENAI_BASE_URL: "http://no-such-host.invalid/v1",
    OPENAI_ORG_ID: "org",
    OPENAI_PROJECT_ID: "project",
    OPENAI_CUSTOM_HEADERS: "x-elsewhere: yes",
  };
  for (const [name, value] of Object.entries(variables)) Deno.env.set(name, value);
  try {
    const received: ReceivedRequest[] = [];
    await using made = await stubModel({ onRequest: (request) => received.push(request) });
    await made.model.generate(question(), NEVER);
    const sent = JSON.stringify([...received[0]!.headers]);
    assert.doesNotMatch(sent, /sk-|org|project|x-elsewhere/);
  } finally {
    for (const name of Object.keys(variables)) Deno.env.delete(name);
  }
});

const WRONG_OPTIONS: readonly (readonly [options: AdapterOptions, problem: string])[] = [
  [{ baseUrl: "http://x/v1" }, "model: missing: expected the name by which the server knows the model"],
  [{ model: "m", baseUrl: "http://x/v1", modle: 1 }, "modle: unknown key"],
  [
    { model: 7, baseUrl: "http://x/v1" },
    "model: expected the name by which the server knows the model, found 7",
  ],
  [
    { model: "m", baseUrl: "localhost:8000" },
    "baseUrl: expected an address such as http://localhost:8000/v1",
  ],
  [{ model: "m", baseUrl: "http://u:p@x/v1" }, "baseUrl: expected an address"],
  [{ model: "m", baseUrl: "http://x/v1?key=1" }, "baseUrl: expected an address"],
  [{ model: "m", baseUrl: "file:///etc/passwd" }, "baseUrl: expected an address"],
  [
    { model: "m", baseUrl: "http://x", apiKeyEnv: "sk-123" },
    "apiKeyEnv: expected the name of an environment variable",
  ],
  [{ model: "m" }, "apiKeyEnv: missing: https://api.openai.com/v1 needs a key"],
  [
    { model: "m", baseUrl: "http://x", timeoutSeconds: 0 },
    "timeoutSeconds: expected a number of seconds above 0",
  ],
  [{ model: "m", baseUrl: "http://x", concurrency: 0.5 }, "concurrency: expected a whole number from 1 to"],
  [{ model: "m", baseUrl: "http://x", sendSeed: "no" }, "sendSeed: expected true or false, found the text"],
  [
    { model: "m", baseUrl: "http://x", extraBody: { messages: [] } },
    "extraBody: expected fields of the request, except",
  ],
  [
    { model: "m", baseUrl: "http://x", structuredOutput: "json" },
    "structuredOutput: expected none, response_format, structured_outputs, guided, found",
  ],
  [
    { model: "m", baseUrl: "http://x", topLogprobs: 21 },
    "topLogprobs: expected a whole number from 0 to 20, found 21",
  ],
  [
    { model: "m", baseUrl: "http://x", systemRole: "user" },
    "systemRole: expected send or merge, found the text",
  ],
  [{ model: "m", baseUrl: "http://x", maxTokensField: "max" }, "maxTokensField: expected max_tokens or"],
];

for (const [options, problem] of WRONG_OPTIONS) {
  Deno.test(`openaiAdapter.checkOptions() finds ${problem}`, () => {
    const problems = openaiAdapter.checkOptions!(options);
    assert.deepEqual(problems.length, 1);
    const [{ path, message }] = problems as [OptionProblem];
    assert.equal(`${path.join(".")}: ${message}`.slice(0, problem.length), problem);
  });
}

Deno.test("openaiAdapter.checkOptions() accepts valid options, and proposes the nearest name for an unknown one", () => {
  const good = {
    model: "m",
    baseUrl: "http://localhost:8000/v1/",
    apiKeyEnv: "VLLM_KEY",
    timeoutSeconds: 30,
  };
  assert.deepEqual(openaiAdapter.checkOptions!(good), []);
  const [problem] = openaiAdapter.checkOptions!({ ...good, timeoutSecond: 3 });
  assert.deepEqual([problem!.part, problem!.suggestion], ["key", "timeoutSeconds"]);
  assert.equal(openaiAdapter.concurrencyOf!({ ...good, concurrency: 256 }), 256);
});
