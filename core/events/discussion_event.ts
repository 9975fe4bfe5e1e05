/** The union of all event types, and their versions. */
import type { DiscussionAborted } from "./discussion_aborted.ts";
import type { DiscussionCompleted } from "./discussion_completed.ts";
import type { DiscussionOpened } from "./discussion_opened.ts";
import type { GenerationFailed } from "./generation_failed.ts";
import type { ModeratorAbstained } from "./moderator_abstained.ts";
import type { ModeratorIntervened } from "./moderator_intervened.ts";
import type { SeedCommentPosted } from "./seed_comment_posted.ts";
import type { TurnPassed } from "./turn_passed.ts";
import type { TurnTaken } from "./turn_taken.ts";

/** Everything that can happen in a discussion. */
export type DiscussionEvent =
  | DiscussionOpened
  | SeedCommentPosted
  | TurnTaken
  | TurnPassed
  | ModeratorIntervened
  | ModeratorAbstained
  | GenerationFailed
  | DiscussionCompleted
  | DiscussionAborted;

/** The current schema version of each event type; an event type that is not named here does not exist. */
export const EVENT_VERSIONS: Readonly<Record<DiscussionEvent["type"], number>> = {
  DiscussionOpened: 1,
  SeedCommentPosted: 1,
  TurnTaken: 1,
  TurnPassed: 1,
  ModeratorIntervened: 1,
  ModeratorAbstained: 1,
  GenerationFailed: 1,
  DiscussionCompleted: 1,
  DiscussionAborted: 1,
};
