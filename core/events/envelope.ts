/** The envelope that every event of a stream travels in, and the two parts of it that callers supply. */
import type { DiscussionEvent } from "./discussion_event.ts";

/** What may differ between two otherwise identical runs: latencies, attempts, error texts. Never compared. */
export type EventMeta = Readonly<Record<string, unknown>>;

/** An event that has been decided but not yet been given its place in a stream. */
export type PendingEvent = Readonly<{ event: DiscussionEvent; meta?: EventMeta }>;

/**
 * One line of a stream.
 *
 * Two runs are equal when `type` and `data` of all their events are equal; `at` and `meta` are outside of that
 * comparison, `hash` chains over them all the same.
 */
export type Envelope = Readonly<{
  /** The stream: the discussion's id. */
  stream: string;
  /** 0-based place in the stream, without gaps. */
  seq: number;
  /** ISO 8601 time, UTC, at which the event was recorded. */
  at: string;
  type: DiscussionEvent["type"];
  /** Schema version of this event type. */
  v: number;
  data: DiscussionEvent["data"];
  meta?: EventMeta;
  /** SHA-256 (hex) over the previous line's hash and this line without its hash. */
  hash: string;
}>;

/** The event inside an envelope, typed as the union again. */
export function eventOf(envelope: Envelope): DiscussionEvent {
  return { type: envelope.type, data: envelope.data } as DiscussionEvent;
}
