/** Logs that hold what a test wants them to hold. */
import { EMPTY_CHAIN, encodeEvent } from "../events/codec.ts";
import type { DiscussionEvent, StoredLine } from "../events/mod.ts";
import { portableSha256 } from "../sha256.ts";
import { type EventStore, memoryEventStore } from "../ports/mod.ts";

/** The lines of a log of these events, properly chained, recorded at the beginning of 2026. */
export function linesOf(stream: string, events: Iterable<DiscussionEvent>): StoredLine[] {
  const lines: StoredLine[] = [];
  let end = EMPTY_CHAIN;
  for (const event of events) {
    const atMs = Date.UTC(2026, 0, 1);
    const sealed = encodeEvent(stream, end, { pending: { event }, atMs, sha256: portableSha256 });
    lines.push(sealed.line);
    end = sealed.end;
  }
  return lines;
}

/** A store in memory with one stream of these events; none where there are no events. */
export async function storeHolding(stream: string, events: readonly DiscussionEvent[]): Promise<EventStore> {
  const store = memoryEventStore();
  if (events.length > 0) await store.append(stream, 0, linesOf(stream, events));
  return store;
}

/**
 * A store whose appends can fail.
 *
 * @param store What it writes to.
 * @param failure What the n-th append fails with, 0-based; `null` lets it through.
 */
export function failingStore(store: EventStore, failure: (nth: number) => Error | null): EventStore {
  let appends = 0;
  return {
    ...store,
    append(stream, expectedSeq, lines) {
      const error = failure(appends++);
      return error === null ? store.append(stream, expectedSeq, lines) : Promise.reject(error);
    },
  };
}
