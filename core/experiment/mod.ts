/**
 * Experiments: the file's schema, its validation with every problem at once, and its expansion into discussions.
 *
 * @module
 */
export {
  ANALYSIS_DEFAULT,
  type AnalysisDesign,
  DISCUSSION_METRICS,
  type DiscussionMetric,
  TIME,
} from "./analysis_design.ts";
export { discussionId, type DiscussionKey, slugOf } from "./discussion_id.ts";
export type {
  AnnotationSetup,
  Condition,
  DiscussionSettings,
  Experiment,
  Factor,
  Level,
  ModelSetup,
  Opening,
  Persona,
  Role,
  SourceFile,
} from "./experiment.ts";
export { type ExtensionPath, extensionPathsOf } from "./extension_paths.ts";
export { builtInExtensions, type Extensions, type ModelFinding } from "./extensions.ts";
export { type ExperimentDocument, experimentDocument, experimentFingerprint } from "./fingerprint.ts";
export { experimentJsonSchema } from "./json_schema.ts";
export { modelKey, placeKey, queueKey, type ReachedSpec, specKey } from "./model_setup.ts";
export type { KnownScale } from "./outcome_name.ts";
export { type Analysable, parseAnalysis, type ParseAnalysisOptions } from "./parse_analysis.ts";
export { parseAnnotation, type ParseAnnotationOptions } from "./parse_annotation.ts";
export { type DeclaredRules, parseDeclaration } from "./parse_declaration.ts";
export { parseExperiment, type ParseOptions } from "./parse.ts";
export { type Plan, planDiscussions } from "./plan.ts";
export { costOf, type ModelLimits, type Prices } from "./service_schema.ts";
export { ExperimentError, formatProblem, type Path, type Problem } from "./problems.ts";
export { type ResolvedDesign, resolvedDesign } from "./resolved_design.ts";
