/** The log of a run as a whole. Its discussions have their own logs. */
import { DamagedLine } from "../events/event_type.ts";
import type { LogEnd } from "../events/log_end.ts";
import { type ChainEnd, decodeChained, EMPTY_CHAIN, encodeEvent, type StoredLine } from "../events/codec.ts";
import type { Sha256 } from "../sha256.ts";
import { isSame, reachedAfter, type ReachedModel } from "./reached_models.ts";
import { demandShape, RUN_EVENT_VERSIONS, type RunEvent, type RunRecord } from "./run_events.ts";

/** The name of the stream. */
export const RUN_STREAM = "run";

/** An event of a run's log, with its time (ISO 8601, UTC) and its hash. */
export type RunLogEntry<Event extends RunEvent = RunEvent> = Event & Readonly<{ at: string; hash: string }>;

/** The content of a run's log. */
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

/** The hash of the last event. It depends on all events before it, and on the logs whose ends they record. */
export function headOf({ entries }: RunLog): string {
  return entries.at(-1)!.hash;
}

/** The number of events, and the hash of the last event. */
export function runLogEndOf(log: RunLog): LogEnd {
  return [log.entries.length, headOf(log)];
}

/** The hash of the last event that changed the record. */
export function recordHeadOf({ records }: RunLog): string {
  return records.at(-1)!.hash;
}

/** Discussion → the last recorded end of its log. */
export function logEndsOf(log: RunLog): ReadonlyMap<string, LogEnd> {
  return new Map([...keptEndsOf(log)].map(([discussion, ends]) => [discussion, ends.at(-1)!]));
}

/**
 * Discussion → all ends that its log must still contain, oldest first. After a repair, earlier ends no longer
 * count.
 */
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
 * Encodes an event as the next line of a run's log.
 *
 * @param log The log so far; `null` if there is none.
 * @param options The time of the event in milliseconds since 1970, and the hash function.
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
 * The log after its next line.
 *
 * @param log The log so far; `null` before its first line.
 * @throws {DamagedLine} If the line does not continue the chain.
 */
export function runLogAfter(log: RunLog | null, line: StoredLine, sha256: Sha256): RunLog {
  return runLogAfterAll(log, [line], sha256)!;
}

/**
 * The log after several further lines, oldest first. The log is copied only once, and not for each line.
 *
 * @param log The log so far; `null` before its first line.
 * @returns The log with the lines; `null` if it has no lines.
 * @throws {DamagedLine} At the first line that does not continue the chain.
 */
export function runLogAfterAll(
  log: RunLog | null,
  lines: Iterable<StoredLine>,
  sha256: Sha256,
): RunLog | null {
  const entries = [...log?.entries ?? []];
  const records = [...log?.records ?? []];
  let end = endOf(log);
  for (const line of lines) {
    const entry = entryOf(line, end, sha256);
    const before = records.at(-1)?.record;
    const record = recordAfter(before, entry);
    if (record !== before) records.push({ hash: entry.hash, record });
    entries.push(entry);
    end = { seq: entries.length, hash: entry.hash };
  }
  const [first] = entries;
  return first === undefined
    ? null
    : { record: records.at(-1)!.record, createdAt: first.at, entries, records };
}

function entryOf(line: StoredLine, end: ChainEnd, sha256: Sha256): RunLogEntry {
  const { stream, type, data, at, hash } = decodeChained(line, end, { sha256, versions: RUN_EVENT_VERSIONS });
  if (stream !== RUN_STREAM) {
    throw new DamagedLine("wrong-place", `the line belongs to the stream "${stream}"`);
  }
  const event = { type, data } as RunEvent;
  demandShape(event, end.seq);
  if ((event.type === "RunCreated") !== (end.seq === 0)) {
    throw new DamagedLine(
      "wrong-order",
      `the event cannot come here: "${type}" as event ${end.seq} of a run`,
    );
  }
  return { ...event, at, hash };
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
    case "ConsentGiven":
    case "PersonWithdrew":
      return record!;
    default:
      return event satisfies never;
  }
}

/** Two models whose answers would be mixed. */
export type MixedUp = Readonly<{ model: string; other: string; address: string }>;

/**
 * Finds a model whose address is, or was, the address of another model with the same spec. A server may move
 * to a new address. But if two servers swap their addresses, each model continues with the discussions of the
 * other model. Two models that had the same address from the beginning are allowed.
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
