/** Errors of stores and run folders: what the operating system reports, and what the user can do. */
import { DamagedLine } from "../../core/events/event_type.ts";
import { StoreError } from "../../core/ports/mod.ts";
import { RunError } from "../../core/run_log/mod.ts";

type Explanation = Readonly<{ state: string; advice: string }>;

const AGAIN = "then give the same command again";

/** The explanation for Lustre without the option flock, and for NFS without a lock service. */
const NO_LOCKS: Explanation = {
  state: "the file system does not support locks",
  advice: "Choose a folder on another disk, or mount this one with locks (Lustre: with the option flock)",
};

const EXPLANATIONS: Readonly<Record<string, Explanation>> = {
  ENOSPC: { state: "the disk is full", advice: `Free some space, ${AGAIN}` },
  EDQUOT: { state: "the disk quota is used up", advice: `Free some space, ${AGAIN}` },
  EFBIG: { state: "the file is larger than allowed here", advice: `Raise the limit (ulimit -f), ${AGAIN}` },
  EACCES: { state: "the permission is denied", advice: "Check who owns it and who may write to it" },
  EPERM: { state: "the operation is not permitted", advice: "Check who owns it and who may write to it" },
  EROFS: {
    state: "the file system is read-only",
    advice: "Choose a folder on a disk that can be written to",
  },
  EMFILE: {
    state: "this process has too many open files",
    advice: `Raise the limit (ulimit -n) or run fewer discussions at a time, ${AGAIN}`,
  },
  ENFILE: { state: "this machine has too many open files", advice: `Close other programs, ${AGAIN}` },
  EIO: { state: "the disk reports an error", advice: `Check the disk and its connection, ${AGAIN}` },
  ENOTDIR: { state: "a part of the path is a file, not a folder", advice: "Choose another path" },
  EISDIR: { state: "it is a folder, not a file", advice: "Choose another path" },
  ENOENT: { state: "it does not exist", advice: "Check the path, and whether the folder was moved" },
  ELOOP: { state: "links lead round in a circle", advice: "Choose another path" },
  ENAMETOOLONG: { state: "the path is too long", advice: "Choose a shorter path" },
  ENOLCK: NO_LOCKS,
  ENOSYS: NO_LOCKS,
  ENOTSUP: NO_LOCKS,
  ESTALE: {
    state: "the network file system lost the file",
    advice: `Mount the file system again, ${AGAIN}`,
  },
};

const NOT_CAPABLE: Explanation = {
  state: "Deno does not have permission",
  advice: "Choose another folder, or start Deno with --allow-read and --allow-write for this one",
};

/** Errors of Linux to which Deno gives no code. */
const CODES_OF_LINUX: Readonly<Record<string, string>> = { 37: "ENOLCK", 38: "ENOSYS" };

/** The code of an operating system's error, such as `ENOSPC`. */
export function errorCode(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code } = error as { code?: unknown };
  if (typeof code === "string") return code;
  const [, number = ""] = /\(os error (\d+)\)$/.exec(error.message) ?? [];
  return Deno.build.os === "linux" ? CODES_OF_LINUX[number] : undefined;
}

/**
 * The message for a failed operation on a file: what happened, where, why, and what to do.
 *
 * @example
 * ```ts
 * import { explainFailure } from "./store_errors.ts";
 * import assert from "node:assert/strict";
 *
 * const full = Object.assign(new Error("No space left on device"), { code: "ENOSPC" });
 * assert.match(explainFailure("append to", "a.jsonl", full), /^Cannot append to "a.jsonl": the disk is full\. Free/);
 * ```
 */
export function explainFailure(action: string, path: string, cause: unknown): string {
  const known = explanationOf(cause);
  return `Cannot ${action} "${path}": ${reasonOf(cause)}${known === undefined ? "" : `. ${known.advice}`}`;
}

export function reasonOf(cause: unknown): string {
  return explanationOf(cause)?.state ?? (cause instanceof Error ? cause.message : String(cause));
}

function explanationOf(cause: unknown): Explanation | undefined {
  return cause instanceof Deno.errors.NotCapable ? NOT_CAPABLE : EXPLANATIONS[errorCode(cause) ?? ""];
}

export function storeError(action: string, path: string, cause: unknown): StoreError {
  return new StoreError(explainFailure(action, path, cause), { cause });
}

/** Codes of read errors that affect only one file. */
const OF_ONE_FILE: ReadonlySet<string> = new Set(["EACCES", "EPERM", "EISDIR", "EIO", "ELOOP"]);

/** The error for a stream that cannot be read. If only its file is affected, the stream counts as damaged. */
export function readFailure(path: string, cause: unknown): DamagedLine | StoreError {
  if (cause instanceof DamagedLine) return cause;
  if (!OF_ONE_FILE.has(errorCode(cause) ?? "")) return storeError("read", path, cause);
  return new DamagedLine("unreadable", explainFailure("read", path, cause));
}

export function unusable(action: string, path: string, cause: unknown): RunError {
  return new RunError("unusable", explainFailure(action, path, cause), { cause });
}

/** The error for a log that has become shorter. */
export function shortened(path: string, before: number, now: number): StoreError {
  return new StoreError(
    `Cannot read "${path}": it has lost lines: it has ${now} bytes, and had ${before} before. ` +
      `Check it with verify, then start again`,
  );
}
