/** What the server needs of an index over the discussions of all runs. */
import type { LogEnd } from "../../../core/events/mod.ts";
import type { RunReader } from "../../../core/ports/mod.ts";
import type { ListAnswer, ListQuery, OutcomeLookUp } from "../../../analysis/listing/mod.ts";
import type { Notice, Overview, SearchAnswer, SearchQuery } from "../api.ts";

/** A discussion whose log has changed, and how many events it has now; one that has gone has none. */
export type GrownLog = Readonly<{
  discussion: string;
  events: number;
  /** Whether the log was cut, such as by a repair. */
  isShorter?: boolean;
}>;

/** How far the index is. */
export type IndexProgress = Notice & { kind: "indexed" };

/** Keeps rows and texts of discussions, and reads them again after their logs have grown. */
export interface RunIndex {
  /**
   * Reads the logs of a run that is new to the index, or has taken the place of another run of this name. Resolves when all
   * of them are read. Questions are answered meanwhile.
   */
  open(run: string, reader: RunReader): Promise<void>;
  /**
   * Finds which of these streams have changed, reads them before all that still wait, and forgets streams that have gone.
   *
   * @param streams Default: all streams of the run, unless they are being read just now.
   * @returns Those whose events have changed.
   */
  update(run: string, streams?: readonly string[]): Promise<readonly GrownLog[]>;
  /** Sets the ends of logs that the run's log records. A shorter log is damaged. */
  record(run: string, ends: ReadonlyMap<string, LogEnd>): void;
  /** Why the index of a run is not kept for the next start; `null` if it is. */
  note(run: string): string | null;
  /** The names of the conditions of a run, in the order of the plan as far as it is known. */
  conditions(run: string): readonly string[];
  overview(): Promise<Overview>;
  /** @param outcomeOf Values for sorting by an outcome. Default: there are none. */
  list(query: ListQuery, outcomeOf?: OutcomeLookUp): Promise<ListAnswer>;
  search(query: SearchQuery, signal: AbortSignal): Promise<SearchAnswer>;
  /** Calls the listener when more logs were read, at most a few times a second. */
  follow(listener: (progress: IndexProgress) => void): void;
  /** Ends workers and closes files. */
  close(): Promise<void>;
}
