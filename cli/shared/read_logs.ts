/** Reads logs for collectors, which count what the logs say. */
import { nativeSha256 } from "../../adapters/system.ts";
import type { LogCollector } from "../../analysis/projections/mod.ts";
import { evolve, initialState, result } from "../../analysis/projections/slots.ts";
import { DamagedStream, readStreamInPieces } from "../../core/engine/stream.ts";
import type { Envelope } from "../../core/events/mod.ts";
import type { EventStore } from "../../core/ports/mod.ts";

/**
 * The events of a discussion, many at a time. The store then releases the discussion.
 *
 * @throws {DamagedStream} At the first damaged line.
 */
export async function* piecesOf(store: EventStore, discussion: string): AsyncGenerator<readonly Envelope[]> {
  yield* readStreamInPieces(store, discussion, nativeSha256);
  store.release(discussion);
}

/**
 * Reads every log of a run once, for all collectors. If a log is damaged, the collectors get the events
 * before the damage.
 */
export async function readLogs(
  { discussions, pieces }:
    & Readonly<{ pieces: (discussion: string) => AsyncIterable<readonly Envelope[]> }>
    & Readonly<{ discussions: () => AsyncIterable<string> | Iterable<string> }>,
  collectors: readonly LogCollector[],
): Promise<void> {
  const replays = collectors.filter((collector) => collector.add !== undefined);
  for await (const discussion of discussions()) {
    let damage: string | null = null;
    let state = initialState();
    try {
      for await (const events of pieces(discussion)) {
        for (const envelope of events) {
          state = evolve(state, envelope);
          for (const replay of replays) replay.add!(envelope);
        }
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
