/** The program within the process of the tests: many calls of it, of which none needs a process of its own. */
import { main } from "../main.ts";
import { memorySink } from "../terminal/text_sink.ts";
import type { Ended } from "./processes.ts";

/** Carries a command line out. @param args Paths in them are absolute, or from where the tests are run. */
export async function runHere(
  ...args: readonly string[]
): Promise<Pick<Ended, "code" | "stdout" | "stderr">> {
  const [stdout, stderr] = [memorySink(), memorySink()];
  const code = await main(args, { stdout, stderr });
  return { code, stdout: stdout.text, stderr: stderr.text };
}
