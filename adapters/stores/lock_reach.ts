/** Finds out whether the locks of a run's folder reach other machines that write to the run. */
import { join } from "node:path";
import { RunError } from "../../core/run_log/mod.ts";
import { isMissing } from "../path_info.ts";
import { BEAT_MS, beatFile, beatingHost, holderText, readHolder } from "./lock_holder.ts";
import { hostName } from "../system.ts";

/**
 * If the count of a holder on another machine has not changed for this long, in milliseconds, the holder is dead. The
 * time is longer than the time between two counts, because network file systems show changes with a delay.
 */
const SILENT_MS_MAX = 5 * BEAT_MS;
const LOOK_MS = 500;

/** A lock file that names a process on another machine, although this machine can take the lock. */
type Suspect = Readonly<{ path: string; text: string; isOwn: boolean }>;

/** The lock files in a run's folder. */
export type LockFiles = Readonly<{
  /** Those that this process has locked exclusively. */
  own: readonly string[];
  /** The others, in the order in which they are looked at. */
  others: readonly string[];
}>;

/** Looks for processes on other machines that write to the run, although this process has its locks. */
export class LockReach {
  readonly #folder: string;
  readonly #silentMsMax: number;
  readonly #dead = new Set<string>();

  /** @param silentMsMax If a holder's count has not changed for this long, in milliseconds, the holder is dead. */
  constructor(folder: string, silentMsMax = SILENT_MS_MAX) {
    this.#folder = folder;
    this.#silentMsMax = silentMsMax;
  }

  /**
   * Checks that no process on another machine holds one of these files. If files name such processes, waits until one
   * of the processes raises its count, or until none of them has done so for some time.
   *
   * @throws {RunError} If a process on another machine lives, and its lock does not reach this machine.
   */
  async check(files: LockFiles): Promise<void> {
    const suspects = this.#suspects(files);
    for (let waitedMs = 0; suspects.length > 0 && waitedMs < this.#silentMsMax; waitedMs += LOOK_MS) {
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
      for (const { path, text, isOwn } of suspects) {
        const now = textAt(beatFile(path));
        if (now === text || now === "") continue;
        if (!isOwn && isLocked(path)) return;
        throw this.#unreached(now);
      }
    }
    for (const { text } of suspects) this.#dead.add(text);
  }

  #suspects({ own, others }: LockFiles): Suspect[] {
    const here = hostName();
    const suspects: Suspect[] = [];
    const isSuspect = (text: string) => {
      const host = beatingHost(text);
      return host !== null && host !== here && !this.#dead.has(text);
    };
    if (here === null) return suspects;
    for (const name of others) {
      const path = join(this.#folder, name);
      const text = textAt(beatFile(path));
      if (!isSuspect(text)) continue;
      // If this machine cannot take a lock of another machine, locks reach other machines.
      if (isLocked(path)) return [];
      suspects.push({ path, text, isOwn: false });
    }
    for (const name of own) {
      const path = join(this.#folder, name);
      const text = textAt(beatFile(path));
      if (isSuspect(text)) suspects.push({ path, text, isOwn: true });
    }
    return suspects;
  }

  #unreached(text: string): RunError {
    return new RunError(
      "unusable",
      `Cannot write to the run "${this.#folder}": ${
        holderText(text)
      } has it in use, but its lock does not reach this ` +
        `machine. The file system does not share locks between machines. Mount it so that it does (NFS without nolock and ` +
        `local_lock, Lustre with flock), choose a folder on another disk, or run on one machine only`,
    );
  }
}

/** The text in a file; empty if there is none, or it cannot be read. */
function textAt(path: string): string {
  try {
    using file = Deno.openSync(path);
    return readHolder(file);
  } catch {
    return "";
  }
}

/** Whether another process has the lock. A lock file that was deleted is not locked. */
function isLocked(path: string): boolean {
  try {
    using file = Deno.openSync(path);
    return !file.tryLockSync(false);
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}
