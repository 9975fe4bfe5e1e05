/** Finds the runs that the viewer shows. */
import { existsSync, readdirSync, statSync } from "node:fs";
import { folderRun } from "../../adapters/stores/mod.ts";
import { ViewedRun } from "../../adapters/viewer/server/viewed_run.ts";
import { systemClock } from "../../adapters/system.ts";
import { RunError } from "../../core/run_log/mod.ts";
import { runNames } from "../shared/logs.ts";

/** While a run is being made, its folder lacks files. */
const ATTEMPTS_MAX = 5;
const ATTEMPT_MS = 200;

/**
 * Finds runs. A run whose folder is missing or empty is shown as soon as it exists.
 *
 * @throws {UsageError} When the user names a run twice.
 * @throws {RunError} When something else is at the place of a run, or its description is damaged.
 */
export async function findRuns(folders: readonly string[]): Promise<readonly ViewedRun[]> {
  const names = runNames(folders);
  const runs = folders.map((folder, index) => new ViewedRun(names[index]!, folderRun(folder)));
  for (const { home } of runs) {
    for (let attempt = 1; !isEmpty(home.place); attempt++) {
      try {
        await home.read();
        break;
      } catch (error) {
        if (!(error instanceof RunError) || attempt === ATTEMPTS_MAX) throw error;
        await systemClock.sleep(ATTEMPT_MS);
      }
    }
  }
  return runs;
}

function isEmpty(folder: string): boolean {
  return !existsSync(folder) || statSync(folder).isDirectory() && readdirSync(folder).length === 0;
}
