/** Plans and runs 100,000 discussions, and checks that memory does not grow with their number. */
import { fileURLToPath } from "node:url";

const RUN_MANY = fileURLToPath(new URL("testing/run_many.ts", import.meta.url));

/**
 * Memory after all discussions may be at most this multiple of the memory after half of them, because it varies a
 * little.
 */
const GROWTH_MAX = 1.3;

Deno.bench("100,000 discussions planned and run in flat memory", { n: 1, warmup: 0 }, async () => {
  const { stdout } = await new Deno.Command(Deno.execPath(), { args: ["run", "-A", RUN_MANY] }).output();
  const bytes: number[] = JSON.parse(new TextDecoder().decode(stdout));
  const growth = bytes[9]! / bytes[4]!;
  if (!(growth <= GROWTH_MAX)) throw new Error(`Memory is not flat: ${bytes.join(", ")} bytes`);
});
