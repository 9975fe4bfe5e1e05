/** The port of everything that collects facts from all logs of a run while each log is read once. */
import type { Envelope } from "../../core/events/mod.ts";
import type { DiscussionSlots } from "./slots.ts";

/** A log that was read to its end, or up to its damage. */
export type ReadLog = Readonly<{
  /** The discussion's name. */
  discussion: string;
  /** What is wrong with the log from here on; `null` where it was read to its end. */
  damage: string | null;
  /** What the log says; `null` where it opens no discussion. */
  slots: DiscussionSlots | null;
}>;

/** Reads logs, one after the other. */
export interface LogCollector {
  /** Takes in the next event of the log; only a replay needs it. */
  add?(envelope: Envelope): void;
  /** Takes in a log that has been read; the next log is read once this is settled. */
  ended(log: ReadLog): void | Promise<void>;
}
