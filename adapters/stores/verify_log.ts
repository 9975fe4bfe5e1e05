/** Checks and repairs log files. This module loads the schemas of all events, so import it only when needed. */
import { basename, dirname } from "node:path";
import { DamagedLine } from "../../core/events/event_type.ts";
import { type Damage, type StreamReport, StreamVerifier } from "../../core/events/verify_stream.ts";
import type { LogEnd } from "../../core/events/mod.ts";
import type { Sha256 } from "../../core/sha256.ts";
import { type EventStore, StoreError } from "../../core/ports/mod.ts";
import { isMissing } from "../path_info.ts";
import { syncFolder, writeAll } from "./durable_files.ts";
import { decodeBytes, lineChunks, newlines } from "./lines.ts";
import { readFailure, storeError } from "./store_errors.ts";
import { streamOf } from "./stream_files.ts";

export type LogReport =
  & Omit<StreamReport, "damage">
  & Readonly<{
    file: string;
    /** The first damage, and the byte at which its line begins, from 0. */
    damage: (Damage & Readonly<{ byte: number }>) | null;
    /** The number of intact bytes at the beginning. */
    bytesGood: number;
    bytesTotal: number;
    /** The length of a last line without a newline. A killed process leaves such a line, and resuming removes it. */
    bytesTorn: number;
  }>;

export type LogRepair = Readonly<{
  report: LogReport;
  /** The file with the damaged rest, and its length; `null` if there was nothing to repair. */
  setAside: Readonly<{ file: string; bytes: number }> | null;
}>;

/** The most files with damaged ends that one log can have. */
const SET_ASIDE_MAX = 1000;

const COPY_BYTES = 256 * 1024;

/**
 * Checks a log file: hash chain, shapes, order and encoding. Damage is part of the report, never an error.
 *
 * @param recorded The ends that the run's log records for this log, oldest first. If there are any, the file may be
 *   missing.
 */
export function verifyLog(file: string, sha256: Sha256, recorded: readonly LogEnd[] = []): LogReport {
  const stream = streamOf(basename(file));
  if (stream === null) {
    throw new RangeError(`Cannot verify "${file}": its name is not the name of a log; expected "<id>.jsonl"`);
  }
  const verifier = new StreamVerifier(stream, sha256, recorded);
  try {
    using handle = Deno.openSync(file);
    return verified(handle, file, verifier);
  } catch (cause) {
    const isLost = isMissing(cause) && recorded.length > 0;
    const failure = isLost ? null : readFailure(file, cause);
    if (failure !== null && !(failure instanceof DamagedLine)) throw failure;
    const { damage, ...report } = verifier.report(failure);
    const nothing = { bytesGood: 0, bytesTotal: 0, bytesTorn: 0 };
    return { ...report, ...nothing, file, damage: damage && { ...damage, byte: 0 } };
  }
}

function verified(handle: Deno.FsFile, file: string, verifier: StreamVerifier): LogReport {
  const bytesTotal = handle.seekSync(0, Deno.SeekMode.End);
  handle.seekSync(0, Deno.SeekMode.Start);
  let bytesWhole = 0;
  let kept = { events: 0, bytes: 0 };
  let found: DamagedLine | null = null;
  try {
    for (const { bytes } of lineChunks(handle, bytesTotal)) {
      let start = 0;
      for (const end of newlines(bytes)) {
        verifier.add(decodeBytes(bytes.subarray(start, end)));
        bytesWhole += end + 1 - start;
        start = end + 1;
        if (verifier.keptEvents > kept.events) kept = { events: verifier.keptEvents, bytes: bytesWhole };
      }
    }
  } catch (error) {
    if (!(error instanceof DamagedLine)) throw error;
    found = error;
  }
  const { damage, ...report } = verifier.report(found);
  const bytesGood = found?.kind === "lost-events" ? kept.bytes : bytesWhole;
  return {
    ...report,
    file,
    damage: damage && { ...damage, byte: bytesGood },
    bytesGood,
    bytesTotal,
    bytesTorn: found === null ? bytesTotal - bytesWhole : 0,
  };
}

/** How the log of a stream is checked. */
export type StoredCheck = Readonly<{
  sha256: Sha256;
  /** The ends that the run's log records for this log, oldest first. */
  recorded: readonly LogEnd[];
}>;

/** Checks a log in a store that keeps no files, as `verifyLog()` checks a file. */
export async function verifyStored(
  store: EventStore,
  stream: string,
  { sha256, recorded }: StoredCheck,
): Promise<LogReport> {
  const verifier = new StreamVerifier(stream, sha256, recorded);
  let bytesTotal = 0;
  let good = 0;
  let kept = 0;
  let found: DamagedLine | null = null;
  try {
    for await (const line of store.read(stream)) {
      bytesTotal += encoder.encode(line).length + 1;
      if (found !== null) continue;
      const before = verifier.keptEvents;
      try {
        verifier.add(line);
        good = bytesTotal;
        if (verifier.keptEvents > before) kept = bytesTotal;
      } catch (error) {
        if (!(error instanceof DamagedLine)) throw error;
        found = error;
      }
    }
  } catch (error) {
    if (!(error instanceof DamagedLine)) throw error;
    found ??= error;
  } finally {
    store.release(stream);
  }
  const { damage, ...report } = verifier.report(found);
  const bytesGood = found?.kind === "lost-events" ? kept : good;
  return {
    ...report,
    file: store.locate?.(stream) ?? stream,
    damage: damage && { ...damage, byte: bytesGood },
    bytesGood,
    bytesTotal,
    bytesTorn: 0,
  };
}

const encoder = new TextEncoder();

/**
 * Checks and repairs a log in a store that keeps no files. The lines of such a log never change. So it can be repaired
 * only if all its lines are good, as when the log has only lost events at its end.
 *
 * @throws {StoreError} If lines would have to be moved.
 */
export async function repairStored(
  store: EventStore,
  stream: string,
  check: StoredCheck,
): Promise<LogRepair> {
  const report = await verifyStored(store, stream, check);
  if (report.bytesGood === report.bytesTotal) return { report, setAside: null };
  throw new StoreError(
    `Cannot repair "${report.file}": the lines of a log in a database are never changed. Copy the run to a folder, repair ` +
      "the folder with verify --repair, and copy it back under another name",
  );
}

/**
 * Checks a log file, and moves all bytes after its last intact line to a new file `<file>.damaged-<n>` in the same
 * folder. The discussion can then be resumed. Even after a power cut, the moved bytes are in at least one of the
 * two files. The caller must have the run's lock.
 */
export async function repairLog(
  file: string,
  sha256: Sha256,
  recorded: readonly LogEnd[] = [],
): Promise<LogRepair> {
  const report = verifyLog(file, sha256, recorded);
  const { bytesGood, bytesTotal } = report;
  if (bytesGood === bytesTotal) return { report, setAside: null };
  const aside = createAside(file);
  try {
    using source = Deno.openSync(file, { read: true, write: true });
    copyRest(source, bytesGood, aside.handle);
    aside.handle.syncSync();
    await syncFolder(dirname(file));
    source.truncateSync(bytesGood);
    source.syncSync();
  } catch (cause) {
    throw storeError("repair", file, cause);
  } finally {
    aside.handle.close();
  }
  return { report, setAside: { file: aside.path, bytes: bytesTotal - bytesGood } };
}

function createAside(file: string): { path: string; handle: Deno.FsFile } {
  for (let n = 1; n <= SET_ASIDE_MAX; n++) {
    const path = `${file}.damaged-${n}`;
    try {
      return { path, handle: Deno.openSync(path, { write: true, createNew: true }) };
    } catch (cause) {
      if (!(cause instanceof Deno.errors.AlreadyExists)) throw storeError("create", path, cause);
    }
  }
  throw new StoreError(
    `Cannot repair "${file}": ${SET_ASIDE_MAX} files named "….damaged-<n>" already exist. Move them elsewhere`,
  );
}

function copyRest(source: Deno.FsFile, from: number, target: Deno.FsFile): void {
  const buffer = new Uint8Array(COPY_BYTES);
  source.seekSync(from, Deno.SeekMode.Start);
  for (let count = source.readSync(buffer); count !== null; count = source.readSync(buffer)) {
    writeAll(target, buffer.subarray(0, count));
  }
}
