/** Finds the place of an index: a file in the user's cache folder. */
import { createHash } from "node:crypto";
import { join, resolve } from "node:path";
import type { RunReader } from "../../../core/ports/mod.ts";
import { RUN_TEXTS } from "../../../core/ports/mod.ts";
import { SCHEMA_VERSION } from "./index_file.ts";

const FOLDER = "syndisco";
const ENDING = ".index.sqlite";

/** An index is deleted if no viewer used it for this time, in milliseconds. */
const UNUSED_MS_MAX = 90 * 24 * 3600 * 1000;

/** Looks up environment variables, as `Deno.env` does. */
type Variables = Readonly<{ get: (name: string) => string | undefined }>;

/**
 * The folder for indexes: `XDG_CACHE_HOME`, or the folder that is usual on this system.
 *
 * @returns `null` if no variable names a folder.
 */
export function indexFolder(os: typeof Deno.build.os, variables: Variables): string | null {
  const cache = variables.get("XDG_CACHE_HOME");
  if (cache) return join(cache, FOLDER);
  if (os === "windows") {
    const local = variables.get("LOCALAPPDATA");
    return local ? join(local, FOLDER, "cache") : null;
  }
  const home = variables.get("HOME");
  if (!home) return null;
  return os === "darwin" ? join(home, "Library", "Caches", FOLDER) : join(home, ".cache", FOLDER);
}

/** The folder for indexes; `null` if indexes must be in memory. `problem` then says why. */
export type IndexPlace = Readonly<{ folder: string | null; problem: string | null }>;

/** Makes the folder for indexes, so that the user learns at the start if it cannot be used. */
export function indexPlace(os: typeof Deno.build.os, variables: Variables): IndexPlace {
  const folder = indexFolder(os, variables);
  if (folder === null) {
    return { folder, problem: `Cannot keep an index: no variable names a cache folder. ${IN_MEMORY}` };
  }
  try {
    Deno.mkdirSync(folder, { recursive: true, mode: 0o700 });
    return { folder, problem: null };
  } catch (error) {
    return { folder: null, problem: cannotKeep(folder, error) };
  }
}

/** Says that an index is in memory, and why. */
export function cannotKeep(path: string, error: unknown): string {
  return `Cannot keep an index in "${path}": ${error instanceof Error ? error.message : error}. ${IN_MEMORY}`;
}

/** The consequence of an index in memory. */
export const IN_MEMORY = "So the next start reads all logs again";

/**
 * The name of a run's index. A copy of the run has an index with another name, and so does another version of
 * this program's index. The name also changes when prices change or a person withdraws, because the figures
 * then change.
 */
export async function indexName({ place, manifest, log, readText }: RunReader): Promise<string> {
  const { fingerprint, createdAt } = manifest;
  const prices = await readText(RUN_TEXTS.prices);
  const entries = log.kind === "kept" ? log.log.entries : [];
  const withdrawals = entries.filter(({ type }) => type === "PersonWithdrew").length;
  const identity = [SCHEMA_VERSION, resolve(place), fingerprint, createdAt, prices, withdrawals];
  return createHash("sha256").update(JSON.stringify(identity)).digest("hex").slice(0, 32) + ENDING;
}

/**
 * Deletes indexes that no viewer used for a long time. Errors are ignored: another viewer can use or delete a
 * file.
 */
export function deleteUnused(folder: string, nowMs: number): void {
  try {
    for (const { name } of Deno.readDirSync(folder)) {
      const path = join(folder, name);
      if (!name.includes(ENDING) || (Deno.statSync(path).mtime?.getTime() ?? nowMs) > nowMs - UNUSED_MS_MAX) {
        continue;
      }
      Deno.removeSync(path);
    }
  } catch {
    // The next viewer tries again.
  }
}
