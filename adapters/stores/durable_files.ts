/** Writes files and makes folders that survive a power cut. */
import { existsSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";

const encoder = new TextEncoder();

/** Writes all bytes. A single write can be incomplete when the disk fills up. */
export function writeAll(file: Deno.FsFile, bytes: Uint8Array): void {
  for (let written = 0; written < bytes.length;) written += file.writeSync(bytes.subarray(written));
}

/** Removes a file after a failed write. Ignores errors, because the caller reports the failed write. */
export function removeIfThere(path: string): void {
  try {
    Deno.removeSync(path);
  } catch {
    // The file does not exist, or the disk is broken.
  }
}

/**
 * Writes a file durably and atomically: even after a power cut, a reader sees the old or the new content.
 *
 * @param options The permissions of a new file. Default: the user's default.
 * @throws {Error} The operating system's error; the old file is then unchanged.
 */
export async function writeAtomically(
  path: string,
  content: string | Uint8Array,
  options: Readonly<{ mode?: number }> = {},
): Promise<void> {
  const temporary = `${path}.${crypto.randomUUID()}.tmp`;
  try {
    {
      using file = Deno.openSync(temporary, { write: true, createNew: true, ...options });
      writeAll(file, typeof content === "string" ? encoder.encode(content) : content);
      await file.sync();
    }
    Deno.renameSync(temporary, path);
  } catch (error) {
    removeIfThere(temporary);
    throw error;
  }
  await syncFolder(dirname(path));
}

/** Syncs folders, and shares syncs between callers. */
export interface FolderSync {
  /** Resolves when the entries that the folder has at the time of the call are durable. */
  sync(folder: string): Promise<void>;
  /** As `sync()`, but does nothing if an earlier call of this function has synced the folder. */
  syncOnce(folder: string): Promise<void>;
}

export function folderSync(): FolderSync {
  const running = new Map<string, Promise<void>>();
  const next = new Map<string, Promise<void>>();
  const start = (folder: string): Promise<void> => {
    next.delete(folder);
    const sync = syncFolder(folder).finally(() => {
      if (running.get(folder) === sync) running.delete(folder);
    });
    running.set(folder, sync);
    return sync;
  };
  const synced = new Set<string>();
  const folders: FolderSync = {
    sync(folder) {
      const current = running.get(folder);
      if (current === undefined) return start(folder);
      // A running sync may have missed the new entry. So all calls during a sync share the next sync.
      const waiting = next.get(folder) ?? current.then(() => start(folder), () => start(folder));
      next.set(folder, waiting);
      return waiting;
    },
    async syncOnce(folder) {
      if (synced.has(folder)) return;
      await folders.sync(folder);
      synced.add(folder);
    },
  };
  return folders;
}

/** Makes the entries of a folder durable. A new file survives a power cut only after this. */
export async function syncFolder(folder: string): Promise<void> {
  using handle = await Deno.open(folder);
  await handle.sync();
}

/**
 * Makes a folder and its missing parents.
 *
 * @returns The folders with a new entry. Sync them to make the new folder durable.
 */
export function makeFolder(folder: string): string[] {
  const first = mkdirSync(folder, { recursive: true });
  if (first === undefined) return [];
  const changed: string[] = [];
  for (let made = folder; made.length >= first.length; made = dirname(made)) changed.push(dirname(made));
  return changed;
}

/**
 * Makes a folder, but not its parents: fails if the parent has disappeared.
 *
 * @returns The folders with a new entry, as `makeFolder()` does.
 */
export function makeFolderOnce(folder: string): string[] {
  if (existsSync(folder)) return [];
  mkdirSync(folder);
  return [dirname(folder)];
}
