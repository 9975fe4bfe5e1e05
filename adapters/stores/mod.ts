/**
 * The default store: run folders, and streams of events in files. `verify_log.ts` is not exported here, because it loads the
 * schemas of all events, and only `verify` needs these.
 *
 * @module
 */
export { JsonlEventStore, type JsonlEventStoreOptions } from "./jsonl_event_store.ts";
export { type TornTail } from "./open_streams.ts";
export { folderRun } from "./folder_run.ts";
export { firstLineOf } from "./lines.ts";
export { openImportFolder, scratchIn, WholeStreams } from "./import_folder.ts";
export { inputPath, isRunsOwn, operationsLogFile, operationsLogFiles, RUN_FILES } from "./run_files.ts";
export {
  type FolderRunOptions,
  openHeldRun,
  openRunFolder,
  readRunFolder,
  type RunFolder,
  type RunFolderOptions,
  type RunReader,
  writeRunFile,
} from "./run_folder.ts";
export { runHolders } from "./run_lock.ts";
export { type Shards } from "./stream_files.ts";
