/**
 * Rating by people: the order in which each rater sees the comments, the answers, and the checks among the
 * comments.
 *
 * @module
 */
export { type BlindComment, type BlindQuestion } from "./blind_item.ts";
export { type AskedScale, QUIZ_ATTEMPTS_MAX, type RatingProgress, RatingRefused } from "./rater.ts";
export { type CheckResults, checkResults, type ScaleChecks } from "./rating_checks.ts";
export { type BlindItem, RatingDesk, type RatingDeskOptions, type RatingGuide } from "./rating_desk.ts";
export {
  CORRECTABLE_MAX,
  finalRatings,
  type RatingAnswers,
  type RatingState,
  readRatingLog,
} from "./rating_log.ts";
export { openedRatingLog, RaterWithdrew, type RatingLogOwner } from "./sealed_log.ts";
export { type StoredRatings, storedRatings } from "./stored_ratings.ts";
export {
  drawRatingOrder,
  KNOWN_EVERY,
  type NumberedItem,
  type RatableDiscussion,
  type RatingChecks,
  type RatingDraw,
  type RatingItem,
  REPEAT_GAP_MIN,
} from "./rating_order.ts";
