/**
 * Facts from the logs of a run. All of them are collected in one pass over the logs.
 *
 * @module
 */
export {
  type Annotation,
  type End,
  type Entry,
  type Failure,
  isCut,
  isMissing,
  type LoggedEvent,
  readEvent,
  type Recorded,
  type Said,
  wasAsked,
  type Withheld,
} from "./entries.ts";
export {
  type DiscussionSlots,
  evolve,
  initialState,
  type LogCollector,
  type Pass,
  type ReadLog,
  readSlots,
  result,
  type Slot,
  slotsOf,
  type SlotsState,
} from "./slots.ts";
export { addAll, addCounts, type Appendable, limitOf, OrderedSum, type TallyOptions } from "./appendable.ts";
export {
  type BranchFacts,
  type ConditionDesign,
  type CountedDesigns,
  type DesignFacts,
  DesignTally,
  type ImportFacts,
  type ModelUse,
  type PassDesign,
  type RoleUse,
} from "./designs.ts";
export { type CountedValues, type DistinctValues, entryOf, type Occurrence, type Use } from "./distinct.ts";
export {
  type CountedExecution,
  type Ends,
  type ExecutionFacts,
  ExecutionTally,
  type JudgementFacts,
  type ReplyFacts,
  type RequestFacts,
} from "./execution.ts";
export { isPerson, type PeoplesPart, peoplesPart } from "./peoples_part.ts";
export {
  type CountedWords,
  type PeopleWords,
  PeopleWordsTally,
  type UnreadableTexts,
} from "./people_words.ts";
export {
  type CountedSilence,
  SilenceTally,
  type SilentSpeakers,
  type SpeakerGroup,
  type Spoken,
} from "./silent_speakers.ts";
export {
  countReply,
  plainCounts,
  repliesOf,
  type Reply,
  type ReplyCounts,
  replyWarnings,
} from "./replies.ts";
export {
  type ConditionStatus,
  type LogStatus,
  logStatus,
  type ModelStatus,
  NO_TURNS,
  type PassStatus,
  type PriceLookUp,
} from "./log_status.ts";
export { costsOf, type CountedStatus, type DamagedLog, type LogsStatus, StatusTally } from "./status.ts";
