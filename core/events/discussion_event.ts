/**
 * All events. A new event needs a type and an entry in one of the three files that are imported here. It also
 * needs a member in a union of events.
 */
import { ANNOTATION_TYPES, type AnnotationEvent } from "./annotation_events.ts";
import {
  BEGIN_AND_END_TYPES,
  type DiscussionAborted,
  type DiscussionCompleted,
  type DiscussionOpened,
} from "./begin_and_end.ts";
import { demand, type EventType, type EventTypes, type OrderState } from "./event_type.ts";
import {
  type GenerationFailed,
  type InterventionPosted,
  type ModeratorAbstained,
  type ModeratorIntervened,
  type SeedCommentPosted,
  TURN_TYPES,
  type TurnPassed,
  type TurnTaken,
} from "./turns.ts";

export type {
  AnnotatedComment,
  AnnotationEvent,
  AnnotationFailed,
  AnnotationPassCompleted,
  AnnotationPassStarted,
  AnnotationUnparsed,
  CommentAnnotated,
  SilenceAnnotated,
} from "./annotation_events.ts";
export type { DiscussionAborted, DiscussionCompleted, DiscussionOpened } from "./begin_and_end.ts";
export type {
  GenerationFailed,
  InterventionPosted,
  ModeratorAbstained,
  ModeratorIntervened,
  Said,
  SeedCommentPosted,
  Silent,
  TurnPassed,
  TurnTaken,
} from "./turns.ts";

/** Everything that can happen in a discussion and to it. */
export type DiscussionEvent =
  | DiscussionOpened
  | SeedCommentPosted
  | InterventionPosted
  | TurnTaken
  | TurnPassed
  | ModeratorIntervened
  | ModeratorAbstained
  | GenerationFailed
  | DiscussionCompleted
  | DiscussionAborted
  | AnnotationEvent;

const EVENT_TYPES: EventTypes<DiscussionEvent> = {
  ...BEGIN_AND_END_TYPES,
  ...TURN_TYPES,
  ...ANNOTATION_TYPES,
};

const ANNOTATION_NAMES: ReadonlySet<string> = new Set(Object.keys(ANNOTATION_TYPES));

/** Whether an event belongs to an annotation pass, not to the discussion itself. */
export function isAnnotationEvent(event: DiscussionEvent): event is AnnotationEvent {
  return ANNOTATION_NAMES.has(event.type);
}

/** The current version of each event type. All event types are listed. */
export const EVENT_VERSIONS = Object.fromEntries(
  Object.entries(EVENT_TYPES).map(([type, { version }]) => [type, version]),
) as Readonly<Record<DiscussionEvent["type"], number>>;

/** The first problem in the shape of an event's data, such as `data.turn: expected int`; `null` if there is none. */
export function shapeProblem({ type, data }: DiscussionEvent): string | null {
  const issue = EVENT_TYPES[type].schema.safeParse(data).error?.issues[0];
  return issue === undefined ? null : `${["data", ...issue.path].join(".")}: ${issue.message}`;
}

/** The state of the order check before the first event. */
export const ORDER_START: OrderState = {
  phase: "unopened",
  turn: 0,
  comment: 0,
  slots: 0,
  passes: new Map(),
};

/**
 * Checks that an event can come next. A stream opens once, at its beginning; it numbers turns and comments without
 * gaps; and after the discussion's end it has only annotations.
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
