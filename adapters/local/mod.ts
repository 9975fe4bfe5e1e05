/**
 * Experiments on this machine: read from its disk, run with its models, kept in its folders.
 *
 * @module
 */
export { type AnnotateOptions, annotateRun } from "./annotate_run.ts";
export type { CodeAccess, CodeFile } from "./code_access.ts";
export { type HeldDiscussion, holdDiscussion } from "./hold_discussion.ts";
export { type AnnotationLoading, loadAnnotation, type LoadedAnnotation } from "./load_annotation.ts";
export { type LoadedExperiment, loadExperiment, readExperiment } from "./load_experiment.ts";
export type { OwnExtensions } from "./load_extensions.ts";
export {
  type ModelMakers,
  type ModelWatch,
  type OpenableModel,
  type OpenModels,
  openModels,
} from "./open_models.ts";
export {
  defaultRunFolder,
  type ExperimentOutcome,
  type ExperimentRunOptions,
  runExperiment,
} from "./run_experiment.ts";
export { type ReparsedDiscussion, reparseRun } from "./reparse_run.ts";
export { LOG_LEVELS, type LogLevel, type LogLine, type RunLogOptions } from "./run_log.ts";
export type { WatchOptions } from "./run_watch.ts";
