/** The log of a run as a whole: its declaration, and the addresses of its models. Its discussions have their own logs. */
import type { Json } from "../json.ts";
import type { AnalysisDesign } from "../experiment/analysis_design.ts";
import { DamagedLine } from "../events/event_type.ts";
import { decodeChained, EMPTY_CHAIN, encodeEvent, type StoredLine } from "../events/codec.ts";
import type { Sha256 } from "../sha256.ts";

/** The address of a model that may differ from others only in its name. */
export type ReachedModel = Readonly<{
  /** Its name in the file. */
  model: string;
  /** SHA-256 of the model's settings and of the annotation pass that asks it; equal for models that differ only in name. */
  spec: string;
  /** The parts of the address, from its adapter. The first part that differs distinguishes two models. */
  address: readonly string[];
}>;

/** The record of a run: its experiment, seed, plan, models, versions and declared analysis. */
export type RunRecord = Readonly<{
  /**
   * The experiment's name, the path of its file as the user gave it, and the SHA-256 of the file. Imported discussions
   * have no experiment file: then `name` is the folder's, and `file` and `sha256` are `null`.
   */
  experiment: Readonly<{ name: string; file: string | null; sha256: string | null }>;
  /** A hash of everything that the discussions depend on. Runs with equal fingerprints can share a folder. */
  fingerprint: string;
  /** The content that the fingerprint hashes, so that an error can name the difference. */
  resolved: Readonly<Record<string, Json>>;
  /** SHA-256 of every file that the experiment reads, or that was imported: path → hash. */
  sources: Readonly<Record<string, string>>;
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

/** Everything that can happen to a run as a whole. */
export type RunEvent = RunCreated | PlanExtended | ModelsReached;

/** The current schema version of each event type. */
export const RUN_EVENT_VERSIONS: Readonly<Record<RunEvent["type"], number>> = {
  RunCreated: 1,
  PlanExtended: 1,
  ModelsReached: 1,
};

/** The name of the stream. */
export const RUN_STREAM = "run";

/** The content of a run's log. */
export type RunLog = Readonly<{
  record: RunRecord;
  /** ISO 8601 time, UTC, at which the run was made. */
  createdAt: string;
  /** The hash of every event, oldest first; the last one is the head. */
  hashes: readonly string[];
  /** The log before its last event; `null` if it has only one event. */
  before: RunLog | null;
}>;

/** The log up to the event with this hash; `null` if there is no such event. */
export function asOf(log: RunLog, hash: string): RunLog | null {
  for (let at: RunLog | null = log; at !== null; at = at.before) if (headOf(at) === hash) return at;
  return null;
}

/** The hash of the last event. */
export function headOf({ hashes }: RunLog): string {
  return hashes.at(-1)!;
}

/**
 * Seals an event into the next line of a run's log.
 *
 * @param log The log so far; `null` if there is none.
 * @param options The time of recording in milliseconds since 1970, and the hash function.
 */
export function encodeRunEvent(
  log: RunLog | null,
  event: RunEvent,
  options: Readonly<{ atMs: number; sha256: Sha256 }>,
): StoredLine {
  const end = log === null ? EMPTY_CHAIN : { seq: log.hashes.length, hash: headOf(log) };
  return encodeEvent(RUN_STREAM, end, { ...options, pending: { event }, versions: RUN_EVENT_VERSIONS }).line;
}

/**
 * Adds the next line of a run's log to its content.
 *
 * @param log The log so far; `null` before its first line.
 * @throws {DamagedLine} If the line does not continue the chain.
 */
export function runLogAfter(log: RunLog | null, line: StoredLine, sha256: Sha256): RunLog {
  const end = log === null ? EMPTY_CHAIN : { seq: log.hashes.length, hash: headOf(log) };
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
  switch (event.type) {
    case "RunCreated":
      return { record: event.data, createdAt: at, hashes: [hash], before: null };
    case "PlanExtended":
    case "ModelsReached": {
      const { record, hashes } = log!;
      const changed = event.type === "PlanExtended"
        ? event.data
        : { reached: reachedAfter(record.reached, event.data.reached) };
      return { ...log!, record: { ...record, ...changed }, hashes: [...hashes, hash], before: log };
    }
    default:
      return event satisfies never;
  }
}

/** The addresses of models after some have changed. */
export function reachedAfter(
  before: readonly ReachedModel[] = [],
  now: readonly ReachedModel[],
): readonly ReachedModel[] {
  const moved = before.map((one) => now.find((other) => isSame(one, other)) ?? one);
  return [...moved, ...now.filter((one) => !before.some((other) => isSame(one, other)))];
}

/** Whether both are the same model, at any address. */
export function isSame(one: ReachedModel, other: ReachedModel): boolean {
  return one.model === other.model && one.spec === other.spec;
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
  const all = [...historyOf(log), reachedAfter(log.record.reached, now)];
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

/** The recorded addresses, oldest first. */
function historyOf(log: RunLog): (readonly ReachedModel[])[] {
  const history: (readonly ReachedModel[])[] = [];
  for (let at: RunLog | null = log; at !== null; at = at.before) history.unshift(at.record.reached ?? []);
  return history;
}
