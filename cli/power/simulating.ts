/** Simulates experiments on all cores, and shows the progress in a terminal. */
import type { PlannedStudy, Simulate } from "../../analysis/power/mod.ts";
import { PowerPool } from "../../adapters/workers/mod.ts";
import { formatCount, plural } from "../terminal/numbers.ts";
import type { TextSink } from "../terminal/text_sink.ts";

/** Returns to the start of a line and erases it. One line needs no library that redraws several. */
const REPLACE_LINE = "\r\x1b[K";

/** Simulates a study with workers, which end when the work ends. */
export async function simulating<T>(
  study: PlannedStudy,
  stderr: TextSink,
  work: (simulate: Simulate) => Promise<T>,
): Promise<T> {
  using pool = new PowerPool(study);
  const show = (text: string) => stderr.isTerminal ? stderr.write(`${REPLACE_LINE}${text}`) : undefined;
  try {
    return await work((experiments) => {
      const { replications, to } = experiments;
      let done = experiments.from;
      const showDone = (more: number) => {
        done += more;
        const all = `${formatCount(done)} of ${formatCount(to)} experiments simulated`;
        show(`${plural(replications, "replication")}: ${all}`);
      };
      showDone(0);
      return pool.simulate(experiments, showDone);
    });
  } finally {
    show("");
  }
}
