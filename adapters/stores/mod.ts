/**
 * The default store: run folders, and streams of events in files. `verify_log.ts` is not exported here, because it loads the
 * schemas of all events, and only `verify` needs these.
 *
 * @module
 */
export { JsonlEventStore, type JsonlEventStoreOptions } from "./jsonl_event_store.ts";
export { type TornTail } from "./open_streams.ts";
export { firstLineOf } from "./lines.ts";
export {
  type ImportDescription,
  type ImportFolder,
  openImportFolder,
  WholeStreams,
} from "./import_folder.ts";
export { inputPath, isRunsOwn, logFileOf, RUN_FILES, type RunInputs } from "./run_files.ts";
export {
  openHeldRun,
  openRunFolder,
  readRunFolder,
  type RunDescription,
  type RunFolder,
  type RunFolderOptions,
  type RunReader,
  writeRunFile,
} from "./run_folder.ts";
export { RunFolderError, type RunFolderErrorKind } from "./store_errors.ts";
export { runHolders, type RunPart } from "./run_lock.ts";
export type { Reaching, Recorded } from "./run_description.ts";
export { type RunLogState } from "./run_log.ts";
export { platformVersions, type RunManifest } from "./run_manifest.ts";
export { type Shards } from "./stream_files.ts";
