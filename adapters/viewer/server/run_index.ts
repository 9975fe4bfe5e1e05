/** The interface that the server needs from an index of the discussions of all runs. */
import type { LogEnd } from "../../../core/events/mod.ts";
import type { RunReader } from "../../../core/ports/mod.ts";
import type { ListAnswer, ListQuery, OutcomeLookUp } from "../../../analysis/listing/mod.ts";
import type { Notice, Overview, SearchAnswer, SearchQuery } from "../api.ts";

/** A discussion whose log has changed. `events` is the number of its events now; 0 if the log is gone. */
export type GrownLog = Readonly<{
  discussion: string;
  events: number;
  /** Whether the log was cut, for example by a repair. */
  isShorter?: boolean;
}>;

/** The progress of the index. */
export type IndexProgress = Notice & { kind: "indexed" };

/** Keeps rows and texts of discussions, and reads them again after their logs have grown. */
export interface RunIndex {
  /**
   * Reads the logs of a run. The run is new to the index, or has taken the place of another run with this
   * name. Resolves when all logs are read. The index answers questions meanwhile.
   */
  open(run: string, reader: RunReader): Promise<void>;
  /**
   * Finds which of these streams have changed, and reads them before all other streams that wait. Forgets
   * streams that are gone.
   *
   * @param streams Default: all streams of the run. If all streams are already being read, nothing more is
   *   done.
   * @returns The streams whose events have changed.
   */
  update(run: string, streams?: readonly string[]): Promise<readonly GrownLog[]>;
  /**
   * Sets the ends that the run's log records for discussions. If a discussion's log is shorter, it counts as
   * damaged.
   */
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
