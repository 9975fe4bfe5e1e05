/**
 * The default store: run folders, and streams of events in files. `verify_log.ts` is not exported here: it loads the
 * schemas of all events, and only the command `verify` needs them.
 *
 * @module
 */
export { JsonlEventStore, type JsonlEventStoreOptions } from "./jsonl_event_store.ts";
export { type TornTail } from "./open_streams.ts";
export { folderRun } from "./folder_run.ts";
export { copyOfCode, copyOfInput } from "./code_copies.ts";
export { type CopiedCounts, type CopyOptions, copyRun } from "./copy_run.ts";
export { scratchIn } from "./import_folder.ts";
export { codeCopy } from "./run_files.ts";
export type { FolderRunOptions } from "./run_folder.ts";
export { isAddress } from "./address.ts";
export { ARCHIVE_ENDING, isArchivePath } from "./archive_path.ts";
export { runAt } from "./run_at.ts";
export { folderOfRun, nameOfRun, operationsLogFile, readRun } from "./places.ts";
export {
  experimentFileAt,
  type FileOfRun,
  fileOfRun,
  lineFileOf,
  type LogFile,
  openLogFile,
  runThatOwns,
} from "./run_paths.ts";
export { type Shards } from "./stream_files.ts";
export { type FolderTrial, STREAMS_TOGETHER, tryFolder } from "./try_folder.ts";
