/** Reads all logs of a run once, for everything that collects facts from them. */
import type { LogCollector } from "../../analysis/projections/mod.ts";
import { evolve, initialState, result } from "../../analysis/projections/slots.ts";
import { DamagedStream } from "../../core/engine/mod.ts";
import type { Logs } from "./logs.ts";

/**
 * Reads every log once and shows it to all collectors. A damaged log is shown as far as it is good, and does not stop
 * the others.
 *
 * @param logs The logs.
 * @param collectors What looks at them.
 */
export async function readLogs(
  { discussions, events }: Pick<Logs, "discussions" | "events">,
  collectors: readonly LogCollector[],
): Promise<void> {
  const replays = collectors.filter((collector) => collector.add !== undefined);
  for await (const discussion of discussions()) {
    let damage: string | null = null;
    let state = initialState();
    try {
      for await (const envelope of events(discussion)) {
        state = evolve(state, envelope);
        for (const replay of replays) replay.add!(envelope);
      }
    } catch (error) {
      if (!(error instanceof DamagedStream)) throw error;
      damage = error.message;
    }
    const slots = result(state);
    if (slots === null && state.problem !== null) damage ??= `Cannot read "${discussion}": ${state.problem}`;
    const log = { discussion, damage, slots };
    for (const collector of collectors) await collector.ended(log);
  }
}
