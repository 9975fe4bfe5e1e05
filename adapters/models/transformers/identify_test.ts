import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { inFolder } from "../../testing/in_folder.ts";
import { patientClock, writeRandomModel } from "./testing/local_models.ts";
import { transformersAdapter } from "./adapter.ts";

const identify = (folder: string, options: Record<string, string>) =>
  transformersAdapter.identify!(
    { adapter: "transformers", sampling: {}, options: { model: "a/m", ...options } },
    { env: () => undefined, clock: patientClock, folder },
  );

Deno.test("transformersAdapter.identify() hashes only the files that the model uses", () =>
  inFolder(async (folder) => {
    const files = {
      "config.json": "abc",
      "README.md": "no part of it",
      "onnx/model_q4.onnx": "another number format",
      "onnx/model.onnx_data": "x".repeat(3_000_000),
    };
    await writeRandomModel(join(folder, "a/m"), { files });
    const parts = await identify(folder, {});
    assert.deepEqual(Object.keys(parts), [
      "a/m/config.json",
      "a/m/tokenizer.json",
      "a/m/tokenizer_config.json",
      "a/m/generation_config.json",
      "a/m/chat_template.jinja",
      "a/m/chat_template.json",
      "a/m/onnx/model.onnx",
      "a/m/onnx/model.onnx_data",
    ]);
    // The first test vector of FIPS 180-4.
    assert.equal(
      parts["a/m/config.json"],
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    );
    const large = createHash("sha256").update(files["onnx/model.onnx_data"]).digest("hex");
    assert.equal(parts["a/m/onnx/model.onnx_data"], large);
    assert.equal(parts["a/m/chat_template.jinja"], "absent");
    assert.equal("a/m/onnx/model_q4.onnx" in await identify(folder, { model: "a/m/", dtype: "q4" }), true);
  }));

Deno.test("dtype: auto takes the fastest format in the folder, and the identity says if replies depend on other requests", () =>
  inFolder(async (folder) => {
    await writeRandomModel(join(folder, "m"), { files: { "onnx/model_q4.onnx": "4-bit numbers" } });
    const weights = async (dtype: string) =>
      Object.keys(await identify(folder, { model: "m", dtype })).filter((name) => /dtype|onnx/.test(name));
    assert.deepEqual(await weights("auto"), ["m: dtype auto", "m/onnx/model.onnx"]);
    await Deno.writeTextFile(join(folder, "m/onnx/model_quantized.onnx"), "8-bit numbers");
    assert.deepEqual(await weights("auto"), ["m: dtype q8", "m: dtype auto", "m/onnx/model_quantized.onnx"]);
    assert.deepEqual(await weights("q4"), ["m: dtype q4", "m/onnx/model_q4.onnx"]);
  }));

Deno.test("a file or a device that changes the choice of dtype: auto changes a recorded part, so that the run is not resumed", () =>
  inFolder(async (folder) => {
    await writeRandomModel(join(folder, "m"), { files: { "onnx/model_fp16.onnx": "16-bit numbers" } });
    const options = { model: "m", dtype: "auto" };
    const held = await identify(folder, options);
    const changed = async (now: Record<string, string>) =>
      Object.entries(await identify(folder, now)).flatMap(([part, identity]) =>
        Object.hasOwn(held, part) && held[part] !== identity ? [part] : []
      );
    assert.deepEqual(await changed(options), []);
    assert.deepEqual(await changed({ ...options, device: "cuda" }), ["m: dtype auto"]);
    await Deno.writeTextFile(join(folder, "m/onnx/model_quantized.onnx"), "8-bit numbers");
    assert.deepEqual(await changed(options), ["m: dtype auto"]);
  }));

Deno.test("transformersAdapter.identify() names the revision of a model on the hub", async () => {
  const revision = "0123abc";
  assert.deepEqual(await identify("/", { model: "owner/name", revision }), {
    "owner/name": "revision 0123abc",
  });
});
