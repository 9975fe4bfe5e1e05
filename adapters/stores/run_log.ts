/** Reads and writes the log of a run, `run.jsonl`, and compares the run folder with it. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { canonical } from "../../core/json.ts";
import { DamagedLine } from "../../core/events/event_type.ts";
import {
  encodeRunEvent,
  recordAsOf,
  recordHeadOf,
  RUN_STREAM,
  type RunEvent,
  type RunLog,
  runLogAfter,
} from "../../core/run_log/mod.ts";
import { nativeSha256 } from "../system.ts";
import { JsonlEventStore } from "./jsonl_event_store.ts";
import { inputPath, RUN_FILES } from "./run_files.ts";
import { RunFolderError, unusable } from "./store_errors.ts";
import { manifestOf, type RunManifest } from "./run_manifest.ts";

/** The state of a run's log. */
export type RunLogState =
  | Readonly<{ kind: "kept"; log: RunLog }>
  /** An older version made the run, or the run was imported. */
  | Readonly<{ kind: "none" }>
  /** The log is damaged or was deleted. */
  | Readonly<{ kind: "broken"; message: string }>;

const DIFFERENCES_SHOWN_MAX = 4;

export function readRunLog(folder: string, manifest: RunManifest | null): RunLogState {
  const file = join(folder, RUN_FILES.runLog);
  let bytes: Uint8Array;
  try {
    bytes = Deno.readFileSync(file);
  } catch (cause) {
    if (!(cause instanceof Deno.errors.NotFound)) throw unusable("read", file, cause);
    bytes = new Uint8Array();
  }
  let log: RunLog | null = null;
  try {
    // Text after the last newline is an unfinished line.
    const lines = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes).split("\n").slice(
      0,
      -1,
    );
    for (const line of lines) log = runLogAfter(log, line, nativeSha256);
  } catch (error) {
    if (!(error instanceof DamagedLine || error instanceof TypeError)) throw error;
    const reason = error instanceof DamagedLine ? error.message : "it is not UTF-8 text";
    return { kind: "broken", message: `"${RUN_FILES.runLog}" is damaged: ${reason}` };
  }
  if (log !== null) return { kind: "kept", log };
  return manifest?.runLog === undefined
    ? { kind: "none" }
    : { kind: "broken", message: `"${RUN_FILES.runLog}", which "${RUN_FILES.manifest}" names, is missing` };
}

export async function addToRunLog(
  folder: string,
  log: RunLog | null,
  { event, nowMs }: Readonly<{ event: RunEvent; nowMs: number }>,
): Promise<RunLog> {
  const line = encodeRunEvent(log, event, { atMs: nowMs, sha256: nativeSha256 });
  const store = new JsonlEventStore(folder);
  try {
    await store.append(RUN_STREAM, log?.entries.length ?? 0, [line]);
  } catch (cause) {
    throw new RunFolderError("unusable", cause instanceof Error ? cause.message : String(cause), { cause });
  } finally {
    await store.close();
  }
  return runLogAfter(log, line, nativeSha256);
}

/** Whether a manifest belongs to an earlier record. A killed process may have left it. */
export function isBehind({ runLog }: RunManifest, log: RunLog): boolean {
  return runLog !== undefined && runLog !== recordHeadOf(log) && recordAsOf(log, runLog) !== null;
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
    ? [manifestOf(state.log), manifestOf(state.log, stored.runLog)]
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
  for (const [path, hash] of Object.entries(experimentText === null ? {} : now.sources)) {
    const copy = inputPath(folder, path, hash);
    if (copy === null || !isTextOf(copy, hash)) {
      problems.push(`the copy of ${JSON.stringify(path)} in "${RUN_FILES.inputs}" is missing or was changed`);
    }
  }
  return problems;
}

function isTextOf(file: string, hash: string): boolean {
  if (!existsSync(file)) return false;
  const bytes = Deno.readFileSync(file);
  return nativeSha256(new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes)) === hash;
}

const SHOWN_CHARS_MAX = 60;

const SHOWN_MAX = 8;

/**
 * The differences between two JSON values, each with its path, such as `discussion.turns: 14 → 20`.
 *
 * @example
 * ```ts
 * import { differencesBetween } from "./run_log.ts";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(differencesBetween({ a: [1, 2] }, { a: [1, 3], b: "x" }), ["a.1: 2 → 3", 'b: nothing → "x"']);
 * ```
 */
export function differencesBetween(before: unknown, after: unknown): string[] {
  return [...compared("", before, after)];
}

/** The first differences as indented lines, and the number of the others. */
export function listOfDifferences(differences: readonly string[]): string {
  const more = differences.length - SHOWN_MAX;
  const shown = differences.slice(0, SHOWN_MAX);
  if (more > 0) shown.push(`… and ${more} more`);
  return shown.map((difference) => `\n  ${difference}`).join("");
}

function* compared(path: string, before: unknown, after: unknown): Generator<string> {
  if (Object.is(before, after)) return;
  if (!isTree(before) || !isTree(after) || Array.isArray(before) !== Array.isArray(after)) {
    yield `${path || "the whole"}: ${shown(before)} → ${shown(after)}`;
    return;
  }
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const [held, found] = [before, after].map((tree) => Object.hasOwn(tree, key) ? tree[key] : undefined);
    yield* compared(path === "" ? key : `${path}.${key}`, held, found);
  }
}

function isTree(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function shown(value: unknown): string {
  if (value === undefined) return "nothing";
  const text = JSON.stringify(value);
  return text.length <= SHOWN_CHARS_MAX ? text : `${text.slice(0, SHOWN_CHARS_MAX - 1)}…`;
}
