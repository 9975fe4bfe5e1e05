/** Reads and writes the log of a run, `run.jsonl`, and compares the run folder with it. */
import { existsSync, realpathSync } from "node:fs";
import { join, relative } from "node:path";
import { canonical } from "../../core/json.ts";
import { DamagedLine } from "../../core/events/event_type.ts";
import {
  differencesBetween,
  headOf,
  lacksEndOf,
  manifestOf,
  recordAsOf,
  recordHeadOf,
  RunError,
  type RunEvent,
  type RunLog,
  type RunLogState,
  type RunManifest,
} from "../../core/run_log/mod.ts";
import { isAnnotationText, StoreError } from "../../core/ports/mod.ts";
import { bytesSha256, nativeSha256 } from "../system.ts";
import { inputPath, readManifest, RUN_FILES, writeDescription } from "./run_files.ts";
import { RunLogFile } from "./run_log_file.ts";

const DIFFERENCES_SHOWN_MAX = 4;

export function readRunLog(folder: string, manifest: RunManifest | null): RunLogState {
  let log: RunLog | null;
  try {
    log = new RunLogFile(folder).read();
  } catch (error) {
    if (error instanceof StoreError) throw new RunError("unusable", error.message, { cause: error });
    if (!(error instanceof DamagedLine)) throw error;
    return { kind: "broken", message: `"${RUN_FILES.runLog}" is damaged: ${error.message}` };
  }
  if (log !== null && manifest !== null && lacksEndOf(manifest, log)) {
    return { kind: "broken", message: lostEnd(manifest.runLogEnd![0], log) };
  }
  if (log !== null) return { kind: "kept", log };
  return manifest?.runLog === undefined
    ? { kind: "none" }
    : { kind: "broken", message: `"${RUN_FILES.runLog}", which "${RUN_FILES.manifest}" names, is missing` };
}

function lostEnd(recorded: number, { entries: { length: found } }: RunLog): string {
  const how = found < recorded
    ? `it has ${found} of the ${recorded} events that "${RUN_FILES.manifest}" records`
    : `"${RUN_FILES.manifest}" records a different event as number ${recorded}`;
  return `"${RUN_FILES.runLog}" was cut or changed: ${how}`;
}

/** Adds an event to the log of a run. The caller has locked the run's description. */
export async function addToRunLog(
  file: RunLogFile,
  { event, nowMs }: Readonly<{ event: RunEvent; nowMs: number }>,
): Promise<RunLog> {
  try {
    return (await file.appendLocked(event, nowMs))!;
  } catch (cause) {
    throw new RunError("unusable", cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

/** Whether a manifest is older than the log, and agrees with it. A killed process can leave such a manifest. */
export function isBehind({ runLog, runLogEnd }: RunManifest, log: RunLog): boolean {
  const isLatest = runLog === recordHeadOf(log) && runLogEnd?.[1] === headOf(log);
  return runLog !== undefined && !isLatest && recordAsOf(log, runLog) !== null;
}

/** The manifest that followed from the log when the stored manifest was written. */
function manifestThen(log: RunLog, { runLog, runLogEnd }: RunManifest): RunManifest {
  const manifest = { ...manifestOf(log, runLog), runLogEnd };
  if (runLogEnd === undefined) delete manifest.runLogEnd;
  return manifest;
}

/**
 * Writes the manifest of a log that was extended. A manifest that does not agree with the log stays unchanged, so that
 * an edit can be found. The caller has locked the run's description.
 */
export async function renewManifest(folder: string, log: RunLog): Promise<void> {
  // A missing manifest is a finding, too. Resuming the run writes it again.
  if (!existsSync(join(folder, RUN_FILES.manifest))) return;
  const stored = readManifest(folder);
  const agrees = !lacksEndOf(stored, log) && canonical(stored) === canonical(manifestThen(log, stored));
  if (agrees && isBehind(stored, log)) await writeDescription(folder, manifestOf(log));
}

/** Compares a run folder with its log, or with its manifest if it has no log. */
export function recordProblems(
  folder: string,
  stored: RunManifest,
  { state, experimentText }: Readonly<{ state: RunLogState; experimentText: string | null }>,
): readonly string[] {
  const problems = state.kind === "broken" ? [state.message] : [];
  // A process may have been killed after it extended the log, before it wrote the manifest.
  const [now, manifest] = state.kind === "kept"
    ? [manifestOf(state.log), manifestThen(state.log, stored)]
    : [stored, stored];
  if (canonical(stored) !== canonical(manifest)) {
    const differences = differencesBetween(manifest, stored);
    const more = differences.length - DIFFERENCES_SHOWN_MAX;
    const shown = differences.slice(0, DIFFERENCES_SHOWN_MAX);
    if (more > 0) shown.push(`and ${more} more`);
    problems.push(`"${RUN_FILES.manifest}" differs from "${RUN_FILES.runLog}": ${shown.join("; ")}`);
  }
  const recorded = [now, manifest].map(({ experiment: { sha256 } }) => sha256);
  if (experimentText !== null && !recorded.includes(nativeSha256(experimentText))) {
    problems.push(`"${RUN_FILES.experiment}" is not the experiment file that was recorded`);
  }
  if (state.kind === "none") return problems;
  const ofStarts = state.kind === "kept" ? inputsOfStarts(state.log) : [];
  const inputs = [...Object.entries(experimentText === null ? {} : now.sources), ...ofStarts];
  for (const [path, hash] of new Map(inputs.map((input) => [input.join("\n"), input] as const)).values()) {
    const copy = inputPath(folder, path, hash);
    if (copy === null || !hasContent(copy, hash) || isThroughLink(copy, join(folder, RUN_FILES.inputs))) {
      problems.push(`the copy of ${JSON.stringify(path)} in "${RUN_FILES.inputs}" is missing or was changed`);
    }
  }
  return problems;
}

/**
 * The inputs that the starts of commands recorded. The copies of annotation files are left out, because a resumed pass
 * replaces them.
 */
function inputsOfStarts({ entries }: RunLog): [path: string, sha256: string][] {
  const starts = entries.flatMap((entry) => entry.type === "RunStarted" ? [entry.data.sources ?? {}] : []);
  return starts.flatMap(Object.entries<string>).filter(([path]) => !isAnnotationText(path));
}

/** Whether a link in a folder leads to the file. No command reads such a file, because a link can lead anywhere. */
function isThroughLink(file: string, folder: string): boolean {
  return realpathSync(file) !== join(realpathSync(folder), relative(folder, file));
}

function hasContent(file: string, hash: string): boolean {
  if (!existsSync(file)) return false;
  return bytesSha256(Deno.readFileSync(file)) === hash;
}
