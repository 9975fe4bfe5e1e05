/** The list of all event types: a new one is a file of its own and its names here. */
import { type AnnotationFailed, annotationFailed } from "./annotation_failed.ts";
import { type AnnotationPassCompleted, annotationPassCompleted } from "./annotation_pass_completed.ts";
import { type AnnotationPassStarted, annotationPassStarted } from "./annotation_pass_started.ts";
import { type AnnotationUnparsed, annotationUnparsed } from "./annotation_unparsed.ts";
import { type CommentAnnotated, commentAnnotated } from "./comment_annotated.ts";
import { type DiscussionAborted, discussionAborted } from "./discussion_aborted.ts";
import { type DiscussionCompleted, discussionCompleted } from "./discussion_completed.ts";
import { type DiscussionOpened, discussionOpened } from "./discussion_opened.ts";
import { type GenerationFailed, generationFailed } from "./generation_failed.ts";
import { type ModeratorAbstained, moderatorAbstained } from "./moderator_abstained.ts";
import { type ModeratorIntervened, moderatorIntervened } from "./moderator_intervened.ts";
import { type SeedCommentPosted, seedCommentPosted } from "./seed_comment_posted.ts";
import { type SilenceAnnotated, silenceAnnotated } from "./silence_annotated.ts";
import { type TurnPassed, turnPassed } from "./turn_passed.ts";
import { type TurnTaken, turnTaken } from "./turn_taken.ts";
import { demand, type EventType, type OrderState } from "./event_type.ts";

export type {
  AnnotationFailed,
  AnnotationPassCompleted,
  AnnotationPassStarted,
  AnnotationUnparsed,
  CommentAnnotated,
  DiscussionAborted,
  DiscussionCompleted,
  DiscussionOpened,
  GenerationFailed,
  ModeratorAbstained,
  ModeratorIntervened,
  SeedCommentPosted,
  SilenceAnnotated,
  TurnPassed,
  TurnTaken,
};

/** What happens to a discussion after its end: its comments are annotated. */
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

type EventTypes<E extends DiscussionEvent> = {
  readonly [T in E["type"]]: EventType<Extract<E, { type: T }>>;
};

const ANNOTATION_TYPES: EventTypes<AnnotationEvent> = {
  AnnotationPassStarted: annotationPassStarted,
  CommentAnnotated: commentAnnotated,
  SilenceAnnotated: silenceAnnotated,
  AnnotationUnparsed: annotationUnparsed,
  AnnotationFailed: annotationFailed,
  AnnotationPassCompleted: annotationPassCompleted,
};

const EVENT_TYPES: EventTypes<DiscussionEvent> = {
  DiscussionOpened: discussionOpened,
  SeedCommentPosted: seedCommentPosted,
  TurnTaken: turnTaken,
  TurnPassed: turnPassed,
  ModeratorIntervened: moderatorIntervened,
  ModeratorAbstained: moderatorAbstained,
  GenerationFailed: generationFailed,
  DiscussionCompleted: discussionCompleted,
  DiscussionAborted: discussionAborted,
  ...ANNOTATION_TYPES,
};

const ANNOTATION_NAMES: ReadonlySet<string> = new Set(Object.keys(ANNOTATION_TYPES));

/** Whether an event is about what was said, not part of the discussion itself. */
export function isAnnotationEvent(event: DiscussionEvent): event is AnnotationEvent {
  return ANNOTATION_NAMES.has(event.type);
}

/** The current version of each event type; an event type that is not named here does not exist. */
export const EVENT_VERSIONS = Object.fromEntries(
  Object.entries(EVENT_TYPES).map(([type, { version }]) => [type, version]),
) as Readonly<Record<DiscussionEvent["type"], number>>;

/**
 * What is wrong with the shape of an event's data.
 *
 * @returns The first finding, such as `data.turn: expected int`; `null` if the shape is right.
 */
export function shapeProblem({ type, data }: DiscussionEvent): string | null {
  const issue = EVENT_TYPES[type].schema.safeParse(data).error?.issues[0];
  return issue === undefined ? null : `${["data", ...issue.path].join(".")}: ${issue.message}`;
}

/** The order before the first event. */
export const ORDER_START: OrderState = {
  phase: "unopened",
  turn: 0,
  comment: 0,
  slots: 0,
  passes: new Map(),
};

/**
 * Checks that an event can come next: opened first and once, turns and comments without gaps, after the end only
 * annotations.
 *
 * @param event The next event; its shape has been checked.
 * @throws {DamagedLine} Of kind `wrong-order`, when it cannot come next.
 */
export function orderAfter(order: OrderState, event: DiscussionEvent): OrderState {
  const { phase } = order;
  const { type } = event;
  if (isAnnotationEvent(event)) demand(phase === "ended", `"${type}" in a discussion that has not ended`);
  else {
    demand(phase !== "ended", `"${type}" after the discussion's end`);
    demand(
      (type === "DiscussionOpened") === (phase === "unopened"),
      `"${type}" in a stream that is ${phase}`,
    );
  }
  return (EVENT_TYPES[type] as EventType<DiscussionEvent>).follows(order, event);
}
