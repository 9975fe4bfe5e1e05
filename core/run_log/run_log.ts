/** The log of a run as a whole. Its discussions have their own logs. */
import type { Json } from "../json.ts";
import type { AnalysisDesign } from "../events/analysis_design.ts";
import { DamagedLine } from "../events/event_type.ts";
import type { LogEnd } from "../events/log_end.ts";
import { type ChainEnd, decodeChained, EMPTY_CHAIN, encodeEvent, type StoredLine } from "../events/codec.ts";
import type { Sha256 } from "../sha256.ts";
import type { RecordedCode } from "./recorded_code.ts";
import { isSame, reachedAfter, type ReachedModel } from "./reached_models.ts";

/** The record of a run: its experiment, seed, plan, models, versions and declared analysis. */
export type RunRecord = Readonly<{
  /**
   * The experiment's name, and the name and SHA-256 of its file. Imported discussions have no experiment file: then `name`
   * is the folder's, and `file` and `sha256` are `null`. In logs of older versions, `file` is the path that the user gave.
   */
  experiment: Readonly<{ name: string; file: string | null; sha256: string | null }>;
  /** A hash of everything that the discussions depend on. A run can be resumed only with an equal fingerprint. */
  fingerprint: string;
  /** The content that the fingerprint hashes, so that an error can name the difference. */
  resolved: Readonly<Record<string, Json>>;
  /**
   * SHA-256 of every file that the experiment reads, or that was imported: path → hash. The path is as in the experiment
   * file; for code, it is the copy's path in the run's folder.
   */
  sources: Readonly<Record<string, string>>;
  /** The code that the experiment names: path as in its file → code. Missing in logs of older versions. */
  code?: Readonly<Record<string, RecordedCode>>;
  /** The identified components of its models, such as a file's path → SHA-256. */
  models?: Readonly<Record<string, string>>;
  /** The seed of all random draws; `null` if this run has none. */
  seed: string | number | null;
  plan: Readonly<{ discussions: number; conditions: number; replications: number }>;
  /** Versions of this program, its platform and its packages: name → version. */
  versions: Readonly<Record<string, string>>;
  /** How many sub-folders the discussions are spread over. */
  shards: 0 | 256;
  /**
   * The analysis that the experiment file declared when the run was made, before any result. It is confirmatory, and is
   * never replaced. `null` if the file declared none. Missing for imported discussions, and in logs of versions without
   * declared analyses.
   */
  analysis?: AnalysisDesign | null;
  /** The addresses of models that differ in nothing else; missing if there are none. */
  reached?: readonly ReachedModel[];
}>;

/** A run was made: the first event of its log, before any discussion opens. */
export type RunCreated = Readonly<{ type: "RunCreated"; data: RunRecord }>;

/** A run was given more replications. */
export type PlanExtended = Readonly<{
  type: "PlanExtended";
  data: Pick<RunRecord, "experiment" | "plan" | "models">;
}>;

/** Models that differ only in their addresses got new addresses, or were used for the first time. */
export type ModelsReached = Readonly<
  { type: "ModelsReached"; data: Readonly<{ reached: readonly ReachedModel[] }> }
>;

/** A process began to work on the run. Host and user are not recorded: what is chained could not be anonymised later. */
export type RunStarted = Readonly<{
  type: "RunStarted";
  data: Readonly<{
    /** Such as `run` or `annotate`. */
    command: string;
    /** The part of the run that the process works on, from 1; left out if it works on all of it. */
    part?: Readonly<{ index: number; count: number }>;
    /** The options that were given, by name. */
    options: Readonly<Record<string, Json>>;
    /** The models: name in the file → its adapter, and the name by which the adapter knows it, if any. */
    models: Readonly<Record<string, string>>;
    /** Versions of this program, its platform and its packages: name → version. */
    versions: Readonly<Record<string, string>>;
    /** The code that was loaded: path as in the file that names it → code. */
    code: Readonly<Record<string, RecordedCode>>;
    /** The files that this start read, as in the run's record, and the copy of its annotation file: path → SHA-256. */
    sources?: Readonly<Record<string, string>>;
  }>;
}>;

/** A process ended by itself. A killed process records nothing. */
export type RunEnded = Readonly<{
  type: "RunEnded";
  data: Readonly<{
    command: string;
    /** `complete` if everything that was planned has ended. */
    outcome: "complete" | "incomplete";
    /** Why it is incomplete, in words; `null` if it is complete. */
    reason: string | null;
    /** Discussions that have ended, now or before, and those that failed this time. */
    discussions: Readonly<{ ended: number; failed: number }>;
  }>;
}>;

/** The ends of discussion logs. The latest entry of a discussion counts. */
export type LogsRecorded = Readonly<{
  type: "LogsRecorded";
  data: Readonly<{
    logs: Readonly<Record<string, LogEnd>>;
    /** `repair` if a repair moved the damaged end of the logs to other files. */
    cause?: "repair";
  }>;
}>;

/** A user saw results. */
export type ResultsViewed = Readonly<{
  type: "ResultsViewed";
  data: Readonly<{
    /** Such as `report`. */
    command: string;
    /** The outcomes that were shown; `null` for all. */
    outcomes: readonly string[] | null;
    /** How many discussions had ended, and how many were planned. */
    finished: number;
    planned: number;
  }>;
}>;

/** Everything that can happen to a run as a whole. */
export type RunEvent =
  | RunCreated
  | PlanExtended
  | ModelsReached
  | RunStarted
  | RunEnded
  | LogsRecorded
  | ResultsViewed;

/** The current schema version of each event type. */
export const RUN_EVENT_VERSIONS: Readonly<Record<RunEvent["type"], number>> = {
  RunCreated: 1,
  PlanExtended: 1,
  ModelsReached: 1,
  RunStarted: 1,
  RunEnded: 1,
  LogsRecorded: 1,
  ResultsViewed: 1,
};

/** The name of the stream. */
export const RUN_STREAM = "run";

/** An event of a run's log, with its time (ISO 8601, UTC) and its hash. */
export type RunLogEntry<Event extends RunEvent = RunEvent> = Event & Readonly<{ at: string; hash: string }>;

/** What a run's log says. */
export type RunLog = Readonly<{
  /** The record after the last event. */
  record: RunRecord;
  /** ISO 8601 time, UTC, at which the run was made. */
  createdAt: string;
  /** All events, oldest first. */
  entries: readonly RunLogEntry[];
  /** The record after each event that changed it, with the hash of that event. */
  records: readonly Readonly<{ hash: string; record: RunRecord }>[];
}>;

/** The record after the event with this hash; `null` if no such event changed the record. */
export function recordAsOf({ records }: RunLog, hash: string): RunRecord | null {
  return records.find((one) => one.hash === hash)?.record ?? null;
}

/** The hash of the last event. It fixes all events before it, and the logs whose ends they record. */
export function headOf({ entries }: RunLog): string {
  return entries.at(-1)!.hash;
}

/** The hash of the last event that changed the record. */
export function recordHeadOf({ records }: RunLog): string {
  return records.at(-1)!.hash;
}

/** The recorded end of every discussion's log: discussion → end. */
export function logEndsOf(log: RunLog): ReadonlyMap<string, LogEnd> {
  return new Map([...keptEndsOf(log)].map(([discussion, ends]) => [discussion, ends.at(-1)!]));
}

/** All ends that every discussion's log must still contain, oldest first. A repair replaces the ends before it. */
export function keptEndsOf({ entries }: Pick<RunLog, "entries">): ReadonlyMap<string, readonly LogEnd[]> {
  const kept = new Map<string, LogEnd[]>();
  for (const entry of entries) {
    if (entry.type !== "LogsRecorded") continue;
    for (const [discussion, end] of Object.entries(entry.data.logs)) {
      const ends = kept.get(discussion);
      if (ends === undefined || entry.data.cause === "repair") kept.set(discussion, [end]);
      else ends.push(end);
    }
  }
  return kept;
}

/**
 * Seals an event into the line that goes to the end of a run's log.
 *
 * @param log The log so far; `null` if there is none.
 * @param options The time of recording in milliseconds since 1970, and the hash function.
 */
export function encodeRunEvent(
  log: RunLog | null,
  event: RunEvent,
  options: Readonly<{ atMs: number; sha256: Sha256 }>,
): StoredLine {
  return encodeEvent(RUN_STREAM, endOf(log), { ...options, pending: { event }, versions: RUN_EVENT_VERSIONS })
    .line;
}

function endOf(log: RunLog | null): ChainEnd {
  return log === null ? EMPTY_CHAIN : { seq: log.entries.length, hash: headOf(log) };
}

/**
 * Takes in the next line of a run's log.
 *
 * @param log The log so far; `null` before its first line.
 * @throws {DamagedLine} If the line does not continue the chain.
 */
export function runLogAfter(log: RunLog | null, line: StoredLine, sha256: Sha256): RunLog {
  const end = endOf(log);
  const { stream, type, data, at, hash } = decodeChained(line, end, { sha256, versions: RUN_EVENT_VERSIONS });
  if (stream !== RUN_STREAM) {
    throw new DamagedLine("wrong-place", `the line belongs to the stream "${stream}"`);
  }
  const event = { type, data } as RunEvent;
  if ((event.type === "RunCreated") !== (log === null)) {
    throw new DamagedLine(
      "wrong-order",
      `the event cannot come here: "${type}" as event ${end.seq} of a run`,
    );
  }
  const { createdAt = at, entries = [], records = [] } = log ?? {};
  const record = recordAfter(log?.record, event);
  return {
    record,
    createdAt,
    entries: [...entries, { ...event, at, hash }],
    records: record === log?.record ? records : [...records, { hash, record }],
  };
}

function recordAfter(record: RunRecord | undefined, event: RunEvent): RunRecord {
  switch (event.type) {
    case "RunCreated":
      return event.data;
    case "PlanExtended":
      return { ...record!, ...event.data };
    case "ModelsReached":
      return { ...record!, reached: reachedAfter(record!.reached, event.data.reached) };
    case "RunStarted":
    case "RunEnded":
    case "LogsRecorded":
    case "ResultsViewed":
      return record!;
    default:
      return event satisfies never;
  }
}

/** Two models whose answers would be mixed. */
export type MixedUp = Readonly<{ model: string; other: string; address: string }>;

/**
 * Finds a model at an address that belongs, or belonged, to another model with the same spec. A server may move to a new
 * address. But if two servers swap addresses, each continues the other's discussions. Models that began at the same
 * address may both stay there.
 *
 * @returns The first such model; `null` if there is none.
 */
export function mixedUp(log: RunLog, now: readonly ReachedModel[]): MixedUp | null {
  const recorded = log.records.map(({ record }) => record.reached ?? []);
  const all = [...recorded, reachedAfter(log.record.reached, now)];
  const first = (model: ReachedModel) => all.flat().find((one) => isSame(one, model))!;
  for (const one of now) {
    for (const other of all.flat()) {
      if (other.spec !== one.spec || other.model === one.model) continue;
      const part = partThatDiffers(first(one), first(other));
      const address = part === -1 ? undefined : one.address[part];
      if (address !== undefined && address === other.address[part]) {
        return { model: one.model, other: other.model, address };
      }
    }
  }
  return null;
}

function partThatDiffers(one: ReachedModel, other: ReachedModel): number {
  return one.address.findIndex((part, index) => part !== other.address[index]);
}
