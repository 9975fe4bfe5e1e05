/**
 * The port of runs. A run has the run's log, the experiment file, copies of the files that the experiment
 * names, a log for each discussion, and further texts. Every implementation passes
 * `core/ports/run_conformance.ts`.
 */
import type {
  ReachedModel,
  ResultsViewed,
  RunEvent,
  RunLogState,
  RunManifest,
  RunRecord,
} from "../run_log/mod.ts";
import type { StoredLine } from "../events/codec.ts";
import type { EventStore } from "./event_store.ts";
import type { ChosenFiles, RunCopy, RunFile } from "./run_copy.ts";

/** The files that an experiment names: path as in the run's record → content and SHA-256 of the content. */
export type RunInputs = ReadonlyMap<string, Readonly<{ content: string | Uint8Array; sha256: string }>>;

/** The description of a run to make or to open. */
export type RunDescription = Readonly<{
  experimentText: string;
  manifest: RunRecord;
  /** The files that the experiment names. The run keeps copies. */
  inputs?: RunInputs;
  /** Now, in milliseconds since 1970. */
  nowMs: number;
}>;

/**
 * The part of a run that one process writes. `index` is the 1-based number of the part, `count` the number of
 * parts.
 */
export type RunPart = Readonly<{ index: number; count: number }>;

/** New addresses of models, and the present time in milliseconds since 1970. */
export type Reaching = Readonly<{ reached?: readonly ReachedModel[]; nowMs: number }>;

/** How a run is opened for writing. */
export type RunOpening = Readonly<{
  /** The part that this process writes. Default: the whole run. */
  part?: RunPart;
}>;

/** How a process joins the others that write to a run. */
export type RunJoining = Readonly<{
  /**
   * The run to join. If there is no run at the place, it is made. If there is one, it must have the same
   * fingerprint. Default: the run that is there.
   */
  run?: RunDescription;
  /** New addresses of models. */
  reaching?: Reaching;
}>;

/** The description of a run, as it is stored. */
export type Recorded = Readonly<{
  /**
   * The manifest. It is computed from the run's log. If the log is missing or damaged, it is read from its
   * file.
   */
  manifest: RunManifest;
  log: RunLogState;
  /** The differences between the stored files and the run's record. Each is a sentence. */
  problems: readonly string[];
  /** The experiment file, verbatim; `null` if the discussions were imported. */
  experimentText: string | null;
}>;

/** A run that is open for reading. Its description is from the time of opening. Its discussions can grow. */
export type RunReader =
  & Recorded
  & Readonly<{
    /** The place of the run, for messages, such as the path of its folder. */
    place: string;
    /** The run's discussions. Append only through a {@linkcode RunWriter}. */
    store: EventStore;
    /**
     * Reads the run's copy of a file that the experiment names.
     *
     * @param path The path in the experiment file.
     * @param sha256 The hash of the file. Default: the hash in the run's record.
     * @throws {Error} With the reason, if there is no copy, or the copy was changed.
     */
    input: (path: string, sha256?: string) => Promise<string>;
    /**
     * Reads a text that was written with `writeText()`; `null` if there is none.
     *
     * @param name A name of {@linkcode RUN_TEXTS}.
     * @throws {RangeError} If `name` is not a name of `RUN_TEXTS`.
     */
    readText: (name: string) => Promise<string | null>;
    /**
     * Reads the run's files: everything except the logs of its discussions. A run that is not in a folder
     * gives the files that its folder would have.
     */
    files: (chosen?: ChosenFiles) => AsyncIterable<RunFile>;
  }>;

/** A run that is open for writing. This process has the lease until it closes the run. */
export type RunWriter =
  & RunReader
  & Readonly<{
    /** Whether the run existed before. */
    resumed: boolean;
    /**
     * Adds an event to the run's log. `log` and `manifest` then include it. A run without an intact log, such as an imported
     * one, records nothing.
     *
     * @param atMs Now, in milliseconds since 1970.
     * @returns Whether the event was recorded.
     * @throws {RunError} If the log cannot be written.
     */
    record: (event: RunEvent, atMs: number) => Promise<boolean>;
    /**
     * Adds copies of further files to the run.
     *
     * @throws {RunError} If they cannot be written.
     */
    keepInputs: (inputs: RunInputs) => Promise<void>;
    /**
     * Replaces a text. Readers see the whole old text or the whole new text.
     *
     * @throws {RunError} If it cannot be written.
     */
    writeText: (name: string, text: string) => Promise<void>;
    /**
     * Adds a line to the end of a text. When the promise resolves, the line is durable. Wait for it before the next line. A
     * process that dies while it writes can leave an unfinished last line; the next call removes it.
     *
     * @param line The line without its end.
     * @throws {RangeError} If the line contains a newline.
     * @throws {RunError} If it cannot be written.
     */
    appendText: (name: string, line: string) => Promise<void>;
    /**
     * Ends the lease. Later writes fail with a `TypeError`.
     *
     * @throws {StoreError} If a part of the run has disappeared. The lease ends even then.
     */
    close: () => Promise<void>;
  }>;

/** A run that several processes write to. Each process writes only to the streams that it has claimed. */
export type SharedRun =
  & RunWriter
  & Readonly<{
    /**
     * Takes a stream, even from another process. From now on, only this process can append to the stream. All
     * appends of other processes fail with `ClaimLost`, even appends that have begun.
     *
     * @throws {ClaimLost} If this process no longer has its share of the run.
     * @throws {StoreError} If the claim cannot be made.
     */
    claim: (stream: string) => Promise<void>;
    /**
     * Gives a stream back, if this process still has it.
     *
     * @throws {StoreError} If this fails.
     */
    unclaim: (stream: string) => Promise<void>;
  }>;

/** The description of a new run of imported discussions. */
export type ImportDescription =
  & Pick<RunRecord, "versions" | "shards">
  /** Now, in milliseconds since 1970. */
  & Readonly<{ nowMs: number }>;

/** A run of imported discussions that is open for an import. It has no experiment and no run log. */
export type ImportWriter =
  & RunWriter
  & Readonly<{
    /**
     * Adds a whole new discussion. It is durable after `flush()`. If the process is killed before, the run
     * has all lines of the discussion or no line.
     *
     * @throws {StoreError} If a discussion cannot be written. Some discussions that were added after the last
     *   `flush()` can still be in the run.
     */
    importStream: (stream: string, lines: readonly StoredLine[]) => Promise<void>;
    /**
     * Makes all imported discussions durable.
     *
     * @throws {StoreError} If this fails.
     */
    flush: () => Promise<void>;
    /** Records the imported files (name → SHA-256) and the new plan. Call it after the discussions are durable. */
    recordImport: (sources: RunRecord["sources"], plan: RunRecord["plan"]) => Promise<void>;
  }>;

/** A model that is paused. `until` is the time of the next attempt, in ISO 8601. */
export type PausedModel = Readonly<{ model: string; cause: string; reason: string; until: string }>;

/** A place that keeps one run. */
export interface RunHome {
  /** The place, for messages. */
  readonly place: string;
  /**
   * Opens the run for writing. If there is no run, it is made. Until the run is closed, no other process can
   * write to it. If this process opens one part, other processes can write the other parts.
   *
   * @param run The description of the run. If there is a run at this place, it must have the same
   *   fingerprint.
   * @throws {RunError} If the run is in use, has a different fingerprint, or cannot be written.
   */
  open(run: RunDescription, options?: RunOpening): Promise<RunWriter>;
  /**
   * Opens an existing run for writing, also an imported one.
   *
   * @throws {RunError} If there is no run, or it is in use or cannot be written. Also if new addresses would
   *   mix the answers of two models.
   */
  reopen(options?: RunOpening & Readonly<{ reaching?: Reaching }>): Promise<RunWriter>;
  /**
   * Opens the run for writing, together with other processes that join it. Until all of them close it, no
   * process can open the run with `open()` or `reopen()`. A process must claim a stream before it appends to
   * it.
   *
   * @throws {RunError} As `open()` and `reopen()` do, or if processes cannot share runs at this place.
   */
  join(options?: RunJoining): Promise<SharedRun>;
  /**
   * Opens a run of imported discussions for writing. If there is no run, it is made.
   *
   * @throws {RunError} If the run is in use, belongs to an experiment, or cannot be written.
   */
  openImport(description: ImportDescription): Promise<ImportWriter>;
  /**
   * Opens the run for reading, even while processes write to it.
   *
   * @throws {RunError} If there is no run, or it cannot be read.
   */
  read(): Promise<RunReader>;
  /**
   * Records that a user sees results. This is possible while other processes write to the run. A second look
   * of the same command at the same outcomes and the same number of discussions is not recorded. A run
   * without an intact log records nothing.
   *
   * @param atMs Now, in milliseconds since 1970.
   * @throws {RunError} If there is no run, or its log cannot be written.
   */
  recordLook(look: ResultsViewed["data"], atMs: number): Promise<void>;
  /**
   * Lets a person withdraw. This is possible while other processes write to the run. It deletes the key of
   * the person's words for ever, then records the withdrawal once. From then on, the words can be read
   * only with a copy of the key.
   *
   * @param person A participant as `<discussion>/<participant>`, or an annotator's name.
   * @param atMs Now, in milliseconds since 1970.
   * @throws {RunError} If there is no run, or its log cannot be written.
   * @throws {StoreError} If the key cannot be deleted.
   */
  withdraw(person: string, atMs: number): Promise<void>;
  /** The processes that write to the run, as texts such as `process 42 on host, since …`. */
  holders(): Promise<readonly string[]>;
  /** The models that the run waits for. None if no process writes to the run. */
  pausedModels(): Promise<readonly PausedModel[]>;
  /**
   * Makes the run from a copy of another run. When the promise resolves, the whole run is durable. If the
   * promise rejects, or the process dies before, there is no run.
   *
   * @throws {RunError} If there is a run at this place, or it cannot be written.
   */
  receive(copy: RunCopy): Promise<void>;
}
