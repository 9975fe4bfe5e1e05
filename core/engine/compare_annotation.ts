/** Compares the annotations of a log with the questions and readings that today's rules give. */
import {
  annotated,
  type AnnotationState,
  type AskAnnotator,
  decideAnnotation,
  leavingOutContext,
} from "../annotation/mod.ts";
import { READING_VERSION } from "../discussion/mod.ts";
import { type AnnotationEvent, type DiscussionEvent, isAnnotationEvent } from "../events/mod.ts";
import type { Sha256 } from "../sha256.ts";

/** A detail of an event: its name, its value in the log, and its value in the replay. */
export type Pair = readonly [what: string, logged: string, replayed: string];

/**
 * The details of an annotation to compare. `isPrompt`: whether one of them is a prompt that was rendered
 * again.
 */
type ComparedAnnotation = Readonly<{ pairs: readonly Pair[]; isPrompt: boolean }>;

const NOTHING: ComparedAnnotation = { pairs: [], isPrompt: false };

/** Decides the next step of a pass again, and pairs its details with the details of the logged event. */
export function compareAnnotation(
  state: AnnotationState,
  event: DiscussionEvent,
  sha256: Sha256,
): ComparedAnnotation {
  if (!isAnnotationEvent(event) || event.type === "AnnotationPassStarted") return NOTHING;
  const { design } = state.passes.get(event.data.pass) ?? {};
  // Imported and reparsed annotations do not come from requests of this pass.
  if (design === undefined || design.source !== undefined || design.reparsedFrom !== undefined) {
    return NOTHING;
  }
  const step = sentQuestion(state, event, sha256);
  if (step === null || event.type === "AnnotationPassCompleted" || event.type === "SilenceAnnotated") {
    if (step === null && event.type === "AnnotationPassCompleted") return NOTHING;
    return { ...NOTHING, pairs: [["step", event.type, step === null ? "the end" : questionName(step)]] };
  }
  const { comment, annotator } = event.data;
  const pairs: Pair[] = [["annotator", `${annotator} on comment ${comment}`, questionName(step)]];
  if (event.type === "AnnotationFailed") return { ...NOTHING, pairs };
  const { raw = isWithheld(event) ? "" : undefined, generation } = event.data;
  if (raw === undefined || generation === undefined) {
    return { ...NOTHING, pairs: [...pairs, ["reply", "no reply", "a reply"]] };
  }
  pairs.push(
    ["model", generation.model, step.model],
    ["prompt", generation.promptHash, step.promptHash],
    ["sampling seed", String(generation.seed), String(step.request.seed)],
    ["attempt", String(event.data.attempt), String(step.attempt)],
  );
  // Only a reply that was read by today's rules is read again. `reparse` compares today's rules with earlier
  // ones.
  if (design.reading === READING_VERSION && !isWithheld(event)) {
    const { finishReason, finishReasonGiven } = generation;
    const again = annotated(step, { text: raw, finishReason, finishReasonGiven });
    pairs.push(["values", readingOf(event), readingOf(again)]);
  }
  return { pairs, isPrompt: true };
}

/** Whether the prompt about a comment had words that cannot be read any more. */
export function lacksContext({ comments, passes }: AnnotationState, { data }: AnnotationEvent): boolean {
  if (!("comment" in data)) return false;
  const history = passes.get(data.pass)?.design.history ?? Infinity;
  return comments.slice(Math.max(0, data.comment - history), data.comment + 1).some(({ withheld }) =>
    withheld
  );
}

/**
 * The question as it was sent, without the comments that its prompt left out. The log records how many these
 * are. `null` if the pass has ended.
 */
export function sentQuestion(
  state: AnnotationState,
  { type, data }: AnnotationEvent,
  sha256: Sha256,
): AskAnnotator | null {
  const step = decideAnnotation(state, data.pass, sha256);
  if (step.kind !== "ask") return null;
  const isReply = type === "CommentAnnotated" || type === "AnnotationUnparsed";
  const comments = isReply ? data.generation?.commentsLeftOut : undefined;
  return comments === undefined ? step : leavingOutContext(state, step, { comments, sha256 }) ?? step;
}

function questionName({ question: { annotator, comment } }: AskAnnotator): string {
  return `${annotator.name} on comment ${comment}`;
}

function readingOf(event: DiscussionEvent): string {
  return event.type === "CommentAnnotated" ? JSON.stringify(event.data.values) : "nothing";
}

/** Whether the event had words of a person that cannot be read. */
export function isWithheld({ data }: DiscussionEvent): boolean {
  return "sealed" in data && data.sealed !== undefined;
}
