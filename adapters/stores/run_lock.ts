/** Keeps two processes from writing to one run. */
import { hostname } from "node:os";
import { join } from "node:path";
import { RunFolderError, unusable } from "./store_errors.ts";

/** The part of a run that a process writes: the `index`-th, from 1, of `count`. */
export type RunPart = Readonly<{ index: number; count: number }>;

/** A lock that is held until it is disposed of, or its process ends in whatever way. */
export type RunLock =
  & Disposable
  & Readonly<{
    /** The path of a lock file that is no longer the one that is locked; `null` as long as all are. */
    lost: () => string | null;
  }>;

const LOCK_FILE = "run.lock";
/** Parts of a run that are started at the same moment write its log one after the other. */
const LOG_LOCK_FILE = "run.log.lock";
const LOG_LOCK_TRIES_MAX = 3000;
const PART_LOCK_FILE = /^run\.(\d+)-of-(\d+)\.lock$/;

/** Others hold a lock for an instant only to see whether it is held: a refusal counts when it lasts. */
const LOCK_TRIES_MAX = 5;
const LOCK_RETRY_MS = 20;

/** What a lock file says about its holder is a short line. */
const HOLDER_BYTES_MAX = 1024;

/**
 * Locks a run folder for writing. The operating system keeps the lock, so that one that died with its process, even by
 * SIGKILL, is no longer in the way.
 *
 * Whoever writes the whole run is alone. Those who write parts of it share the folder with the other parts of the same
 * division.
 *
 * @param folder The run folder; it exists.
 * @param part The part to be written; everything when it is left out.
 * @throws {RunFolderError} When somebody else holds it, or it cannot be locked.
 */
export async function lockRun(folder: string, part?: RunPart): Promise<RunLock> {
  using held = new DisposableStack();
  const files = [held.use(await lockFile(folder, LOCK_FILE, { exclusive: part === undefined }))];
  if (part !== undefined) {
    const own = `run.${part.index}-of-${part.count}.lock`;
    files.push(held.use(await lockFile(folder, own, { exclusive: true })));
    for (const other of otherDivisions(folder, part.count)) {
      (await lockFile(folder, other, { exclusive: true })).file.close();
    }
  }
  const locked = held.move();
  return {
    lost: () => files.find((file) => !isStillThere(file))?.path ?? null,
    [Symbol.dispose]: () => locked.dispose(),
  };
}

type LockedFile = Disposable & Readonly<{ path: string; file: Deno.FsFile }>;

/** File systems that number no files tell nothing here. */
function isStillThere({ path, file }: LockedFile): boolean {
  try {
    const [there, own] = [Deno.statSync(path), file.statSync()];
    return there.ino === own.ino && there.dev === own.dev;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/**
 * Locks what a run's folder says about its run, among the parts that share the folder. Waits for a minute.
 *
 * @param folder The run folder; it exists.
 * @throws {RunFolderError} When another part holds it for longer, or it cannot be locked.
 */
export async function lockDescription(folder: string): Promise<Disposable> {
  return await lockFile(folder, LOG_LOCK_FILE, { exclusive: true, triesMax: LOG_LOCK_TRIES_MAX });
}

async function lockFile(
  folder: string,
  name: string,
  { exclusive, triesMax = LOCK_TRIES_MAX }: { exclusive: boolean; triesMax?: number },
): Promise<LockedFile> {
  const path = join(folder, name);
  let file: Deno.FsFile | undefined;
  try {
    file = Deno.openSync(path, { read: true, write: true, create: true });
    for (let tries = 1; tries <= triesMax; tries++) {
      if (file.tryLockSync(exclusive)) {
        writeHolder(file);
        const locked = file;
        return { path, file, [Symbol.dispose]: () => locked.close() };
      }
      await new Promise((resolve) => setTimeout(resolve, LOCK_RETRY_MS));
    }
  } catch (cause) {
    file?.close();
    throw unusable("lock", path, cause);
  }
  const holder = readHolder(file);
  file.close();
  throw new RunFolderError(
    "in-use",
    `Cannot write to the run "${folder}": it is in use by ${holder}. ` +
      `Wait until that has ended or stop it, or choose another folder for this run`,
  );
}

function writeHolder(file: Deno.FsFile): void {
  const holder = `process ${Deno.pid} on ${hostName()}, since ${new Date().toISOString()}\n`;
  file.truncateSync(0);
  file.writeSync(new TextEncoder().encode(holder));
}

function readHolder(file: Deno.FsFile): string {
  const bytes = new Uint8Array(HOLDER_BYTES_MAX);
  const count = file.readSync(bytes) ?? 0;
  return new TextDecoder().decode(bytes.subarray(0, count)).trim() || "another process";
}

/** Asking for the host's name is a permission of its own, which a lock must not depend on. */
function hostName(): string {
  try {
    return hostname();
  } catch {
    return "this host";
  }
}

/**
 * The processes that write to a run, in words such as `process 42 on host, since …`. Changes nothing in the folder.
 *
 * @param folder The run folder.
 * @returns None when nobody writes to it, or the locks cannot be read.
 */
export function runHolders(folder: string): readonly string[] {
  const holders: string[] = [];
  for (const { name } of Deno.readDirSync(folder)) {
    if (name !== LOCK_FILE && !PART_LOCK_FILE.test(name)) continue;
    try {
      using file = Deno.openSync(join(folder, name));
      // A shared lock is refused while a writer has the exclusive one, and given back at once where it is not.
      if (!file.tryLockSync(false)) holders.push(readHolder(file));
    } catch (error) {
      if (!(error instanceof Deno.errors.PermissionDenied || error instanceof Deno.errors.NotFound)) {
        throw error;
      }
    }
  }
  return holders;
}

/** Parts of another division of the run would overlap with this one's. */
function otherDivisions(folder: string, count: number): string[] {
  return [...Deno.readDirSync(folder)].map(({ name }) => name)
    .filter((name) => PART_LOCK_FILE.test(name) && Number(PART_LOCK_FILE.exec(name)![2]) !== count);
}
