/**
 * Experiments on this machine: read from its disk, run with its models, kept in its folders.
 *
 * @module
 */
export { type AnnotateOptions, annotateRun, type ReparsedDiscussion, reparseRun } from "./annotate_run.ts";
export { type CodeAccess, type CodeFile, type OwnExtensions } from "./load_extensions.ts";
export { type OpenDiscussion, openDiscussion } from "./open_discussion.ts";
export {
  type AnnotationLoading,
  loadAnnotation,
  type LoadedAnnotation,
  type LoadedExperiment,
  type LoadedFile,
  loadExperiment,
  readExperiment,
  type TextSource,
} from "./load_experiment.ts";
export { type ExperimentOutcome, type ExperimentRunOptions, runExperiment } from "./run_experiment.ts";
export { LOG_LEVELS, type LogLevel, type LogLine, type OperationsLogOptions } from "./operations_log.ts";
export type { WatchOptions } from "./run_watch.ts";
