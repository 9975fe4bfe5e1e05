/** Makes the entries of folders durable: a new file survives a power cut only once its folder has been synced. */
import { mkdirSync } from "node:fs";
import { dirname } from "node:path";

/** Syncs folders, one sync for all who ask at the same time. */
export interface FolderSync {
  /**
   * Resolves once everything that the folder holds at the time of the call is durable.
   *
   * @throws {Error} The operating system's, when the folder cannot be opened or synced.
   */
  sync(folder: string): Promise<void>;
}

/** Makes a grouping sync of folders. */
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
  return {
    sync(folder) {
      const current = running.get(folder);
      if (current === undefined) return start(folder);
      // A sync that is under way may have passed the new entry by already: all who ask meanwhile share the next one.
      const waiting = next.get(folder) ?? current.then(() => start(folder), () => start(folder));
      next.set(folder, waiting);
      return waiting;
    },
  };
}

async function syncFolder(folder: string): Promise<void> {
  using handle = await Deno.open(folder);
  await handle.sync();
}

/**
 * Makes a folder and those above it that are missing.
 *
 * @param folder The folder; nothing happens when it exists.
 * @returns The folders that got a new entry, and must be synced for the new folders to be durable.
 * @throws {Error} The operating system's.
 */
export function makeFolder(folder: string): string[] {
  const first = mkdirSync(folder, { recursive: true });
  if (first === undefined) return [];
  const changed: string[] = [];
  for (let made = folder; made.length >= first.length; made = dirname(made)) changed.push(dirname(made));
  return changed;
}

const encoder = new TextEncoder();

/**
 * Writes a file durably: a reader, and whoever comes after a power cut, sees the old content or the new one.
 *
 * @param path The file; one that exists is replaced.
 * @param text What it is to hold.
 * @throws {Error} The operating system's; the old file is then unchanged.
 */
export async function writeTextAtomically(path: string, text: string): Promise<void> {
  const temporary = `${path}.${crypto.randomUUID()}.tmp`;
  try {
    {
      using file = Deno.openSync(temporary, { write: true, createNew: true });
      const bytes = encoder.encode(text);
      for (let written = 0; written < bytes.length;) written += file.writeSync(bytes.subarray(written));
      await file.sync();
    }
    Deno.renameSync(temporary, path);
  } catch (error) {
    removeIfThere(temporary);
    throw error;
  }
  await folderSync().sync(dirname(path));
}

function removeIfThere(path: string): void {
  try {
    Deno.removeSync(path);
  } catch {
    // It was never made, or the disk is broken: the first error says what happened.
  }
}
