/** Keeps two processes from writing to one run. */
import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import type { RunPart } from "../../core/ports/mod.ts";
import { RunError } from "../../core/run_log/mod.ts";
import { infoAt, isMissing, kindAt } from "../path_info.ts";
import { beatFile, BeatingHolder, holderText, ownLine, readHolder, writeHolder } from "./lock_holder.ts";
import { LockReach } from "./lock_reach.ts";
import { unusable } from "./store_errors.ts";

/** A lock that lasts until it is disposed of or its process ends. */
export type RunLock =
  & Disposable
  & Readonly<{
    /** The path of a lock file that was deleted or replaced; `null` if there is none. */
    lost: () => string | null;
  }>;

const LOCK_FILE = "run.lock";
/** Locks the run's log, so that parts that start at the same moment write it one after the other. */
const LOG_LOCK_FILE = "run.log.lock";
const LOG_LOCK_TRIES_MAX = 3000;
const PART_LOCK_FILE = /^run\.(\d+)-of-(\d+)\.lock$/;

/** Readers take the lock for an instant to check it. So a writer tries a few times before it fails. */
const LOCK_TRIES_MAX = 5;
const LOCK_RETRY_MS = 20;

/**
 * Locks a run folder for writing. The operating system releases the lock when the process ends.
 *
 * A process that writes the whole run locks out all other writers. Processes that write parts share the folder if
 * all of them have the same `count`.
 */
export async function lockRun(folder: string, part?: RunPart): Promise<RunLock> {
  using held = new DisposableStack();
  const whole = held.use(await lockFile(folder, LOCK_FILE, { exclusive: part === undefined }));
  const files = [whole];
  if (part !== undefined) {
    files.push(held.use(await lockFile(folder, partLock(part), { exclusive: true })));
    for (const other of otherDivisions(folder, part.count)) {
      (await lockFile(folder, other, { exclusive: true })).file.close();
    }
  }
  const { path } = files.at(-1)!;
  const own = basename(path);
  const reach = new LockReach(folder);
  await reach.check({ own: [own], others: othersFrom(folder, own) });
  const holder = held.use(locking(path, () => new BeatingHolder(path)));
  for (const { path, file } of files) locking(path, () => writeHolder(file, ownLine()));
  // Another machine may have begun at the same moment. Now at least one of the two sees the other.
  await reach.check({ own: [], others: othersFrom(folder, own) });
  const locked = held.move();
  return {
    lost: () => holder.isReplaced ? beatFile(path) : files.find((file) => !isStillThere(file))?.path ?? null,
    [Symbol.dispose]: () => locked.dispose(),
  };
}

function partLock({ index, count }: RunPart): string {
  return `run.${index}-of-${count}.lock`;
}

/**
 * The other lock files, beginning with the next part's. So processes that begin together first look at different files.
 */
function othersFrom(folder: string, own: string): string[] {
  const names = [...Deno.readDirSync(folder)].map(({ name }) => name).filter(isRunLock).sort();
  const place = names.indexOf(own);
  return [...names.slice(place + 1), ...names.slice(0, place)];
}

function isRunLock(name: string): boolean {
  return name === LOCK_FILE || PART_LOCK_FILE.test(name);
}

/** Locks a run folder and opens it. Releases the lock if opening fails; otherwise the caller releases it. */
export async function whileLocked<T>(
  folder: string,
  part: RunPart | undefined,
  open: (lock: RunLock) => Promise<T>,
): Promise<T> {
  const lock = await lockRun(folder, part);
  try {
    return await open(lock);
  } catch (error) {
    lock[Symbol.dispose]();
    throw error;
  }
}

type LockedFile = Disposable & Readonly<{ path: string; file: Deno.FsFile }>;

/** Whether the path of a lock file still leads to the same file. Always true on file systems without file numbers. */
function isStillThere({ path, file }: LockedFile): boolean {
  const [there, own] = [infoAt(path), file.statSync()];
  return there !== null && there.ino === own.ino && there.dev === own.dev;
}

/** Locks the description of a run, which all parts share. Waits for at most a minute. */
export async function lockDescription(folder: string): Promise<Disposable> {
  const locked = await lockFile(folder, LOG_LOCK_FILE, { exclusive: true, triesMax: LOG_LOCK_TRIES_MAX });
  try {
    locking(locked.path, () => writeHolder(locked.file, ownLine()));
  } catch (error) {
    locked[Symbol.dispose]();
    throw error;
  }
  return locked;
}

/**
 * Writes to a lock file.
 *
 * @throws {RunError} With the reason, if that fails.
 */
function locking<T>(path: string, write: () => T): T {
  try {
    return write();
  } catch (cause) {
    throw unusable("lock", path, cause);
  }
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
        const locked = file;
        return { path, file, [Symbol.dispose]: () => locked.close() };
      }
      await new Promise((resolve) => setTimeout(resolve, LOCK_RETRY_MS));
    }
  } catch (cause) {
    file?.close();
    throw unusable("lock", path, cause);
  }
  const holder = holderText(readHolder(file));
  file.close();
  throw new RunError(
    "in-use",
    `Cannot write to the run "${folder}": it is in use by ${holder}. ` +
      `Wait until it ends, stop it, or choose another folder for this run`,
  );
}

/**
 * The processes that write to a run, as texts such as `process 42 on host, since …`. Changes nothing in the folder.
 *
 * @returns An empty list if no process writes to the run, or the locks cannot be read.
 */
export function runHolders(folder: string): readonly string[] {
  const holders: string[] = [];
  if (!existsSync(folder) || kindAt(folder) !== "folder") return holders;
  for (const { name } of Deno.readDirSync(folder)) {
    if (!isRunLock(name)) continue;
    try {
      using file = Deno.openSync(join(folder, name));
      // A shared lock is refused while a writer has the exclusive one. Closing the file releases it.
      if (!file.tryLockSync(false)) holders.push(holderText(readHolder(file)));
    } catch (error) {
      if (!(error instanceof Deno.errors.PermissionDenied || isMissing(error))) throw error;
    }
  }
  return holders;
}

/** The lock files of parts with another `count`. Such parts overlap with the part of this process. */
function otherDivisions(folder: string, count: number): string[] {
  return [...Deno.readDirSync(folder)].map(({ name }) => name)
    .filter((name) => PART_LOCK_FILE.test(name) && Number(PART_LOCK_FILE.exec(name)![2]) !== count);
}
