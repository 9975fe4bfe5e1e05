/** The result of the work on many streams. */
import type { LimitReached } from "./budget.ts";
import type { StoppedLane } from "./lanes.ts";

/** The result of the work. */
export type RunOutcome = Readonly<{
  /** Streams that have ended, now or before. */
  ended: number;
  /** Streams that had ended before this start. */
  endedBefore: number;
  /** Streams that failed at this start. */
  setAside: number;
  /** The stopped lanes that skipped streams. */
  stopped: readonly StoppedLane[];
  /** Why the work ended early, or why no stream made progress; `null` if neither happened. */
  cutShort: CutShort | null;
}>;

/** Why the work ended early: the caller stopped it, a limit was reached, or something failed that all streams share. */
export type CutShort =
  | Readonly<{ by: "caller" }>
  | (Readonly<{ by: "budget" }> & LimitReached)
  | Readonly<{ by: "failure"; message: string }>;
