import assert from "node:assert/strict";
import { startOpenAiStub } from "./openai_stub.ts";

const GOOD = { model: "stub-model", messages: [{ role: "user", content: "Hello?" }] };

type Answer = { status: number; body: Record<string, unknown> & { error?: Record<string, unknown> } };

async function post(baseUrl: string, body: unknown, init: RequestInit = {}): Promise<Answer> {
  const response = await fetch(`${baseUrl}/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: typeof body === "string" ? body : JSON.stringify(body),
    ...init,
  });
  return { status: response.status, body: await response.json() };
}

Deno.test("startOpenAiStub() gives equal requests equal answers, with the members that the specification names", async () => {
  await using stub = startOpenAiStub();
  const { status, body } = await post(stub.baseUrl, GOOD);
  assert.equal(status, 200);
  assert.deepEqual(Object.keys(body).sort(), ["choices", "created", "id", "model", "object", "usage"]);
  assert.equal(body.object, "chat.completion");
  assert.deepEqual((await post(stub.baseUrl, GOOD)).body, body);
  assert.notDeepEqual((await post(stub.baseUrl, { ...GOOD, seed: 1 })).body.choices, body.choices);
});

Deno.test("startOpenAiStub() ends a reply at max_tokens and at stop", async () => {
  await using stub = startOpenAiStub();
  const first = async (changes: object) => {
    const { body } = await post(stub.baseUrl, { ...GOOD, ...changes });
    return (body.choices as { message: { content: string }; finish_reason: string }[])[0]!;
  };
  const short = await first({ max_tokens: 2 });
  assert.deepEqual([short.message.content.split(" ").length, short.finish_reason], [2, "length"]);
  const stopped = await first({ stop: [" "] });
  assert.deepEqual([stopped.message.content.split(" ").length, stopped.finish_reason], [1, "stop"]);
});

Deno.test("startOpenAiStub() answers in the form that a request asks for", async () => {
  await using stub = startOpenAiStub();
  const text = async (changes: object) => {
    const { body } = await post(stub.baseUrl, { ...GOOD, ...changes });
    return (body.choices as { message: { content: string } }[])[0]!.message.content;
  };
  assert.ok(["a", "b"].includes(await text({ guided_choice: ["a", "b"] })));
  assert.ok(["a", "b"].includes(await text({ structured_outputs: { choice: ["a", "b"] } })));
  const properties = { a: { type: "integer", minimum: 3, maximum: 3 }, b: { enum: ["x"] } };
  const schema = { type: "object", properties, required: ["a", "b"], additionalProperties: false };
  const format = { type: "json_schema", json_schema: { name: "n", strict: true, schema } };
  for (
    const field of [{ response_format: format }, { structured_outputs: { json: schema } }, {
      guided_json: schema,
    }]
  ) assert.deepEqual(JSON.parse(await text(field)), { a: 3, b: "x" });
});

Deno.test("startOpenAiStub() lists its models", async () => {
  await using stub = startOpenAiStub({ models: ["a", "b"] });
  const list = await (await fetch(`${stub.baseUrl}/models`)).json();
  assert.equal(list.object, "list");
  assert.deepEqual(list.data.map(({ id, object }: Record<string, string>) => [id, object]), [
    ["a", "model"],
    ["b", "model"],
  ]);
});

const REFUSED: readonly (readonly [changes: unknown, param: string | null, status?: number])[] = [
  ["{", null],
  ["[]", null],
  [{ ...GOOD, model: undefined }, "model"],
  [{ ...GOOD, model: "other" }, "model", 404],
  [{ ...GOOD, messages: [] }, "messages"],
  [{ ...GOOD, messages: ["Hello?"] }, "messages.[0]"],
  [{ ...GOOD, messages: [{ role: "robot", content: "Hello?" }] }, "messages.[0].role"],
  [{ ...GOOD, messages: [{ role: "user" }] }, "messages.[0].content"],
  [{ ...GOOD, temperature: 2.1 }, "temperature"],
  [{ ...GOOD, top_p: -0.1 }, "top_p"],
  [{ ...GOOD, seed: 0.5 }, "seed"],
  [{ ...GOOD, max_tokens: 0 }, "max_tokens"],
  [{ ...GOOD, stop: ["a", "b", "c", "d", "e"] }, "stop"],
  [{ ...GOOD, stop: [1] }, "stop"],
  [{ ...GOOD, top_logprobs: 21 }, "top_logprobs"],
  [
    { ...GOOD, response_format: { type: "json_schema", json_schema: { name: "n", schema: {} } } },
    "response_format",
  ],
];

for (const [request, param, status = 400] of REFUSED) {
  Deno.test(`startOpenAiStub() refuses ${JSON.stringify(request)}`, async () => {
    await using stub = startOpenAiStub();
    const answer = await post(stub.baseUrl, request);
    assert.equal(answer.status, status);
    assert.deepEqual(Object.keys(answer.body.error!).sort(), ["code", "message", "param", "type"]);
    assert.equal(answer.body.error!.param, param);
  });
}

Deno.test("startOpenAiStub() refuses wrong keys, paths, methods and content types", async () => {
  await using stub = startOpenAiStub({ apiKey: "right" });
  const headers = { "content-type": "application/json", authorization: "Bearer right" };
  assert.equal((await post(stub.baseUrl, GOOD, { headers })).status, 200);
  assert.equal((await post(stub.baseUrl, GOOD)).status, 401);
  assert.equal(
    (await post(stub.baseUrl, GOOD, { headers: { ...headers, authorization: "right" } })).status,
    401,
  );
  assert.equal(
    (await post(stub.baseUrl, GOOD, { headers: { ...headers, "content-type": "text/plain" } })).status,
    415,
  );
  assert.equal((await post(stub.baseUrl, GOOD, { headers, method: "PUT" })).status, 405);
  assert.equal((await post(`${stub.baseUrl}/x`, GOOD, { headers })).status, 404);
});
