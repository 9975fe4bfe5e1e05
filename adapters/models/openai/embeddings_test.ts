import assert from "node:assert/strict";
import { embeddingConformance } from "../../../core/ports/embedding_conformance.ts";
import { ModelError } from "../../../core/ports/model.ts";
import type { ReceivedRequest } from "../testing/openai_stub.ts";
import { NEVER, STUB_KEY, stubHarness, stubModel } from "../testing/stub_models.ts";

for (const test of embeddingConformance("openaiAdapter", () => stubHarness())) Deno.test(test);

Deno.test("embed() sends the key, the texts and extraBody, and puts the vectors in the order of the texts", async () => {
  const received: ReceivedRequest[] = [];
  await using made = await stubModel(
    { apiKey: STUB_KEY, onRequest: (request) => received.push(request) },
    { apiKeyEnv: "STUB_KEY", extraBody: { dimensions: 16 } },
    { STUB_KEY },
  );
  const { vectors, servedBy, usage } = await made.model.embed!(["aab", "c"], NEVER);
  assert.deepEqual(received.map(({ body }) => body) as unknown, [{
    dimensions: 16,
    model: "stub-model",
    input: ["aab", "c"],
    encoding_format: "float",
  }]);
  // The stub answers in reverse order. "a" has the code 97, which leaves 1 when divided by 16.
  assert.deepEqual(vectors.map((vector) => [...vector.slice(1, 4)]), [[2, 1, 0], [0, 0, 1]]);
  assert.equal(servedBy, "stub-model-2026");
  assert.deepEqual(usage, { promptTokens: 4, completionTokens: 0 });
});

Deno.test("embed() refuses responses without a usable vector for each text", async () => {
  const entry = (index: unknown, embedding: unknown = [1, 2]) => ({ index, embedding });
  const cases: readonly (readonly [body: unknown, message: RegExp])[] = [
    [[], /it is not a JSON object/],
    [{}, /it holds no list of embeddings/],
    [{ data: [entry(0)] }, /the text with the index 1 has no embedding/],
    [{ data: [entry(0), entry(0)] }, /two embeddings have the index 0/],
    [{ data: [entry(0), entry(2)] }, /index 2, and 2 texts were sent/],
    [{ data: [entry(0), entry(-1)] }, /index -1/],
    [{ data: [entry(0), entry("1")] }, /index "1"/],
    [{ data: [entry(0), null] }, /embedding 2 is not a JSON object/],
    [{ data: [entry(0), entry(1, "AACAPw==")] }, /vector 2 is no list of numbers/],
    [{ data: [entry(0), entry(1, [1, null])] }, /vector 2 is no list of numbers/],
    [{ data: [entry(0), entry(1, [1, 1e300])] }, /vector 2 has an element that is no finite number/],
    [{ data: [entry(0), entry(1, [1])] }, /the number of elements is 2 in vector 1, but 1 in vector 2/],
    [{ data: [entry(0), entry(1, [0, 0])] }, /vector 2 has only elements that are 0/],
    [{ data: [entry(0, []), entry(1, [])] }, /vector 1 has 0 elements/],
  ];
  for (const [body, message] of cases) {
    await using made = await stubModel({ fault: () => ({ kind: "body", body: JSON.stringify(body) }) });
    await assert.rejects(made.model.embed!(["a", "b"], NEVER), (error) => {
      assert.ok(error instanceof ModelError);
      assert.equal(error.kind, "malformed-reply");
      assert.match(error.message, message);
      return true;
    });
  }
});

Deno.test("embed() takes embeddings without an index in the order of the response", async () => {
  const body = JSON.stringify({ data: [{ embedding: [1, 2] }, { embedding: [3, 4] }] });
  await using made = await stubModel({ fault: () => ({ kind: "body", body }) });
  const { vectors, usage } = await made.model.embed!(["a", "b"], NEVER);
  assert.deepEqual(vectors, [Float32Array.of(1, 2), Float32Array.of(3, 4)]);
  assert.equal(usage, undefined);
});
