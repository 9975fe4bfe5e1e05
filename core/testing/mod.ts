/**
 * Designs, events, rules and environments in memory that several tests use. Random designs are in the
 * separate file `arbitraries.ts`, because many tests and benchmarks do not need fast-check.
 *
 * @module
 */
export { designWith, moderatorWith, participantsNamed, TEST_MODEL } from "./designs.ts";
export { type Answer, environmentWith, eventsOf, modelThat, plainAnswer } from "./environments.ts";
export {
  abstained,
  generationFailed,
  intervened,
  interventionPosted,
  seedPosted,
  turnPassed,
  turnTaken,
} from "./events.ts";
export { failingStore, linesOf, storeHolding } from "./sample_stream.ts";
export {
  annotationAfter,
  INSULT,
  judgingAnswer,
  judgingEnvironment,
  passWith,
  type PlayedPass,
  playPass,
  TOXICITY,
} from "./passes.ts";
export { given, play, type Played, rulesWith, saying, stateAfter } from "./play.ts";
export { type RecordingClock, recordingClock, type VirtualClock, virtualClock } from "./clocks.ts";
export { moderationView, turnView } from "./views.ts";
export {
  assertHeld,
  designsOf,
  held,
  slowAnswer,
  toItsEnd,
  undisturbed,
  type WatchedRun,
  watchedRun,
} from "./runs.ts";
