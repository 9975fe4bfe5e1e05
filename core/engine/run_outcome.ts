/** How work on many streams went. */
import type { LimitReached } from "./budget.ts";
import type { StoppedLane } from "./lanes.ts";

/** How the work went. */
export type RunOutcome = Readonly<{
  /** Streams that have come to their end, those that had before included. */
  ended: number;
  /** Of those, the ones that had ended before. */
  endedBefore: number;
  /** Streams that could not go on this time. */
  setAside: number;
  /** What was stopped because all of it failed, while the rest went on. */
  stopped: readonly StoppedLane[];
  /** Why the work ended before all were tried, or why none of them got on; `null` when neither was so. */
  cutShort: CutShort | null;
}>;

/** Why the work ended early: the caller stopped it, a limit was reached, or something failed that all streams share. */
export type CutShort =
  | Readonly<{ by: "caller" }>
  | (Readonly<{ by: "budget" }> & LimitReached)
  | Readonly<{ by: "failure"; message: string }>;
