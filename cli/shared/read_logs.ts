/** Reading of all logs of a run once, whatever looks at them. */
import type { LogCollector } from "../../analysis/projections/mod.ts";
import { DamagedStream } from "../../core/engine/mod.ts";
import type { Logs } from "./logs.ts";

/**
 * Reads every log once, and shows its events to all collectors. A damaged log is shown as far as it is good, and does
 * not stop the others.
 *
 * @param logs The logs.
 * @param collectors What looks at them.
 */
export async function readLogs(
  { discussions, events }: Pick<Logs, "discussions" | "events">,
  collectors: readonly LogCollector[],
): Promise<void> {
  for await (const discussion of discussions()) {
    let damage: string | null = null;
    try {
      for await (const envelope of events(discussion)) {
        for (const collector of collectors) collector.add(envelope);
      }
    } catch (error) {
      if (!(error instanceof DamagedStream)) throw error;
      damage = error.message;
    }
    for (const collector of collectors) await collector.ended?.({ discussion, damage });
  }
}
