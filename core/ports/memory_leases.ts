/** Which processes may write to a run in memory. */
import { RunError } from "../run_log/mod.ts";
import { ClaimLost, type EventStore } from "./event_store.ts";
import type { RunPart } from "./run.ts";

/** The right to write to a run, or to a part of it. */
export type Lease = Readonly<{ part: RunPart | undefined; isShared: boolean }>;

/**
 * Whether two leases can exist at the same time. They can if both are shared, or if they are for different parts
 * of a run that both divide into the same number of parts.
 */
export function canShare(one: Lease, other: Lease): boolean {
  if (one.isShared || other.isShared) return one.isShared && other.isShared;
  if (one.part === undefined || other.part === undefined) return false;
  return one.part.count === other.part.count && one.part.index !== other.part.index;
}

/** The error for an append without a claim on the stream. */
export function claimLost(stream: string): ClaimLost {
  return new ClaimLost(
    `Cannot append to "${stream}": another process has taken it, or this process has not claimed it`,
  );
}

/** The error for a second lease. */
export function inUse(place: string): RunError {
  return new RunError(
    "in-use",
    `Cannot write to the run "${place}": it is in use: this process has opened it. Close it first`,
  );
}

/** A store whose appends are checked first. */
export function whileOpen(store: EventStore, check: (stream: string) => void): EventStore {
  return {
    ...store,
    append: (stream, expectedSeq, lines) =>
      Promise.try(() => {
        check(stream);
        return store.append(stream, expectedSeq, lines);
      }),
  };
}
