import assert from "node:assert/strict";
import { join } from "node:path";
import { writeRandomModel } from "./testing/local_models.ts";

/** The variables that ONNX Runtime and the image library of Transformers.js read when they load. */
const VARIABLES = "ORT_DISABLE_TELEMETRY,npm_package_config_libvips,MALLOC_ARENA_MAX";

Deno.test("a local model needs no network, and writes no files", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await writeRandomModel(folder);
    const script = join(import.meta.dirname!, "testing", "ask_offline.ts");
    const permissions = ["--no-prompt", "--allow-read", "--allow-ffi", `--allow-env=${VARIABLES}`];
    const command = new Deno.Command(Deno.execPath(), {
      args: ["run", "--quiet", ...permissions, "--deny-net", "--deny-write", "--deny-run", script, folder],
    });
    const { code, stdout, stderr } = await command.output();
    assert.equal(code, 0, new TextDecoder().decode(stderr));
    assert.ok(JSON.parse(new TextDecoder().decode(stdout)).promptTokens > 0);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
