/** The port of everything that reads the logs of a run once, side by side with others. */
import type { Envelope } from "../../core/events/mod.ts";

/** The end of a log: of what there is of it. */
export type LogEnd = Readonly<{
  /** The discussion's name. */
  discussion: string;
  /** What is wrong with the log from here on; `null` where it was read to its end. */
  damage: string | null;
}>;

/** Reads logs, one after the other. */
export interface LogCollector {
  /** Takes in the next event of the log that is being read. */
  add(envelope: Envelope): void;
  /** The log has been read as far as it can be; the next event is another one's, once this is settled. */
  ended?(end: LogEnd): void | Promise<void>;
}
