import assert from "node:assert/strict";
import { NEVER, stubModel } from "../testing/stub_models.ts";
import { readModelList } from "./model_list.ts";

/** Entries in the form of several servers, shortened. */
const LISTS = [
  ["vLLM", { id: "m", object: "model", owned_by: "vllm", max_model_len: 32_768 }, 32_768],
  ["OpenRouter", { id: "m", name: "M", context_length: 131_072 }, 131_072],
  ["Groq", { id: "m", context_window: 8_192, active: true }, 8_192],
  ["llama.cpp", { id: "m", meta: { n_ctx_train: 131_072, n_params: 1 } }, 131_072],
  ["LM Studio", { id: "m", max_context_length: 32_768, loaded_context_length: 4_096 }, 4_096],
] as const;

for (const [server, entry, contextTokens] of LISTS) {
  Deno.test(`readModelList() finds the context length in the list of ${server}`, () => {
    const list = { object: "list", data: [{ id: "other", max_model_len: 1 }, entry] };
    assert.deepEqual(readModelList(list, "m"), { isListed: true, contextTokens });
  });
}

Deno.test("readModelList() returns no facts if it gets no list, and reports a model that the list lacks", () => {
  for (const list of [null, "no", {}, { data: {} }]) assert.deepEqual(readModelList(list, "m"), {});
  assert.deepEqual(readModelList({ data: [null, { id: "other" }] }, "m"), { isListed: false });
  assert.deepEqual(readModelList({ data: [{ id: "m", max_model_len: "long" }] }, "m"), { isListed: true });
});

Deno.test("OpenAiModel reads the server's list of models, and works without one", async () => {
  await using listed = await stubModel();
  assert.deepEqual(await listed.model.facts!(NEVER), { isListed: true });
  await using missing = await stubModel({ models: ["another"] });
  assert.deepEqual(await missing.model.facts!(NEVER), { isListed: false });
  await using withoutList = await stubModel({}, { baseUrl: `${listed.stub.baseUrl}/elsewhere` });
  assert.deepEqual(await withoutList.model.facts!(NEVER), {});
  await using locked = await stubModel({ apiKey: "secret" });
  await assert.rejects(locked.model.facts!(NEVER), { kind: "unauthorised" });
});
