/**
 * Opens the run at a place, and tells what the place alone shows: the run's name, its operations log and its base
 * folder.
 */
import { basename, join, resolve } from "node:path";
import type { RunPart, RunReader } from "../../core/ports/mod.ts";
import { isAddress } from "./address.ts";
import { hostName } from "../system.ts";
import { logNameOf } from "./run_files.ts";
import { runAt } from "./run_at.ts";

/**
 * Opens the run at a place for reading.
 *
 * @throws {RunError} If there is none, or it cannot be read.
 */
export async function readRun(place: string): Promise<RunReader> {
  return await (await runAt(place)).read();
}

/**
 * The name of the run at a place: the name of its folder, or its name in the database.
 *
 * @example
 * ```ts
 * import { nameOfRun } from "./places.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(nameOfRun("runs/pilot/"), "pilot");
 * assert.equal(nameOfRun("postgres://ada@db.example.org/lab/pilot?host=/run/postgresql"), "pilot");
 * ```
 */
export function nameOfRun(place: string): string {
  if (!isAddress(place)) return basename(resolve(place));
  const [path] = place.split(/[?#]/);
  return decoded(path!.slice(path!.lastIndexOf("/") + 1));
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

/**
 * The file of a process's operations log. For a run in a database, it is in the current folder, and each process
 * has its own: it is about this machine, and no part of the run.
 *
 * @param part The part of the run that the process writes.
 */
export function operationsLogFile(place: string, part?: RunPart): string {
  if (!isAddress(place)) return join(place, logNameOf(part));
  const name = nameOfRun(place).replaceAll(/[^\w.-]+/g, "-");
  return `${name}.${hostName() ?? "this-host"}-${Deno.pid}.log.jsonl`;
}

/** The base folder of relative paths in the files of a run: the run's own folder, or the current one. */
export function folderOfRun(place: string): string {
  return isAddress(place) ? "." : place;
}
