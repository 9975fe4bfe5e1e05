/**
 * People as models: the adapter, the desk with the open questions, and the pages on which people answer.
 *
 * @module
 */
export { HUMAN, humanAdapter } from "./human_adapter.ts";
export { Desk, type DeskOptions } from "./desk.ts";
export { type Changes } from "./changes.ts";
export {
  type IsPerson,
  type Person,
  type PersonLink,
  personOf,
  type Rater,
  ratersOf,
  type Seat,
  seatsOf,
} from "./persons.ts";
export { type RaterProgress } from "./rater_progress.ts";
export {
  type AnswerFate,
  type DeskNotice,
  type DeskQuestion,
  type PersonAnswer,
  type SeatEnd,
} from "./question.ts";
