/**
 * The ports: what the engine needs from the world, each with an implementation that needs none of it.
 *
 * @module
 */
export {
  ANSWER_LENGTH_MAX,
  type AnswerForm,
  type AnswerProperty,
  ANSWERS_MAX,
  type AnswerSchema,
  type Choice,
  formProblem,
  labelsOf,
  PROPERTIES_MAX,
  STRING_LENGTH_MAX,
} from "./answer_form.ts";
export { choiceProblem } from "./choice_problem.ts";
export { type Clock, fixedClock } from "./clock.ts";
export { type EventStore, type StoredLine, StoreError, StreamConflict } from "./event_store.ts";
export { memoryEventStore } from "./memory_event_store.ts";
export {
  FINISH_REASONS,
  type FinishReason,
  type Message,
  type Model,
  MODEL_ERROR_KINDS,
  ModelError,
  type ModelErrorKind,
  type ModelReply,
  type ModelRequest,
  type Models,
  type RequestOrigin,
  type Sampling,
  type TokenUsage,
} from "./model.ts";
export type { AdapterContext, AdapterOptions, ModelAdapter, OptionProblem } from "./model_adapter.ts";
export {
  type AnswerObject,
  answerText,
  labelOf,
  type ReadAnswer,
  readAnswer,
  valueOfLabel,
} from "./read_answer.ts";
export { requestedForm } from "./requested_form.ts";
export { portableSha256, type Sha256 } from "./sha256.ts";
export { memorySources, type SourceReader } from "./source_reader.ts";
