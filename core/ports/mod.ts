/**
 * The ports: interfaces for everything that the engine needs from outside. Most have an implementation in memory.
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
} from "../answer_form.ts";
export {
  type AnswerObject,
  answerText,
  choiceProblem,
  type ReadAnswer,
  readAnswer,
  valueOfLabel,
} from "./read_answer.ts";
export { type Clock, fixedClock } from "./clock.ts";
export {
  checkLines,
  ClaimLost,
  type EventStore,
  followByReading,
  type FollowOptions,
  memoryEventStore,
  readingAhead,
  StoreError,
  StreamConflict,
  type StreamSize,
} from "./event_store.ts";
export {
  type AdapterContext,
  type AdapterOptions,
  type AskPerson,
  type Message,
  type Model,
  type ModelAdapter,
  ModelError,
  type ModelFacts,
  type ModelReply,
  type ModelRequest,
  type Models,
  type OptionProblem,
  type PersonTerms,
  requestedForm,
  type RequestOrigin,
} from "./model.ts";
export { DIMENSION_MAX, directionOf, type Embedded, vectorProblem, vectorsProblem } from "./embedding.ts";
export {
  type AnnotationSituation,
  type SeenComment,
  type Situation,
  type SpeakerSituation,
} from "./situation.ts";
export { LOGS_PER_EVENT_MAX, type Recording, recordingEnds, RecordingStore } from "./recording_store.ts";
export {
  type Learned,
  type LimitBoard,
  type LimitKind,
  type LimitReport,
  type PauseCause,
  type PauseReport,
  SHARE_MS,
  type SharedPause,
  SILENT_MS,
  type WorkerReport,
  type WorkerShare,
} from "./limit_board.ts";
export { memoryPersonKeys, PERSON_KEY_BYTES, type PersonKey, type PersonKeys } from "./person_keys.ts";
export { memorySources, type PastSource, type SourceReader } from "./source_reader.ts";
export {
  type ChosenFiles,
  type CopiedDiscussion,
  DESCRIPTION_FILES,
  inputName,
  INPUTS_FOLDER,
  isCopiedFile,
  type RunCopy,
  type RunFile,
} from "./run_copy.ts";
export {
  type ImportDescription,
  type ImportWriter,
  type PausedModel,
  type Reaching,
  type Recorded,
  type RunDescription,
  type RunHome,
  type RunInputs,
  type RunJoining,
  type RunOpening,
  type RunPart,
  type RunReader,
  type RunWriter,
  type SharedRun,
} from "./run.ts";
export type { Job, JobCounts, NewJob, Taking, WorkQueue } from "./work_queue.ts";
export { type MemoryWorkQueues, memoryWorkQueues } from "./memory_work_queue.ts";
export { checkTextName, isAnnotationText, isTextName, RUN_TEXTS } from "./run_texts.ts";
