/**
 * Runs experiments on this machine: reads them from its disk, runs them, and writes run folders.
 *
 * @module
 */
export { type AnnotateOptions, annotateRun, type ReparsedDiscussion, reparseRun } from "./annotate_run.ts";
export { type CodeAccess, type CodeFile } from "./code_access.ts";
export { type OwnExtensions } from "./load_extensions.ts";
export { type OpenDiscussion, openDiscussion } from "./open_discussion.ts";
export {
  type AnnotationLoading,
  loadAnnotation,
  type LoadedAnnotation,
  type LoadedExperiment,
  type LoadedFile,
  type LoadedModels,
  loadExperiment,
  readExperiment,
  type TextSource,
} from "./load_experiment.ts";
export {
  type ExperimentOutcome,
  type ExperimentRunOptions,
  type PreparedRun,
  prepareRun,
  runExperiment,
  RUNS_FOLDER,
} from "./run_experiment.ts";
export { embedRun, type EmbedRunOptions } from "./embed_run.ts";
export { annotateTogether, type AnnotateTogetherOptions } from "./annotate_together.ts";
export type { LimitSharing } from "./shared_runs.ts";
export { type WorkerOptions, type WorkerOutcome, workOnRun } from "./worker.ts";
export { LOG_LEVELS, type LogLevel, type LogLine, type OperationsLogOptions } from "./operations_log.ts";
export type { PeopleOptions } from "./run_people.ts";
export type { WatchOptions } from "./run_watch.ts";
