/** The state of a discussion's annotation passes: a fold over its events. Also the questions of a pass. */
import { type Comment, withheld } from "../discussion/state.ts";
import { openDraw } from "../random/mod.ts";
import { withoutValue } from "./read_reply.ts";
import type { Scale } from "./scales/mod.ts";
import type { AnnotationDesign, Annotator, Targets } from "../events/annotation_design.ts";
import { type AnnotationUnparsed, copiedEvents, type DiscussionEvent } from "../events/mod.ts";

/**
 * The ordinals of the comments that a pass annotates. Each discussion has its own sample. The comments that a
 * branch copied are left out: they are no result of the branch, and all branches would ask about the same
 * comments.
 */
export function targetComments(
  comments: readonly (Pick<Comment, "comment" | "by"> & Readonly<{ isPast?: true }>)[],
  { targets, seed, pass }: AnnotationDesign,
  discussion: string,
): readonly number[] {
  const eligible = comments.filter(({ by, isPast }) => !isPast && isTarget(by, targets)).map(({ comment }) =>
    comment
  );
  const { perDiscussion = Infinity } = targets;
  if (eligible.length <= perDiscussion) return eligible;
  return openDraw(seed, "targets", pass, discussion).sample(eligible, perDiscussion).sort((a, b) => a - b);
}

function isTarget(by: Comment["by"], { of }: Targets): boolean {
  switch (of) {
    case "all":
      return true;
    case "participants":
      return by === "participant";
    case "moderators":
      return by === "moderator";
    default:
      return of satisfies never;
  }
}

/** One question of a pass. */
export type Question = Readonly<{ comment: number; annotator: Annotator; scales: readonly Scale[] }>;

/** How many questions a pass asks about each comment. */
export function questionsPerComment({ annotators, codebook, requests }: AnnotationDesign): number {
  return annotators.length * (requests === "together" ? 1 : codebook.scales.length);
}

/** The question at a 0-based position. Questions go by comment, then by annotator, then by scale. */
export function questionAt(design: AnnotationDesign, targets: readonly number[], place: number): Question {
  const { annotators, codebook: { scales }, requests } = design;
  const perAnnotator = requests === "together" ? 1 : scales.length;
  const perComment = annotators.length * perAnnotator;
  const within = place % perComment;
  return {
    comment: targets[Math.floor(place / perComment)]!,
    annotator: annotators[Math.floor(within / perAnnotator)]!,
    scales: requests === "together" ? scales : [scales[within % perAnnotator]!],
  };
}

/** The progress of one pass. */
export type PassProgress = Readonly<{
  design: AnnotationDesign;
  targets: readonly number[];
  /** How many questions are settled: answered, or unparsed in all attempts. A pass asks in a fixed order. */
  settled: number;
  /** Replies to the current question that could not be read. */
  unparsedReplies: number;
  annotated: number;
  unparsed: number;
  completed: boolean;
}>;

/** What a pass needs to know about a discussion. */
export type AnnotationState = Readonly<{
  /** The discussion's id; `null` before it was opened. */
  discussion: string | null;
  /** `isPast`: copied from the past of a branch. */
  comments: readonly (Comment & Readonly<{ isPast?: true }>)[];
  /** How many of the following events are copies of another discussion's events. */
  copying: number;
  ended: boolean;
  passes: ReadonlyMap<string, PassProgress>;
}>;

/** The state before the first event. Folding adds to its list of comments, so each fold needs a new one. */
export function annotationStart(): AnnotationState {
  return { discussion: null, comments: [], copying: 0, ended: false, passes: new Map() };
}

/** Folds one event into the state. Do not use the old state again: both share one list of comments. */
export function evolveAnnotation(state: AnnotationState, event: DiscussionEvent): AnnotationState {
  const { copying } = state;
  const next = evolved(state, event);
  return copying === 0 ? next : { ...next, copying: copying - 1 };
}

function evolved(state: AnnotationState, event: DiscussionEvent): AnnotationState {
  switch (event.type) {
    case "DiscussionOpened":
      return { ...state, discussion: event.data.id, copying: copiedEvents(event.data) };
    case "SeedCommentPosted":
    case "InterventionPosted": {
      const { comment, author, text } = event.data;
      return posted(state, { comment, author, text, by: "author" });
    }
    case "TurnTaken": {
      const { comment, participant: author, text, sealed } = event.data;
      return posted(state, { comment, author, text, by: "participant", ...withheld(sealed) });
    }
    case "ModeratorIntervened": {
      const { comment, moderator: author, text, sealed } = event.data;
      return posted(state, { comment, author, text, by: "moderator", ...withheld(sealed) });
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
      // A pass does not ask about silences, so this event settles no question.
      const progress = passOf(state, event.data.pass);
      return withPass(state, { ...progress, annotated: progress.annotated + 1 });
    }
    case "AnnotationUnparsed": {
      const progress = passOf(state, event.data.pass);
      const unparsedReplies = progress.unparsedReplies + 1;
      return withPass(
        state,
        unparsedReplies <= progress.design.retries && !isFinal(event.data)
          ? { ...progress, unparsedReplies }
          : { ...settled(progress), unparsed: progress.unparsed + 1 },
      );
    }
    case "AnnotationPassCompleted":
      return withPass(state, { ...passOf(state, event.data.pass), completed: true });
    default:
      return state;
  }
}

/**
 * The comments that the prompt of a question shows. The comment of the question is the last one. Before it
 * are as many comments as the pass shows. Comments whose words are withheld are left out.
 *
 * @param leftOut How many of the oldest comments the prompt leaves out.
 */
export function shownWith(
  { comments, passes }: AnnotationState,
  { pass, comment, leftOut = 0 }: Readonly<{ pass: string; comment: number; leftOut?: number }>,
): AnnotationState["comments"] {
  const { history } = passes.get(pass)!.design;
  const first = history === null ? 0 : Math.max(0, comment - history);
  return comments.slice(first + leftOut, comment + 1).filter(({ withheld }) => !withheld);
}

/** Whether a person gave no value. The question is then not asked again. */
function isFinal({ generation }: AnnotationUnparsed["data"]): boolean {
  return generation !== undefined && withoutValue(generation) !== null;
}

/** Removes words from the list of comments that the state shares with the states before it. */
export function withholdComments({ comments }: AnnotationState, ordinals: Iterable<number>): void {
  const list = comments as AnnotationState["comments"][number][];
  for (const comment of ordinals) list[comment] = { ...list[comment]!, text: "", withheld: true };
}

/** How many questions a pass asks about the discussion. */
export function questionCount({ design, targets }: PassProgress): number {
  return targets.length * questionsPerComment(design);
}

function posted(state: AnnotationState, comment: Comment): AnnotationState {
  // A copy of the list for each comment would take quadratic time.
  const past = state.copying > 0 ? { isPast: true } as const : {};
  (state.comments as AnnotationState["comments"][number][]).push({ ...comment, ...past });
  return state;
}

function started(state: AnnotationState, design: AnnotationDesign): PassProgress {
  const before = state.passes.get(design.pass);
  // An import added annotators to its pass.
  if (before !== undefined) return { ...before, design, completed: false };
  return {
    design,
    targets: targetComments(state.comments, design, state.discussion!),
    settled: 0,
    unparsedReplies: 0,
    annotated: 0,
    unparsed: 0,
    completed: false,
  };
}

function settled(progress: PassProgress): PassProgress {
  return { ...progress, settled: progress.settled + 1, unparsedReplies: 0 };
}

function withPass(state: AnnotationState, progress: PassProgress): AnnotationState {
  return { ...state, passes: new Map(state.passes).set(progress.design.pass, progress) };
}

function passOf({ passes }: AnnotationState, pass: string): PassProgress {
  const progress = passes.get(pass);
  if (progress === undefined || progress.completed) {
    throw new RangeError(`Cannot continue the annotation pass "${pass}": it is not under way`);
  }
  return progress;
}
