/** Records in a run's log that results were seen. */
import { hasLook, type ResultsViewed, RunError, type RunLog } from "../../core/run_log/mod.ts";
import { storedManifest } from "./run_description.ts";
import { lockDescription } from "./run_lock.ts";
import { addToRunLog, readRunLog, renewManifest } from "./run_log.ts";
import { RUN_FILES } from "./run_files.ts";
import { RunLogFile } from "./run_log_file.ts";

/**
 * Records a look at results, if the run's log does not have it yet. This also works while another process writes to the
 * run. A run without a log records nothing.
 *
 * @param nowMs Now, in milliseconds since 1970.
 * @throws {RunError} When the run's log is damaged or missing, or cannot be read or written.
 */
export async function recordLook(folder: string, look: ResultsViewed["data"], nowMs: number): Promise<void> {
  if (logWithout(folder, look) === null) return;
  using _alone = await lockDescription(folder);
  // Another process may have written to the log before this one had the lock.
  if (logWithout(folder, look) === null) return;
  const event = { type: "ResultsViewed", data: look } as const;
  await renewManifest(folder, await addToRunLog(new RunLogFile(folder), { event, nowMs }));
}

/** The log of a run; `null` if the run has no log, or the log has the look already. */
function logWithout(folder: string, look: ResultsViewed["data"]): RunLog | null {
  const state = readRunLog(folder, storedManifest(folder));
  if (state.kind === "broken") {
    throw new RunError("unusable", `${state.message}. Restore "${RUN_FILES.runLog}" from a copy`);
  }
  return state.kind === "kept" && !hasLook(state.log, look) ? state.log : null;
}
