/** The result of the work on many streams. */
import type { LimitReached } from "./budget.ts";
import type { StoppedLane } from "./lanes.ts";

/** The result of the work. */
export type RunOutcome = Readonly<{
  /** How many streams have ended, in this start or in an earlier one. */
  ended: number;
  /** How many streams had ended before this start. */
  endedBefore: number;
  /** How many streams failed in this start. */
  setAside: number;
  /** The stopped lanes that skipped streams. */
  stopped: readonly StoppedLane[];
  /** Why the work ended early, or why no stream made progress; otherwise `null`. */
  cutShort: CutShort | null;
}>;

/**
 * Why the work ended early: the caller stopped it, a limit was reached, or something failed that all streams
 * need.
 */
export type CutShort =
  | Readonly<{ by: "caller" }>
  | (Readonly<{ by: "budget" }> & LimitReached)
  | Readonly<{ by: "failure"; message: string }>;
