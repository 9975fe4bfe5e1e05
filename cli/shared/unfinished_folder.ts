/** Makes folders for unfinished work, and removes the folders that killed processes left. */
import { basename, dirname, join } from "node:path";
import { scratchFolder } from "./files.ts";

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * Makes the hidden folder `.NAME.<uuid>.tmp` beside a folder, and removes it on disposal. First removes the folders that killed
 * processes left for the same NAME.
 */
export function unfinishedFolder(target: string): Disposable & Readonly<{ path: string }> {
  const [parent, start] = [dirname(target), `.${basename(target)}.`];
  // Processes take turns. Otherwise, one could remove a folder that another one has made but not locked yet.
  using turn = lockFolder(parent, true);
  for (const name of turn === null ? [] : leftIn(parent, start)) removeUnlocked(join(parent, name));
  using made = new DisposableStack();
  const { path } = made.use(scratchFolder(join(parent, `${start}${crypto.randomUUID()}.tmp`)));
  made.use(lockFolder(path, false));
  const kept = made.move();
  return { path, [Symbol.dispose]: () => kept.dispose() };
}

function leftIn(parent: string, start: string): readonly string[] {
  return [...Deno.readDirSync(parent)].flatMap(({ name, isDirectory }) =>
    isDirectory && name.startsWith(start) && name.endsWith(".tmp") &&
      UUID.test(name.slice(start.length, -".tmp".length))
      ? [name]
      : []
  );
}

function removeUnlocked(path: string): void {
  using lock = lockFolder(path, false);
  if (lock === null) return;
  try {
    Deno.removeSync(path, { recursive: true });
  } catch {
    // Another user's folder stays.
  }
}

/** Locks a folder. `null` if another process has the lock, or if the file system has no locks of folders. */
function lockFolder(path: string, waits: boolean): Deno.FsFile | null {
  let folder: Deno.FsFile | undefined;
  try {
    folder = Deno.openSync(path);
    if (waits) folder.lockSync(true);
    else if (!folder.tryLockSync(true)) throw new Error("locked");
    return folder;
  } catch {
    folder?.close();
    return null;
  }
}
