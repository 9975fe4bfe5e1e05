/** Writes a file so that it is there whole, or not at all. */
import { dirname } from "node:path";
import { folderSync } from "./folder_sync.ts";

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
