/** What the passes over a discussion have come to: a fold over its events. */
import type { Comment } from "../discussion/state.ts";
import type { DiscussionEvent } from "../events/mod.ts";
import type { AnnotationDesign } from "../events/annotation_design.ts";
import { questionsPerComment, targetComments } from "./targets.ts";

/** How far one pass is. */
export type PassProgress = Readonly<{
  design: AnnotationDesign;
  /** Ordinals of the comments that are judged, in order. */
  targets: readonly number[];
  /** Questions that are settled: answered, or given up. Those of a pass have a fixed order. */
  settled: number;
  /** Replies to the current question that could not be read. */
  unread: number;
  annotated: number;
  unparsed: number;
  completed: boolean;
}>;

/** A discussion, as far as judging its comments is concerned. */
export type AnnotationState = Readonly<{
  /** The discussion's id; `null` before it was opened. */
  discussion: string | null;
  comments: readonly Comment[];
  /** Whether the discussion has come to its end, so that it can be judged. */
  ended: boolean;
  passes: ReadonlyMap<string, PassProgress>;
}>;

/** The state before the first event; its list of comments grows with what is folded into it. */
export function annotationStart(): AnnotationState {
  return { discussion: null, comments: [], ended: false, passes: new Map() };
}

/**
 * Folds one event into the state.
 *
 * @param state The state so far; its list of comments is handed on and must not be used again.
 * @param event What happened next.
 * @throws {RangeError} When the event belongs to a pass that is not under way.
 */
export function evolveAnnotation(state: AnnotationState, event: DiscussionEvent): AnnotationState {
  switch (event.type) {
    case "DiscussionOpened":
      return { ...state, discussion: event.data.id };
    case "SeedCommentPosted": {
      const { comment, author, text } = event.data;
      return posted(state, { comment, author, text, by: "author" });
    }
    case "TurnTaken": {
      const { comment, participant: author, text } = event.data;
      return posted(state, { comment, author, text, by: "participant" });
    }
    case "ModeratorIntervened": {
      const { comment, moderator: author, text } = event.data;
      return posted(state, { comment, author, text, by: "moderator" });
    }
    case "DiscussionCompleted":
      return { ...state, ended: true };
    case "AnnotationPassStarted":
      return withPass(state, started(state, event.data));
    case "CommentAnnotated": {
      const progress = passOf(state, event.data.pass);
      return withPass(state, { ...settled(progress), annotated: progress.annotated + 1 });
    }
    case "SilenceAnnotated": {
      // Nobody here asks about silences: no question of the pass is settled by it.
      const progress = passOf(state, event.data.pass);
      return withPass(state, { ...progress, annotated: progress.annotated + 1 });
    }
    case "AnnotationUnparsed": {
      const progress = passOf(state, event.data.pass);
      const unread = progress.unread + 1;
      return withPass(
        state,
        unread <= progress.design.retries
          ? { ...progress, unread }
          : { ...settled(progress), unparsed: progress.unparsed + 1 },
      );
    }
    case "AnnotationPassCompleted":
      return withPass(state, { ...passOf(state, event.data.pass), completed: true });
    default:
      return state;
  }
}

/** How many questions a pass asks about the discussion. */
export function questionCount({ design, targets }: PassProgress): number {
  return targets.length * questionsPerComment(design);
}

function posted(state: AnnotationState, comment: Comment): AnnotationState {
  // Copying the list for each comment would make reading a log slower the longer it is.
  (state.comments as Comment[]).push(comment);
  return state;
}

function started(state: AnnotationState, design: AnnotationDesign): PassProgress {
  const before = state.passes.get(design.pass);
  // Further annotators of an imported pass.
  if (before !== undefined) return { ...before, design, completed: false };
  return {
    design,
    targets: targetComments(state.comments, design, state.discussion!),
    settled: 0,
    unread: 0,
    annotated: 0,
    unparsed: 0,
    completed: false,
  };
}

function settled(progress: PassProgress): PassProgress {
  return { ...progress, settled: progress.settled + 1, unread: 0 };
}

function withPass(state: AnnotationState, progress: PassProgress): AnnotationState {
  return { ...state, passes: new Map(state.passes).set(progress.design.pass, progress) };
}

function passOf({ passes }: AnnotationState, pass: string): PassProgress {
  const progress = passes.get(pass);
  if (progress === undefined || progress.completed) {
    throw new RangeError(`Cannot go on with the annotation pass "${pass}": it is not under way`);
  }
  return progress;
}
