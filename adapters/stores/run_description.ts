/** Reads and writes the description of a run: its log, manifest and experiment file, and copies of its input files. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { canonical } from "../../core/json.ts";
import {
  mixedUp,
  reachedAfter,
  type ReachedModel,
  type RunLog,
  type RunRecord,
} from "../../core/run_log/mod.ts";
import { nativeSha256 } from "../system.ts";
import {
  addToRunLog,
  differencesBetween,
  isBehind,
  listOfDifferences,
  readRunLog,
  recordProblems,
  type RunLogState,
} from "./run_log.ts";
import {
  keepInputs,
  readManifest,
  readText,
  RESTORE_MANIFEST,
  RUN_FILES,
  type RunInputs,
  writeDescription,
} from "./run_files.ts";
import { RunFolderError, unusable } from "./store_errors.ts";
import { lockDescription, type RunPart } from "./run_lock.ts";
import { manifestOf, parseManifest, type RunManifest } from "./run_manifest.ts";

/** What to run. */
export type RunDescription = Readonly<{
  experimentText: string;
  manifest: RunRecord;
  /** The files that the experiment names. The folder keeps copies. */
  inputs?: RunInputs;
  /** Now, in milliseconds since 1970. */
  nowMs: number;
}>;

/** The description of a run, as read from its folder. */
export type Recorded = Readonly<{
  /** The manifest, computed from the run's log, or read from `manifest.json` if there is no intact log. */
  manifest: RunManifest;
  log: RunLogState;
  /** The differences between the folder and its record, one sentence each. */
  problems: readonly string[];
  /** The experiment file, verbatim; `null` if the discussions were imported. */
  experimentText: string | null;
}>;

/** Writes the description of a new run, or extends the description of an existing one. */
export async function describeRun(
  path: string,
  run: RunDescription,
  part: RunPart | undefined,
): Promise<boolean> {
  using _alone = part === undefined ? undefined : await lockDescription(path);
  const resumed = existsSync(join(path, RUN_FILES.manifest));
  if (!resumed) await describe(path, run);
  const { manifest, log, problems } = readRecorded(path);
  if (manifest.experiment.file === null) {
    throw new RunFolderError(
      "other-experiment",
      `Cannot write the run to "${path}": it holds imported discussions. Choose another folder for this run`,
    );
  }
  refuseChanged(path, log, problems);
  if (manifest.fingerprint !== run.manifest.fingerprint) throw otherExperiment(path, manifest, run.manifest);
  refuseOtherModels(path, manifest, run.manifest);
  refuseMixedUp(path, log, run.manifest.reached);
  await grow(path, { manifest, log }, run);
  return resumed;
}

export function readRecorded(path: string): Recorded {
  const stored = readManifest(path);
  const log = readRunLog(path, stored);
  const manifest = log.kind === "kept"
    ? parseManifest(JSON.stringify(manifestOf(log.log)), join(path, RUN_FILES.runLog))
    : stored;
  const experimentText = experimentTextOf(path, manifest);
  return {
    manifest,
    log,
    experimentText,
    problems: recordProblems(path, stored, { state: log, experimentText }),
  };
}

/** Writes the log before the manifest, which is computed from the log. */
async function describe(path: string, run: RunDescription): Promise<void> {
  const { experimentText, manifest, inputs = new Map(), nowMs } = run;
  const isEmpty = Deno.readDirSync(join(path, RUN_FILES.discussions))[Symbol.iterator]().next().done;
  const begun = readRunLog(path, null);
  if (!isEmpty && begun.kind !== "kept") {
    throw new RunFolderError(
      "not-a-run",
      `Cannot write the run to "${path}": it holds discussions, but its "${RUN_FILES.manifest}" is missing. ` +
        RESTORE_MANIFEST,
    );
  }
  await keepInputs(path, inputs);
  const same = begun.kind === "kept" && (!isEmpty || isRecordOf(begun.log, manifest));
  // There are no discussions yet, and the log is damaged or describes an experiment that has changed since.
  if (begun.kind !== "none" && !same) remove(join(path, RUN_FILES.runLog));
  const log = same
    ? begun.log
    : await addToRunLog(path, null, { event: { type: "RunCreated", data: manifest }, nowMs });
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
  const remedy = log.kind === "kept"
    ? `Undo the changes. If you delete "${RUN_FILES.manifest}", the run writes it again from "${RUN_FILES.runLog}"`
    : `Restore "${RUN_FILES.runLog}" from a copy, or choose another folder`;
  throw new RunFolderError(
    "damaged-manifest",
    `Cannot resume the run "${path}": its description was changed: ${problems.join("; ")}. ${remedy}`,
  );
}

/** Refuses a changed file of a model, since one name would then mean two models. New files are allowed. */
function refuseOtherModels(
  path: string,
  { models: held = {} }: RunManifest,
  { models = {} }: RunRecord,
): void {
  const changed = Object.entries(models).filter(([part, now]) =>
    Object.hasOwn(held, part) && held[part] !== now
  );
  if (changed.length === 0) return;
  throw new RunFolderError(
    "other-experiment",
    `Cannot resume the run "${path}": a model has changed since the run began:` +
      `${listOfDifferences(changed.map(([part]) => part))}\n` +
      `Restore the former model, or choose another folder for the new model`,
  );
}

/** Refuses models that have swapped addresses, since their answers could not be told apart later. */
function refuseMixedUp(path: string, log: RunLogState, reached: readonly ReachedModel[] = []): void {
  const mixed = log.kind === "kept" ? mixedUp(log.log, reached) : null;
  if (mixed === null) return;
  const { model, other, address } = mixed;
  throw new RunFolderError(
    "other-experiment",
    `Cannot resume the run "${path}": the model "${model}" now has the address "${address}", which "${other}" has ` +
      `or had. Only their addresses distinguish them, so the answers of both would mix. Restore the addresses, ` +
      `give a moved server a new address, or choose another folder`,
  );
}

/**
 * Records more replications and new addresses of models in log and manifest. Also updates a manifest that a killed
 * process left behind its log.
 */
async function grow(
  path: string,
  { manifest: held, log }: Pick<Recorded, "manifest" | "log">,
  { manifest: now, experimentText, nowMs }: Pick<RunDescription, "manifest" | "nowMs" | "experimentText">,
): Promise<void> {
  const { experiment, plan, models } = now;
  const isLarger = plan.discussions > held.plan.discussions;
  const larger = {
    experiment,
    plan,
    ...(models === undefined ? {} : { models: { ...held.models, ...models } }),
  };
  let manifest = isLarger ? { ...held, ...larger } : held;
  if (log.kind === "kept") {
    const extended = isLarger
      ? await addToRunLog(path, log.log, { event: { type: "PlanExtended", data: larger }, nowMs })
      : log.log;
    const grown = await withReached(path, extended, { ...now, nowMs });
    if (grown === log.log && !isBehind(readManifest(path), grown)) return;
    manifest = manifestOf(grown);
  } else if (!isLarger) return;
  const isRecorded = nativeSha256(experimentText) === manifest.experiment.sha256;
  await writeDescription(path, manifest, isRecorded ? experimentText : undefined);
}

/** The addresses of models from now on, and the time now in milliseconds since 1970. */
export type Reaching = Readonly<{ reached?: readonly ReachedModel[]; nowMs: number }>;

async function withReached(path: string, log: RunLog, { reached = [], nowMs }: Reaching): Promise<RunLog> {
  if (canonical(reachedAfter(log.record.reached, reached)) === canonical(log.record.reached ?? [])) {
    return log;
  }
  return await addToRunLog(path, log, { event: { type: "ModelsReached", data: { reached } }, nowMs });
}

export async function describeReached(path: string, reaching: Reaching): Promise<void> {
  const { reached = [] } = reaching;
  const { log, problems } = readRecorded(path);
  if (log.kind !== "kept" || reached.length === 0) return;
  refuseChanged(path, log, problems);
  refuseMixedUp(path, log, reached);
  const grown = await withReached(path, log.log, reaching);
  if (grown !== log.log) await writeDescription(path, manifestOf(grown));
}

function experimentTextOf(path: string, { experiment }: RunManifest): string | null {
  return experiment.file === null ? null : readText(join(path, RUN_FILES.experiment));
}

function otherExperiment(path: string, held: RunManifest, asked: RunRecord): RunFolderError {
  const differences = differencesBetween(held.resolved, asked.resolved);
  return new RunFolderError(
    "other-experiment",
    `Cannot resume the run "${path}": it was made by another version of the experiment` +
      `${listOfDifferences(differences)}\n` +
      `Undo these changes, or choose another folder to run the changed experiment`,
  );
}
