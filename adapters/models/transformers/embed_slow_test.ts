import assert from "node:assert/strict";
import { join } from "node:path";
import { embeddingConformance } from "../../../core/ports/embedding_conformance.ts";
import { type AdapterOptions, type Model, ModelError } from "../../../core/ports/model.ts";
import { localModel, modelInFolder, NEVER, openOnnx } from "./testing/local_models.ts";
import { CONTEXT, writeTokenVectors } from "./testing/token_vectors.ts";

type Written = Parameters<typeof writeTokenVectors>[1];

async function embedder(options: AdapterOptions = {}, written: Written = {}) {
  return await modelInFolder(async (folder) => {
    await writeTokenVectors(join(folder, "model"), written);
    return await openOnnx(folder, options);
  });
}

/** A model that never answers: it embeds again after each answer, until the request is aborted. */
function endless(model: Model): Model {
  return {
    generate: model.generate,
    async embed(texts, signal) {
      for (;;) await model.embed!(texts, signal);
    },
  };
}

async function conformanceHarness() {
  const made = await embedder();
  const decoder = await localModel();
  return {
    model: made.model,
    stuck: endless(made.model),
    untilStuck: async () => void await made.model.embed!(["Are you there?"], NEVER),
    failing: { "unknown-model": decoder.model },
    cleanup: async () => {
      await made[Symbol.asyncDispose]();
      await decoder[Symbol.asyncDispose]();
    },
  };
}

for (const test of embeddingConformance("transformersAdapter", conformanceHarness)) Deno.test(test);

async function vectorsOf(model: Model, texts: readonly string[]): Promise<readonly (readonly string[])[]> {
  const { vectors } = await model.embed!(texts, NEVER);
  return vectors.map((vector) => [...vector].map((value) => value.toFixed(5)));
}

Deno.test("embed() returns the mean of the tokens with length 1, without padding", async () => {
  await using made = await embedder({ batch: 2 });
  // By hand: ab is the mean of (0, 1, 0) and (1, 1, 0); bbbb is (1, 1, 0); ae is the mean of (0, 1, 0) and (4, 1, 0).
  assert.deepEqual(await vectorsOf(made.model, ["ab", "bbbb", "ae"]), [
    ["0.44721", "0.89443", "0.00000"],
    ["0.70711", "0.70711", "0.00000"],
    ["0.89443", "0.44721", "0.00000"],
  ]);
});

Deno.test("embed() with pooling: cls returns the first token", async () => {
  await using made = await embedder({ pooling: "cls" });
  assert.deepEqual(await vectorsOf(made.model, ["ab", "ba"]), [
    ["0.00000", "1.00000", "0.00000"],
    ["0.70711", "0.70711", "0.00000"],
  ]);
});

Deno.test("embed() counts texts that are longer than the context, and the tokens that it read", async () => {
  await using made = await embedder();
  const long = `${"a".repeat(CONTEXT)}${"z".repeat(20)}`;
  const { vectors, cut, usage } = await made.model.embed!([long, "a"], NEVER);
  assert.deepEqual(vectors, [Float32Array.of(0, 1, 0), Float32Array.of(0, 1, 0)]);
  assert.equal(cut, 1);
  assert.deepEqual(usage, { promptTokens: CONTEXT + 1, completionTokens: 0 });
});

Deno.test("embed() refuses a model that asks for another pooling, or has no hidden states", async () => {
  const pooling = (modes: object) => ({ files: { "1_Pooling/config.json": JSON.stringify(modes) } });
  const cases: readonly (readonly [options: AdapterOptions, written: Written, message: RegExp])[] = [
    [{}, pooling({ pooling_mode_cls_token: true }), /asks for cls; set pooling: cls/],
    [{ pooling: "cls" }, pooling({ pooling_mode_mean_tokens: true }), /asks for mean; set pooling: mean/],
    [{}, pooling({ pooling_mode_lasttoken: true }), /pooling that is not offered/],
    [{}, pooling({ pooling_mode_mean_tokens: true, pooling_mode_max_tokens: true }), /that is not offered/],
    [{}, { output: "logits" }, /its outputs are logits; use an embedding model/],
  ];
  for (const [options, written, message] of cases) {
    await using made = await embedder(options, written);
    await assert.rejects(made.model.embed!(["a"], NEVER), (error) => {
      assert.ok(error instanceof ModelError);
      assert.equal(error.kind, "unknown-model");
      assert.match(error.message, message);
      return true;
    });
  }
  await using made = await embedder({}, pooling({ pooling_mode_mean_tokens: true }));
  assert.deepEqual(await vectorsOf(made.model, ["a"]), [["0.00000", "1.00000", "0.00000"]]);
});
