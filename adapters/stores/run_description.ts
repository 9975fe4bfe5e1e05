/** Reads and writes the description of a run: its log, manifest and experiment file, and copies of its input files. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { canonical } from "../../core/json.ts";
import type { Reaching, Recorded, RunDescription } from "../../core/ports/mod.ts";
import {
  growthOf,
  manifestOf,
  newAddresses,
  refuseMixedUp,
  refuseOtherRun,
  RunError,
  type RunEvent,
  type RunLog,
  type RunLogState,
  type RunManifest,
  type RunRecord,
} from "../../core/run_log/mod.ts";
import { nativeSha256 } from "../system.ts";
import { addToRunLog, isBehind, readRunLog, recordProblems, renewManifest } from "./run_log.ts";
import {
  keepInputs,
  MANIFEST_MISSING,
  readManifest,
  readText,
  RESTORE_MANIFEST,
  RUN_FILES,
  writeDescription,
} from "./run_files.ts";
import { RunLogFile } from "./run_log_file.ts";
import { unusable } from "./store_errors.ts";
import { lockDescription } from "./run_lock.ts";

/** Writes the description of a new run, or extends the description of an existing one. Returns whether it existed. */
export async function describeRun(path: string, run: RunDescription): Promise<boolean> {
  using _alone = await lockDescription(path);
  const resumed = existsSync(join(path, RUN_FILES.manifest));
  if (!resumed) await describe(path, run);
  const { manifest, log, problems } = readRecorded(path);
  refuseChanged(path, log, problems);
  refuseOtherRun(path, { manifest, log }, run.manifest);
  if (resumed) await keepInputs(path, run.inputs ?? new Map());
  await grow(path, { manifest, log }, run);
  return resumed;
}

export function readRecorded(path: string): Recorded {
  const stored = storedManifest(path);
  const log = readRunLog(path, stored);
  const manifest = log.kind === "kept" ? manifestOf(log.log) : stored;
  const experimentText = experimentTextOf(path, manifest);
  return {
    manifest,
    log,
    experimentText,
    problems: [
      ...existsSync(join(path, RUN_FILES.manifest)) ? [] : [
        MANIFEST_MISSING,
      ],
      ...recordProblems(path, stored, { state: log, experimentText }),
    ],
  };
}

/** The manifest in a run's folder. If it is missing, the manifest that follows from the run's log. */
export function storedManifest(path: string): RunManifest {
  if (!existsSync(join(path, RUN_FILES.manifest)) && existsSync(join(path, RUN_FILES.experiment))) {
    const state = readRunLog(path, null);
    if (state.kind === "kept") return manifestOf(state.log);
  }
  return readManifest(path);
}

/** Writes the log before the manifest, which is computed from the log. */
async function describe(path: string, run: RunDescription): Promise<void> {
  const { experimentText, manifest, inputs = new Map(), nowMs } = run;
  const isEmpty = Deno.readDirSync(join(path, RUN_FILES.discussions))[Symbol.iterator]().next().done;
  const begun = readRunLog(path, null);
  if (!isEmpty && begun.kind !== "kept") {
    throw new RunError(
      "not-a-run",
      `Cannot write the run to "${path}": it holds discussions, but its "${RUN_FILES.manifest}" is missing. ` +
        RESTORE_MANIFEST,
    );
  }
  await keepInputs(path, inputs);
  const same = begun.kind === "kept" && (!isEmpty || isRecordOf(begun.log, manifest));
  // Removes a log that is damaged or describes another experiment. There are no discussions yet.
  if (begun.kind !== "none" && !same) remove(join(path, RUN_FILES.runLog));
  const log = same
    ? begun.log
    : await addToRunLog(new RunLogFile(path), { event: { type: "RunCreated", data: manifest }, nowMs });
  const isRecorded = nativeSha256(experimentText) === log.record.experiment.sha256;
  await writeDescription(path, manifestOf(log), isRecorded ? experimentText : undefined);
}

function isRecordOf({ record }: RunLog, manifest: RunRecord): boolean {
  return canonical(record) === canonical(JSON.parse(JSON.stringify(manifest)));
}

function remove(file: string): void {
  try {
    Deno.removeSync(file);
  } catch (cause) {
    throw unusable("remove", file, cause);
  }
}

/** Refuses to resume a run if its description was changed. */
function refuseChanged(path: string, log: RunLogState, problems: readonly string[]): void {
  if (problems.length === 0 || log.kind === "none") return;
  throw new RunError(
    "damaged-manifest",
    `Cannot resume the run "${path}": its description was changed: ${problems.join("; ")}. ${
      remedyFor(path, log)
    }`,
  );
}

function remedyFor(path: string, log: RunLogState): string {
  const rewrites = `delete "${RUN_FILES.manifest}": the run then writes it again from "${RUN_FILES.runLog}"`;
  if (log.kind === "kept") return `Undo the changes, or ${rewrites}`;
  // If the log is intact, and lacks only the end that the manifest records, the folder may be a copy of a run in use.
  const isCopied = readRunLog(path, null).kind === "kept";
  const restore = `Restore "${RUN_FILES.runLog}" from a copy, or choose another folder`;
  return isCopied ? `${restore}. If this folder was copied while its run was in use, ${rewrites}` : restore;
}

/**
 * Records more replications and new addresses of models in log and manifest. Also updates a manifest that is older than
 * the log because a process was killed.
 */
async function grow(
  path: string,
  { manifest: held, log }: Pick<Recorded, "manifest" | "log">,
  { manifest: now, experimentText, nowMs }: Pick<RunDescription, "manifest" | "nowMs" | "experimentText">,
): Promise<void> {
  const events = growthOf(held, now);
  let manifest = held;
  if (log.kind === "kept") {
    const grown = await withEvents(path, log.log, { events, nowMs });
    if (grown === log.log && !isBehind(readManifest(path), grown)) return;
    manifest = manifestOf(grown);
  } else {
    const extended = events.find((event) => event.type === "PlanExtended");
    if (extended === undefined) return;
    manifest = { ...held, ...extended.data };
  }
  const isRecorded = nativeSha256(experimentText) === manifest.experiment.sha256;
  await writeDescription(path, manifest, isRecorded ? experimentText : undefined);
}

async function withEvents(
  path: string,
  log: RunLog,
  { events, nowMs }: Readonly<{ events: readonly RunEvent[]; nowMs: number }>,
): Promise<RunLog> {
  const file = new RunLogFile(path);
  let grown = log;
  for (const event of events) grown = await addToRunLog(file, { event, nowMs });
  return grown;
}

export async function describeReached(path: string, { reached = [], nowMs }: Reaching): Promise<void> {
  if (reached.length === 0) return;
  using _alone = await lockDescription(path);
  const { log, problems } = readRecorded(path);
  if (log.kind !== "kept") return;
  refuseChanged(path, log, problems);
  refuseMixedUp(path, log, reached);
  const grown = await withEvents(path, log.log, { events: newAddresses(log.log.record, reached), nowMs });
  if (grown !== log.log) await writeDescription(path, manifestOf(grown));
}

function experimentTextOf(path: string, { experiment }: RunManifest): string | null {
  if (experiment.file === null) return null;
  const file = join(path, RUN_FILES.experiment);
  if (existsSync(file)) return readText(file);
  throw new RunError("damaged-manifest", `Cannot read "${file}": it does not exist. Restore it from a copy`);
}

/**
 * Adds an event to the log of a run that is open for writing, and renews the manifest. Returns the log with the
 * event.
 */
export async function recordEvent(
  path: string,
  { file, event, nowMs }: Readonly<{ file: RunLogFile; event: RunEvent; nowMs: number }>,
): Promise<RunLog> {
  using _alone = await lockDescription(path);
  const after = await addToRunLog(file, { event, nowMs });
  await renewManifest(path, after);
  return after;
}
