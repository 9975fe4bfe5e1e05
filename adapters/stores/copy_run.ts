/** Copies a run from one place to another. */
import { DamagedLine } from "../../core/events/event_type.ts";
import type { StoredLine } from "../../core/events/mod.ts";
import {
  type CopiedDiscussion,
  type EventStore,
  readingAhead,
  type RunFile,
  type RunHome,
  type RunReader,
} from "../../core/ports/mod.ts";
import { headOf, RunError } from "../../core/run_log/mod.ts";
import { isKeyName } from "./run_files.ts";

/** What was copied. */
export type CopiedCounts = Readonly<{
  discussions: number;
  events: number;
  /** Files besides logs of discussions and keys. */
  files: number;
  /** How many keys of people were copied, and how many were left out. */
  keys: number;
  keysLeftOut: number;
}>;

/** How a run is copied. */
export type CopyOptions = Readonly<{
  /** Whether the keys of people are copied. Without a key, no one can read the person's words. */
  keys: boolean;
  /** Stops the copy. Then the other place stays empty. */
  signal?: AbortSignal;
}>;

/**
 * Copies a run, line by line as it is stored, so that all hashes stay the same. The copy is whole, or there is none.
 *
 * @throws {RunError} When there is no run, it is in use or damaged, or there is something at the other place.
 */
export async function copyRun(from: RunHome, to: RunHome, options: CopyOptions): Promise<CopiedCounts> {
  const run = await from.read();
  if (run.problems.length > 0) {
    throw cannotCopy(from, "damaged-manifest", `${run.problems.join("; ")}. Check it with verify`);
  }
  await refuseUsed(from);
  const persons = options.keys ? [] : [...await run.store.keys?.persons() ?? []];
  const keysLeftOut = persons.filter(([, state]) => state === "kept").length;
  const counts = { discussions: 0, events: 0, files: 0, keys: 0, keysLeftOut };
  const unchangedDiscussions = async function* () {
    yield* discussions(from, run.store, { ...options, counts });
    // Only now it is certain that nothing changed while the run was read. An error here undoes the copy.
    await refuseUsed(from);
    const { log } = await from.read();
    if (endOf(log) !== endOf(run.log)) throw cannotCopy(from, "in-use", CHANGED);
  };
  await to.receive({ files: files(run, options, counts), discussions: unchangedDiscussions() });
  return counts;
}

const CHANGED = "it changed while it was copied. Give the command again when no process writes to the run";

type Counts = { -readonly [Name in keyof CopiedCounts]: CopiedCounts[Name] };

async function* files(
  run: RunReader,
  { keys, signal }: CopyOptions,
  counts: Counts,
): AsyncGenerator<RunFile> {
  for await (const file of run.files({ keys })) {
    signal?.throwIfAborted();
    if (isKeyName(file.name)) counts.keys++;
    else counts.files++;
    yield file;
  }
}

async function* discussions(
  from: RunHome,
  store: EventStore,
  { signal, counts }: CopyOptions & Readonly<{ counts: Counts }>,
): AsyncGenerator<CopiedDiscussion> {
  const streams = await Array.fromAsync(store.streams());
  const ahead = readingAhead(store, streams);
  for (const stream of streams) {
    signal?.throwIfAborted();
    let lines: readonly StoredLine[];
    try {
      lines = await Array.fromAsync(ahead.read(stream));
    } catch (error) {
      if (!(error instanceof DamagedLine)) throw error;
      const where = store.locate?.(stream) ?? stream;
      throw cannotCopy(from, "unusable", `"${where}" is damaged: ${error.message}. ${REPAIR}`);
    } finally {
      store.release(stream);
    }
    // A killed process can leave an empty log, which is no discussion.
    if (lines.length === 0) continue;
    counts.discussions++;
    counts.events += lines.length;
    yield { stream, lines };
  }
}

const REPAIR = '"verify --repair" moves the damage to another file and keeps the rest; then copy the run';

async function refuseUsed(from: RunHome): Promise<void> {
  const [holder] = await from.holders();
  if (holder === undefined) return;
  throw cannotCopy(
    from,
    "in-use",
    `it is in use by ${holder}. Wait until the run ends, or stop it; it can be resumed later`,
  );
}

function endOf(log: RunReader["log"]): string | null {
  return log.kind === "kept" ? headOf(log.log) : null;
}

function cannotCopy(from: RunHome, kind: RunError["kind"], why: string): RunError {
  return new RunError(kind, `Cannot copy the run "${from.place}": ${why}`);
}
