/** Who writes to a run now. */
import { join } from "node:path";

/** The lock of the whole run, and those of its parts. */
const LOCK_FILE = /^run\.(?:\d+-of-\d+\.)?lock$/;

/** What a lock file says about its holder is a short line. */
const HOLDER_BYTES_MAX = 1024;

/**
 * The processes that write to a run, in words such as `process 42 on host, since …`. Changes nothing in the folder.
 *
 * @param folder The run folder.
 * @returns None when nobody writes to it, or the locks cannot be read.
 */
export function runHolders(folder: string): readonly string[] {
  const holders: string[] = [];
  for (const { name } of Deno.readDirSync(folder)) {
    if (!LOCK_FILE.test(name)) continue;
    try {
      using file = Deno.openSync(join(folder, name));
      // A shared lock is refused while a writer has the exclusive one, and given back at once where it is not.
      if (!file.tryLockSync(false)) holders.push(holderOf(file));
    } catch (error) {
      if (!(error instanceof Deno.errors.PermissionDenied || error instanceof Deno.errors.NotFound)) {
        throw error;
      }
    }
  }
  return holders;
}

function holderOf(file: Deno.FsFile): string {
  const bytes = new Uint8Array(HOLDER_BYTES_MAX);
  const count = file.readSync(bytes) ?? 0;
  return new TextDecoder().decode(bytes.subarray(0, count)).trim() || "another process";
}
