/**
 * Imports discussions, annotations and scores from files into run folders.
 *
 * @module
 */
export { type AnnotationsOptions, type AnnotationsOutcome, importAnnotations } from "./import_annotations.ts";
export { importDiscussions, type ImportOptions, type ImportOutcome } from "./import_discussions.ts";
export { ImportStopped, placeOf, type ProblemOptions } from "./import_problems.ts";
export { importScores, type ScoresOptions, type ScoresOutcome } from "./import_scores.ts";
export { type ImportCounts } from "./import_target.ts";
export { recoverFromFiles, type RecoverOptions, type RecoverOutcome } from "./recover_experiment.ts";
export { type DiscussionFormat } from "./source_files.ts";
