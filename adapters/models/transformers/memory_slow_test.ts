import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";

/** The allowed growth, because some garbage is not collected yet: 50 kB for each of 1,500 requests. */
const GROWTH_BYTES_MAX = 75_000_000;

Deno.test("a local model's memory stays limited over many requests, also when some are aborted", async () => {
  const program = fileURLToPath(new URL("./testing/memory_growth.ts", import.meta.url));
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", "-A", program],
  }).output();
  const decoder = new TextDecoder();
  assert.equal(code, 0, decoder.decode(stderr));
  const growth = Number(decoder.decode(stdout));
  assert.ok(growth < GROWTH_BYTES_MAX, `${growth} bytes`);
});
