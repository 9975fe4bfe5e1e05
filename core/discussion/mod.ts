/**
 * The discussion: its state, its next step, its prompts, and the reading of replies.
 *
 * @module
 */
export {
  answered,
  type AskStep,
  BrokenRule,
  decide,
  dueIntervention,
  failed,
  leavingOut,
  promptHash,
  type Rules,
  type Step,
} from "./decide.ts";
export {
  type CleaningOptions,
  type CleanReply,
  cleanReply,
  type RawReply,
  READING_VERSION,
  readUtterance,
  type Utterance,
} from "./reading.ts";
export { HUMAN_ADAPTER, IMPORTED_MODEL, IMPORTED_RULE, UNKNOWN_MODEL } from "../events/discussion_design.ts";
export { type Past, pastOf, upToTurn } from "./past.ts";
export { moderatorPrompt, participantPrompt, PROMPT_VERSION, templatesOf } from "./prompt.ts";
export { situationOf } from "./situation.ts";
export {
  type Comment,
  type DiscussionState,
  type Ending,
  evolve,
  initialState,
  type OpenState,
  withoutWords,
} from "./state.ts";
