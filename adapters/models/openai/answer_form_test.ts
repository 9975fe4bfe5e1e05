import assert from "node:assert/strict";
import type { AnswerSchema } from "../../../core/answer_form.ts";
import type { AdapterOptions, ModelRequest } from "../../../core/ports/model.ts";
import { errorBody, type ReceivedRequest, type StubFault } from "../testing/openai_stub.ts";
import { NEVER, question, stubModel } from "../testing/stub_models.ts";

const SCHEMA: AnswerSchema = {
  type: "object",
  properties: {
    score: { type: "integer", minimum: -1, maximum: 1 },
    kind: { enum: ["a", "b"] },
    why: { type: "string", maxLength: 20 },
  },
  required: ["score", "kind", "why"],
  additionalProperties: false,
};

const rating = (changes: Partial<ModelRequest> = {}) =>
  question("How toxic?", { answers: ["1", "2", "3"], ...changes });

const saying = (content: string): StubFault => ({ kind: "choice", message: { role: "assistant", content } });

async function bodyOf(options: AdapterOptions, request: ModelRequest) {
  const received: ReceivedRequest[] = [];
  await using made = await stubModel({ onRequest: (request) => received.push(request) }, options);
  const reply = await made.model.generate(request, NEVER);
  assert.equal(received.length, 1);
  const { model: _, messages: __, seed: ___, ...fields } = received[0]!.body;
  return { fields, reply };
}

Deno.test("openaiAdapter sends the form of an answer in the fields that structuredOutput selects", async () => {
  const of = async (structuredOutput: string, request: ModelRequest) =>
    (await bodyOf({ structuredOutput }, request)).fields;
  const answers = ["1", "2", "3"];
  const object = question("How toxic?", { answerSchema: SCHEMA });
  assert.deepEqual(await of("structured_outputs", rating()), { structured_outputs: { choice: answers } });
  assert.deepEqual(await of("structured_outputs", object), { structured_outputs: { json: SCHEMA } });
  assert.deepEqual(await of("guided", rating()), { guided_choice: answers });
  assert.deepEqual(await of("guided", object), { guided_json: SCHEMA });
  const format = (schema: unknown) => ({
    response_format: { type: "json_schema", json_schema: { name: "answer", strict: true, schema } },
  });
  assert.deepEqual(
    await of("response_format", rating()),
    format({
      type: "object",
      properties: { answer: { type: "string", enum: answers } },
      required: ["answer"],
      additionalProperties: false,
    }),
  );
  assert.deepEqual(
    await of("response_format", object),
    format({
      ...SCHEMA,
      properties: {
        score: { type: "integer", minimum: -1, maximum: 1 },
        kind: { type: "string", enum: ["a", "b"] },
        why: { type: "string" },
      },
    }),
  );
  assert.deepEqual((await bodyOf({}, rating())).fields, {});
});

Deno.test("openaiAdapter sends no stop texts if the answer must have a form", async () => {
  const request = rating({ sampling: { stop: ["\n"], maxTokens: 9 } });
  assert.deepEqual((await bodyOf({}, request)).fields, { max_tokens: 9 });
});

Deno.test("openaiAdapter asks for probabilities only if the request lists answers", async () => {
  const options = { structuredOutput: "guided", topLogprobs: 7 };
  const { fields } = await bodyOf(options, rating());
  assert.deepEqual([fields.logprobs, fields.top_logprobs], [true, 7]);
  assert.deepEqual((await bodyOf(options, question("Hm?", { answerSchema: SCHEMA }))).fields, {
    guided_json: SCHEMA,
  });
});

Deno.test("openaiAdapter returns an object as JSON without spaces, in the schema's order", async () => {
  const { reply } = await bodyOf(
    { structuredOutput: "response_format" },
    question("Hm?", { answerSchema: SCHEMA }),
  );
  const found = JSON.parse(reply.text);
  assert.deepEqual(Object.keys(found), ["score", "kind", "why"]);
  assert.equal(reply.text, JSON.stringify(found));
  assert.equal(reply.choices, undefined);
});

/** Asks a server that replies with these texts, one after the other. */
async function asked(
  texts: readonly string[],
  changes: Partial<ModelRequest> = {},
  options: AdapterOptions = {},
) {
  const received: ReceivedRequest[] = [];
  await using made = await stubModel({
    onRequest: (request) => received.push(request),
    fault: (_, index) => saying(texts[index]!),
  }, options);
  const reply = await made.model.generate(rating(changes), NEVER);
  return { reply, seeds: received.map(({ body }) => body.seed) };
}

Deno.test("openaiAdapter removes white space around an answer", async () => {
  const { reply, seeds } = await asked([" 2\n"]);
  assert.deepEqual([reply.text, seeds], ["2", [11]]);
});

Deno.test("openaiAdapter returns a reply without the required form unchanged, after one request", async () => {
  for (const structuredOutput of ["none", "response_format", "structured_outputs", "guided"]) {
    const { reply, seeds } = await asked([" I would say 2\n", "2"], {}, { structuredOutput });
    assert.deepEqual([reply.text, reply.choice, seeds.length], [" I would say 2\n", undefined, 1]);
  }
});

Deno.test("openaiAdapter returns a refusal even if the request requires a form", async () => {
  const fault: StubFault = { kind: "choice", message: { content: null, refusal: "I can't" } };
  await using made = await stubModel({ fault: () => fault });
  const { text, finishReason } = await made.model.generate(rating(), NEVER);
  assert.deepEqual([text, finishReason], ["I can't", "refused"]);
});

const REFUSALS: readonly (readonly [AdapterOptions, body: unknown, message: RegExp])[] = [
  [
    { structuredOutput: "response_format" },
    errorBody("Not with this model", "invalid_request_error", null, "response_format"),
    /refuses the field response_format \(400\), which the option structuredOutput adds; set structuredOutput to/,
  ],
  [
    { structuredOutput: "guided" },
    { detail: [{ loc: ["body", "guided_choice"], msg: "extra fields not permitted" }] },
    /refuses the field guided_choice \(400\), which the option structuredOutput/,
  ],
  [
    { topLogprobs: 5 },
    errorBody("You are not allowed to request logprobs", "invalid_request_error", null),
    /refuses the field logprobs \(400\), which the option topLogprobs adds; .*it says: You are not allowed/,
  ],
  [
    { structuredOutput: "guided" },
    errorBody("The response_format is odd", "invalid_request_error", null),
    /refuses the request \(400\); it says/,
  ],
];

for (const [options, body, message] of REFUSALS) {
  Deno.test(`openaiAdapter explains the error ${JSON.stringify(body)}`, async () => {
    await using made = await stubModel({ fault: () => ({ kind: "answer", status: 400, body }) }, options);
    await assert.rejects(made.model.generate(rating(), NEVER), {
      name: "ModelError",
      kind: "bad-request",
      message,
    });
  });
}

Deno.test("openaiAdapter finds the answer after thoughts in the text", async () => {
  for (const [content, text] of [["<think>2 or 3?</think>\n\n3", "3"], ["2 or 3?\n</think>\n3", "3"]]) {
    await using made = await stubModel({ fault: () => saying(content!) });
    const reply = await made.model.generate(rating(), NEVER);
    assert.deepEqual([reply.text, reply.reasoning], [text, "2 or 3?"]);
  }
  await using made = await stubModel(
    { fault: () => saying('<think>{"answer": "2"}?</think>{"answer": "3"}') },
    { structuredOutput: "response_format" },
  );
  assert.equal((await made.model.generate(rating(), NEVER)).text, "3");
});

Deno.test("openaiAdapter accepts a complete answer at the token limit only if the server enforces the form", async () => {
  const endOf = async (structuredOutput: string, content: string, request: ModelRequest) => {
    const fault = (): StubFault => ({ ...saying(content), finish_reason: "length" } as StubFault);
    await using made = await stubModel({ fault }, { structuredOutput });
    return (await made.model.generate(request, NEVER)).finishReason;
  };
  const nested = rating({ answers: ["for", "for all", "against"] });
  const object = question("How toxic?", { answerSchema: SCHEMA });
  for (
    const [structuredOutput, content, request, end] of [
      ["structured_outputs", "2", rating(), "stop"],
      ["guided", "against", nested, "stop"],
      ["response_format", '{"answer":"for"}', nested, "stop"],
      ["guided", '{"score":1,"kind":"a","why":"x"}', object, "stop"],
      // "for" can be the beginning of "for all". If the server does not enforce the answers, "2" can be the
      // beginning of "20".
      ["guided", "for", nested, "length"],
      ["none", "2", rating(), "length"],
      ["response_format", '{"answer":"fo', nested, "length"],
      ["guided", '{"score":1,"kind":"a"', object, "length"],
    ] as const
  ) assert.equal(await endOf(structuredOutput, content, request), end, `${structuredOutput}: ${content}`);
});
