/** What lies in a run folder beside the logs: none of it may disappear while a process writes to the run. */
import { statSync } from "node:fs";
import { join } from "node:path";
import { StoreError } from "../../core/ports/mod.ts";
import { PUT_BACK } from "./held_logs.ts";
import { logFileOf, RUN_FILES } from "./run_files.ts";
import type { RunLock, RunPart } from "./run_lock.ts";

/** Watches over the entries of a run folder. */
export class RunEntries {
  readonly #folder: string;
  readonly #lock: RunLock;
  readonly #names: readonly string[];
  /** What was there when it was last looked for, and whether it is a folder. */
  readonly #seen = new Map<string, boolean>();

  /**
   * Notes what there is.
   *
   * @param folder The run folder.
   * @param lock The lock that is held on it.
   * @param part The part of the run that is written: it has an operations log of its own.
   */
  constructor(folder: string, lock: RunLock, part: RunPart | undefined) {
    this.#folder = folder;
    this.#lock = lock;
    const { manifest, runLog, experiment, inputs, discussions, annotations, prices } = RUN_FILES;
    this.#names = [discussions, manifest, runLog, experiment, inputs, annotations, prices, logFileOf(part)];
    this.check();
  }

  /**
   * Looks whether everything is still there.
   *
   * @throws {StoreError} When something has been deleted, moved or replaced.
   */
  check(): void {
    if (kindOf(this.#folder) !== "folder") throw this.#lost(this.#folder, "all that was written to the run");
    for (const name of this.#names) this.#checkEntry(name);
    const lock = this.#lock.lost();
    if (lock !== null) {
      throw this.#lost(lock, "the run, since another process can now write to it at the same time,");
    }
  }

  #checkEntry(name: string): void {
    const path = join(this.#folder, name);
    const kind = kindOf(path);
    const before = this.#seen.get(name);
    if (kind !== null && (before === undefined || before === (kind === "folder"))) {
      this.#seen.set(name, kind === "folder");
    } else if (before !== undefined) {
      throw this.#lost(path, name === RUN_FILES.discussions ? "every discussion of the run" : "what it held");
    }
  }

  #lost(path: string, endangered: string): StoreError {
    return new StoreError(
      `Cannot go on with the run "${this.#folder}": "${path}" was deleted, moved or replaced while the run was in ` +
        `use; ${endangered} may be lost. ${PUT_BACK}`,
    );
  }
}

function kindOf(path: string): "file" | "folder" | null {
  const info = statSync(path, { throwIfNoEntry: false });
  if (info === undefined) return null;
  return info.isDirectory() ? "folder" : "file";
}
