/** The work on streams: what it needs, how it is shared with other processes, and its notices. */
import type { DiscussionEvent } from "../events/mod.ts";
import type { Clock } from "../ports/clock.ts";
import type { Budget } from "./budget.ts";
import type { Advance } from "./environment.ts";
import type { LaneRules } from "./lanes.ts";
import type { Place } from "./waits.ts";

/** Work on one stream, one answer after the other: a discussion, or an annotation pass over a discussion. */
export type Session = Readonly<{
  ended: boolean;
  /** See `Discussion.advance()`. */
  advance(abort?: AbortSignal, stop?: AbortSignal, place?: Place): Promise<Advance>;
}>;

/** A notice about a stream. */
export type SessionNotice =
  | Readonly<{ kind: "recorded"; discussion: string; events: readonly DiscussionEvent[] }>
  | Readonly<{ kind: "ended"; discussion: string }>
  /** The stream failed. The next start of the run tries it again. */
  | Readonly<{ kind: "set-aside"; discussion: string; reason: string }>
  /** The stream was skipped, because its lane was stopped. The next start of the run tries it again. */
  | Readonly<{ kind: "left"; discussion: string }>
  /** Another process took the stream. This process can no longer append to its log. */
  | Readonly<{ kind: "lost"; discussion: string }>
  /**
   * This process has worked on the stream for a long time. Work on it continues later, here or in another
   * process.
   */
  | Readonly<{ kind: "interrupted"; discussion: string }>;

/** The options of the work on streams. */
export type SessionOptions = Readonly<{
  /** The most streams in progress at the same time. Streams that wait for a model do not count. */
  concurrency: number;
  /** Ends the work gracefully: answers in flight are still recorded, but no other request is sent. */
  stop?: AbortSignal;
  /** Ends the work immediately, and aborts the requests in flight. */
  abort?: AbortSignal;
  /** Ends the work gracefully when one of its limits is reached. */
  budget?: Budget;
  /**
   * How the streams are shared with other processes. If this is missing, the process works on all streams
   * alone.
   */
  sharing?: Sharing;
}>;

/** How work on a stream ended. */
export type SessionEnd =
  | Readonly<{ kind: "ended" }>
  | Readonly<{ kind: "failed"; reason: string }>
  /** The lane was stopped. */
  | Readonly<{ kind: "left"; lane: string }>
  /** Nothing can be done on the stream yet. */
  | Readonly<{ kind: "skipped" }>
  /** This process stops, or it has worked on the stream for a long time. */
  | Readonly<{ kind: "interrupted" }>
  /** Another process has the stream. */
  | Readonly<{ kind: "lost" }>;

/** How streams are shared with other processes. */
export type Sharing = Readonly<{
  /** Takes a drawn stream, so that only this process can append to it. */
  claim: (stream: string) => Promise<void>;
  /** Aborted when another process has the stream. */
  lost: (stream: string) => AbortSignal;
  /** Aborted when work on the stream should be interrupted, so that another process can continue it. */
  expiring: (stream: string) => AbortSignal;
  /** Names the lanes that are full. Streams of these lanes should not be drawn until the next call. */
  postpone: (lanes: ReadonlySet<string>) => void;
  /** Gives a drawn stream back. Called once for each drawn stream. */
  settle: (stream: string, end: SessionEnd) => Promise<void>;
}>;

/** The work on each item. Each item belongs to one stream. */
export type Work<Item> =
  & LaneRules<Item>
  & Readonly<{
    idOf: (item: Item) => string;
    /** Begins or resumes work on a stream; `null` if there is nothing to do. */
    open: (item: Item) => Promise<Session | null>;
    /** Ends work on the stream for now. */
    release: (stream: string) => void;
    /** Receives every notice immediately. It must not throw. */
    notify: (notice: SessionNotice) => void;
    clock: Clock;
  }>;
