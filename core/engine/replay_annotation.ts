/** Replays annotations: checks that each question, prompt, seed and reading is as logged. */
import {
  annotated,
  type AnnotationState,
  type AskAnnotator,
  decideAnnotation,
  leavingOutContext,
} from "../annotation/mod.ts";
import { READING_VERSION } from "../discussion/reading.ts";
import { type AnnotationEvent, type DiscussionEvent, isAnnotationEvent } from "../events/mod.ts";
import type { Sha256 } from "../sha256.ts";

/** The result of comparing one event. `isPrompt`: whether a prompt was rendered again. */
type ComparedAnnotation = Readonly<{
  isPrompt: boolean;
  divergences: readonly Omit<Divergence, "seq">[];
}>;

const NOTHING: ComparedAnnotation = { isPrompt: false, divergences: [] };

/** Decides again what a pass does next, and compares it with the log. */
export function compareAnnotation(
  state: AnnotationState,
  event: DiscussionEvent,
  sha256: Sha256,
): ComparedAnnotation {
  if (!isAnnotationEvent(event) || event.type === "AnnotationPassStarted") return NOTHING;
  const { design } = state.passes.get(event.data.pass) ?? {};
  // Imported and reparsed annotations answer no question of ours.
  if (design === undefined || design.source !== undefined || design.reparsedFrom !== undefined) {
    return NOTHING;
  }
  const step = sentQuestion(state, event, sha256);
  if (step === null || event.type === "AnnotationPassCompleted" || event.type === "SilenceAnnotated") {
    const isEnd = step === null && event.type === "AnnotationPassCompleted";
    return isEnd ? NOTHING : different([["step", event.type, step === null ? "the end" : nameOf(step)]]);
  }
  const { comment, annotator } = event.data;
  const pairs: Pair[] = [["who is asked", `${annotator} on comment ${comment}`, nameOf(step)]];
  if (event.type === "AnnotationFailed") return different(pairs);
  const { raw, generation } = event.data;
  if (raw === undefined || generation === undefined) {
    return different([...pairs, ["reply", "none was kept", "one was given"]]);
  }
  const isOfToday = design.reading === READING_VERSION;
  const again = annotated(step, { text: raw, finishReason: generation.finishReason });
  return different([
    ...pairs,
    ["model", generation.model, step.model],
    ["prompt", generation.promptHash, step.promptHash],
    ["sampling seed", String(generation.seed), String(step.request.seed)],
    ["attempt", String(event.data.attempt), String(step.attempt)],
    // "reparse" compares readings by earlier rules with today's.
    ...(isOfToday ? [["what was read", readingOf(event), readingOf(again)] as const] : []),
  ], true);
}

type Pair = readonly [what: string, logged: string, replayed: string];

function different(pairs: readonly Pair[], isPrompt = false): ComparedAnnotation {
  const divergences = pairs.filter(([, logged, replayed]) => logged !== replayed)
    .map(([what, logged, replayed]) => ({ what, logged, replayed }));
  return { isPrompt: isPrompt && divergences.length === 0, divergences };
}

/** The question as it was sent: the log says how many comments the prompt left out. */
function sentQuestion(
  state: AnnotationState,
  { type, data }: AnnotationEvent,
  sha256: Sha256,
): AskAnnotator | null {
  const step = decideAnnotation(state, data.pass, sha256);
  if (step.kind !== "ask") return null;
  const comments = type === "CommentAnnotated" || type === "AnnotationUnparsed"
    ? data.generation?.commentsLeftOut
    : undefined;
  return comments === undefined ? step : leavingOutContext(state, step, { comments, sha256 }) ?? step;
}

function nameOf({ question: { annotator, comment } }: AskAnnotator): string {
  return `${annotator.name} on comment ${comment}`;
}

function readingOf(event: DiscussionEvent): string {
  return event.type === "CommentAnnotated" ? JSON.stringify(event.data.values) : "nothing";
}

/** A difference between a log and its replay. */
export type Divergence = Readonly<{ seq: number; what: string; logged: string; replayed: string }>;
