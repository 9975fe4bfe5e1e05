/** The end of a log, as the run's log recorded it. A log without its recorded end has lost events. */
import { DamagedLine } from "./event_type.ts";

/** How many events a log had, and the hash of the last of them. */
export type LogEnd = readonly [events: number, hash: string];

/** The damage of a log that is shorter than its recorded end. */
export function cutLog([events]: LogEnd, found: number): DamagedLine {
  return new DamagedLine(
    "lost-events",
    `the run's log records ${events} events, but this log has only ${found}`,
  );
}

/** The damage of a log that has another event at its recorded end. Its chain of hashes can still be valid. */
export function changedLog([events]: LogEnd): DamagedLine {
  return new DamagedLine(
    "lost-events",
    `the run's log records a different event as number ${events}, so this log was changed later`,
  );
}
