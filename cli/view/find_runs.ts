/** Finds the runs that the viewer shows. */
import { existsSync, readdirSync, statSync } from "node:fs";
import { isAddress, runAt } from "../../adapters/stores/mod.ts";
import { ViewedRun } from "../../adapters/viewer/server/viewed_run.ts";
import { systemClock } from "../../adapters/system.ts";
import { RunError } from "../../core/run_log/mod.ts";
import { runNames } from "../shared/logs.ts";

/**
 * A folder is read at most this many times until a run is found in it. A run that is just being made does not have all
 * of its files yet.
 */
const ATTEMPTS_MAX = 5;
const ATTEMPT_MS = 200;

/**
 * Finds runs. A run that does not exist yet is shown as soon as it exists.
 *
 * @throws {UsageError} When the user names a run twice.
 * @throws {RunError} When something else is at the place of a run, or its description is damaged.
 */
export async function findRuns(places: readonly string[]): Promise<readonly ViewedRun[]> {
  const names = runNames(places);
  const runs: ViewedRun[] = [];
  for (const [index, place] of places.entries()) {
    const home = await runAt(place);
    runs.push(new ViewedRun(names[index]!, home));
    for (let attempt = 1; !isEmpty(place); attempt++) {
      try {
        await home.read();
        break;
      } catch (error) {
        if (!(error instanceof RunError)) throw error;
        // The run does not exist in the database yet. It is listed, and shown when it exists.
        if (isAddress(place) && error.kind === "not-a-run") break;
        if (attempt === ATTEMPTS_MAX) throw error;
        await systemClock.sleep(ATTEMPT_MS);
      }
    }
  }
  return runs;
}

function isEmpty(place: string): boolean {
  if (isAddress(place)) return false;
  return !existsSync(place) || statSync(place).isDirectory() && readdirSync(place).length === 0;
}
