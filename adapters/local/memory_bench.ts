/** 100,000 discussions, planned and run: the memory that they take must not grow with their number. */
import { fileURLToPath } from "node:url";

const RUN_MANY = fileURLToPath(new URL("testing/run_many.ts", import.meta.url));

/** Resident memory after half of the discussions and after all of them: what is free in between differs a little. */
const GROWTH_MAX = 1.3;

Deno.bench("100,000 discussions planned and run in flat memory", { n: 1, warmup: 0 }, async () => {
  const { stdout } = await new Deno.Command(Deno.execPath(), { args: ["run", "-A", RUN_MANY] }).output();
  const bytes: number[] = JSON.parse(new TextDecoder().decode(stdout));
  const growth = bytes[9]! / bytes[4]!;
  if (!(growth <= GROWTH_MAX)) throw new Error(`Memory is not flat: ${bytes.join(", ")} bytes`);
});
