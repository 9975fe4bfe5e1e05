/**
 * Experiments: the schema of the experiment file, its validation, and its expansion into discussions.
 *
 * @module
 */
export { conditionLabels } from "./conditions.ts";
export {
  ANALYSIS_DEFAULT,
  type AnalysisDesign,
  COMMENT_MODELS,
  type CommentModel,
  CORRECTIONS,
  DISCUSSION_METRICS,
  type DiscussionMetric,
  EFFECT_TESTS,
  type KnownScale,
  SILENCES,
  TEXT_METRICS,
  type TextMetric,
  TIME,
  TIMES,
  WHOSE_COMMENTS,
  type WhoseComments,
} from "./analysis_design.ts";
export { type ModeratorCalls, moderatorCalls } from "./moderator_calls.ts";
export { discussionId, type DiscussionKey, pastsOf, type Plan, planDiscussions, slugOf } from "./plan.ts";
export { readDocument, type SourceDocument } from "./document.ts";
export type {
  AnnotationSetup,
  Condition,
  DiscussionSettings,
  Experiment,
  Factor,
  KnownItem,
  Level,
  ModelLimits,
  ModelSetup,
  Opening,
  PeopleSetup,
  PeopleText,
  Persona,
  Prices,
  RatingSettings,
  Role,
  SourceFile,
} from "./experiment.ts";
export { type ExtensionPath, extensionPathsOf } from "./extension_paths.ts";
export { builtInExtensions, type Extensions, type ModelFinding, type ModelProvider } from "./extensions.ts";
export {
  type ExperimentDocument,
  experimentDocument,
  experimentFingerprint,
  type ResolvedDesign,
  resolvedDesign,
} from "./fingerprint.ts";
export {
  analysisByLabel,
  byLabel,
  type FactorLabels,
  factorLabels,
  labelOf,
  mergedLabels,
  nameOfFactor,
  pathsByLabel,
} from "./factor_labels.ts";
export { type DrawName, DRAWS, type Matched } from "./matched.ts";
export { DEFAULT_TEXTS } from "./default_texts.ts";
export { experimentJsonSchema } from "./schema.ts";
export { costOf, modelKey, placeKey, queueKey, type ReachedSpec, specKey } from "./model_keys.ts";
export {
  type Analysable,
  type DeclaredRules,
  parseAnalysis,
  type ParseAnalysisOptions,
  parseAnnotation,
  type ParseAnnotationOptions,
  parseDeclaration,
  parseModels,
} from "./section_files.ts";
export { parseExperiment, type ParseOptions } from "./parse.ts";
export { ExperimentError, formatProblem, type Path, type Place, type Problem } from "./problems.ts";
