/**
 * Logs in memory, for tests of log collectors.
 *
 * @module
 */
import type { Envelope } from "../../../core/events/mod.ts";
import { evolve, initialState, type LogCollector, result } from "../mod.ts";

/** Passes one log to collectors, as if it had been read from a file. Their `ended()` must not be asynchronous. */
export function showLog(
  collectors: readonly LogCollector[],
  { discussion, envelopes, damage = null }: Readonly<
    { discussion: string; envelopes: Iterable<Envelope>; damage?: string | null }
  >,
): void {
  let state = initialState();
  for (const envelope of envelopes) {
    state = evolve(state, envelope);
    for (const collector of collectors) collector.add?.(envelope);
  }
  for (const collector of collectors) collector.ended({ discussion, damage, slots: result(state) });
}
