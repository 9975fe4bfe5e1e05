/** Opens the logs in a run's folder for reading, without the description of the run. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { EventStore } from "../../core/ports/mod.ts";
import { RunError } from "../../core/run_log/mod.ts";
import { JsonlEventStore } from "./jsonl_event_store.ts";
import { folderPersonKeys } from "./person_keys.ts";
import { RUN_FILES } from "./run_files.ts";
import type { Shards } from "./stream_files.ts";

/** The logs in a run's folder, for reading. Touches no file yet. */
export function folderLogs(path: string, shards: Shards): EventStore {
  return new JsonlEventStore(join(path, RUN_FILES.discussions), {
    shards,
    durable: false,
    keys: folderPersonKeys(path),
  });
}

/**
 * Opens the logs of a run whose description is known, for reading.
 *
 * @param path The run's folder.
 * @param shards As the manifest says.
 * @throws {RunError} When the folder has no logs.
 */
export function openFolderLogs(path: string, shards: Shards): EventStore {
  if (existsSync(join(path, RUN_FILES.discussions))) return folderLogs(path, shards);
  throw new RunError(
    "not-a-run",
    `Cannot read the logs of the run "${path}": its folder "${RUN_FILES.discussions}" is missing. ` +
      "If the run was moved, give its new place",
  );
}
