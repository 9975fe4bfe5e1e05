/** The union of all event types, and their versions. */
import type { AnnotationFailed } from "./annotation_failed.ts";
import type { AnnotationPassCompleted } from "./annotation_pass_completed.ts";
import type { AnnotationPassStarted } from "./annotation_pass_started.ts";
import type { AnnotationUnparsed } from "./annotation_unparsed.ts";
import type { CommentAnnotated } from "./comment_annotated.ts";
import type { DiscussionAborted } from "./discussion_aborted.ts";
import type { DiscussionCompleted } from "./discussion_completed.ts";
import type { DiscussionOpened } from "./discussion_opened.ts";
import type { GenerationFailed } from "./generation_failed.ts";
import type { ModeratorAbstained } from "./moderator_abstained.ts";
import type { ModeratorIntervened } from "./moderator_intervened.ts";
import type { SeedCommentPosted } from "./seed_comment_posted.ts";
import type { SilenceAnnotated } from "./silence_annotated.ts";
import type { TurnPassed } from "./turn_passed.ts";
import type { TurnTaken } from "./turn_taken.ts";

/** What happens to a discussion after its end: its comments are judged. */
export type AnnotationEvent =
  | AnnotationPassStarted
  | CommentAnnotated
  | SilenceAnnotated
  | AnnotationUnparsed
  | AnnotationFailed
  | AnnotationPassCompleted;

/** Everything that can happen in and to a discussion. */
export type DiscussionEvent =
  | DiscussionOpened
  | SeedCommentPosted
  | TurnTaken
  | TurnPassed
  | ModeratorIntervened
  | ModeratorAbstained
  | GenerationFailed
  | DiscussionCompleted
  | DiscussionAborted
  | AnnotationEvent;

const ANNOTATION_TYPES: ReadonlySet<string> = new Set<AnnotationEvent["type"]>([
  "AnnotationPassStarted",
  "CommentAnnotated",
  "SilenceAnnotated",
  "AnnotationUnparsed",
  "AnnotationFailed",
  "AnnotationPassCompleted",
]);

/** Whether an event is about what was said, not part of the discussion itself. */
export function isAnnotationEvent(event: DiscussionEvent): event is AnnotationEvent {
  return ANNOTATION_TYPES.has(event.type);
}

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
  AnnotationPassStarted: 1,
  CommentAnnotated: 1,
  SilenceAnnotated: 1,
  AnnotationUnparsed: 1,
  AnnotationFailed: 1,
  AnnotationPassCompleted: 1,
};
