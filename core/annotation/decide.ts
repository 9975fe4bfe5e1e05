/** Decides the next step of an annotation pass, and turns a reply into an event. */
import { cleanReply } from "../discussion/reading.ts";
import { type DiscussionEvent, generationOf, takenOut } from "../events/mod.ts";
import type { ModelError, ModelReply, ModelRequest } from "../ports/model.ts";
import type { Sha256 } from "../sha256.ts";
import { openDraw, SAMPLING_SEED_MAX } from "../random/mod.ts";
import { annotationPrompt, constraintOf } from "./prompt.ts";
import { readReply, replyEvent } from "./read_reply.ts";
import {
  type AnnotationState,
  type PassProgress,
  type Question,
  questionAt,
  questionCount,
  shownWith,
} from "./state.ts";

/** The step that asks an annotator. */
export type AskAnnotator = Readonly<{
  kind: "ask";
  pass: string;
  question: Question;
  /** 1-based number of the request for this question. */
  attempt: number;
  model: string;
  request: ModelRequest;
  promptHash: string;
  reading: number;
  commentsLeftOut?: number;
}>;

/** The next step of a pass. */
export type AnnotationStep =
  | Readonly<{ kind: "record"; event: DiscussionEvent }>
  | AskAnnotator
  | Readonly<{ kind: "ended" }>;

/** The next step of a pass that has been started. Equal states give equal steps. */
export function decideAnnotation(state: AnnotationState, pass: string, sha256: Sha256): AnnotationStep {
  const progress = state.passes.get(pass);
  if (progress === undefined) {
    throw new RangeError(`Cannot decide on the next step: the annotation pass "${pass}" was not started`);
  }
  if (progress.completed) return { kind: "ended" };
  const { design, targets, settled, annotated, unparsed } = progress;
  if (settled >= questionCount(progress)) {
    const data = { pass, annotated, unparsed };
    return { kind: "record", event: { type: "AnnotationPassCompleted", data } };
  }
  return ask(state, progress, { question: questionAt(design, targets, settled), sha256 });
}

function ask(
  state: AnnotationState,
  { design, unparsedReplies }: PassProgress,
  { question, sha256 }: Readonly<{ question: Question; sha256: Sha256 }>,
): AskAnnotator {
  const { comment, annotator, scales } = question;
  const { pass, seed } = design;
  const attempt = unparsedReplies + 1;
  const model = annotator.model;
  if (model === undefined) {
    throw new RangeError(`Cannot ask the annotator "${annotator.name}": the pass "${pass}" was imported`);
  }
  const names = scales.map(({ name }) => name).join("\n");
  const discussion = state.discussion!;
  const messages = messagesFor(state, design, { question, commentsLeftOut: 0 });
  return {
    kind: "ask",
    pass,
    question,
    attempt,
    model,
    request: {
      messages,
      sampling: design.models[model]!.sampling,
      seed: openDraw(seed, "annotation", pass, discussion, comment, annotator.name, names, attempt)
        .below(SAMPLING_SEED_MAX),
      origin: { discussion, turn: comment, speaker: annotator.name, role: "annotator" },
      ...constraintOf(scales),
    },
    promptHash: sha256(JSON.stringify(messages)),
    reading: design.reading ?? 1,
  };
}

/**
 * The same step with a shorter prompt, for a model whose context is too short for the whole prompt. The
 * prompt leaves out the oldest comments, as many as `comments` says. Returns `null` if fewer comments than
 * this are before the annotated comment.
 */
export function leavingOutContext(
  state: AnnotationState,
  step: AskAnnotator,
  { comments, sha256 }: Readonly<{ comments: number; sha256: Sha256 }>,
): AskAnnotator | null {
  const { design } = state.passes.get(step.pass)!;
  const { question } = step;
  const before = Math.min(question.comment, design.history ?? Infinity);
  if (!Number.isSafeInteger(comments) || comments < 1 || comments > before) return null;
  const messages = messagesFor(state, design, { question, commentsLeftOut: comments });
  return {
    ...step,
    request: { ...step.request, messages },
    promptHash: sha256(JSON.stringify(messages)),
    commentsLeftOut: comments,
  };
}

function messagesFor(
  state: AnnotationState,
  { pass, prompt }: PassProgress["design"],
  { question, commentsLeftOut }: Readonly<{ question: Question; commentsLeftOut: number }>,
): ModelRequest["messages"] {
  const { comment, annotator, scales } = question;
  const shown = shownWith(state, { pass, comment, leftOut: commentsLeftOut });
  return annotationPrompt(annotator, shown, { scales, ...prompt });
}

/** The event that records a reply: as an annotation, or as a reply that cannot be read. */
export function annotated(step: AskAnnotator, reply: ModelReply): DiscussionEvent {
  const { pass, attempt, question: { comment, annotator, scales } } = step;
  const cleaned = cleanReply(reply, { reading: step.reading });
  const { text, isCut } = cleaned;
  const { finishReason, finishReasonGiven } = reply;
  const reading = readReply(scales, { text, isCut, finishReason, finishReasonGiven });
  return replyEvent({ pass, comment, annotator: annotator.name }, {
    scales,
    reading,
    probabilities: probabilitiesOf(step, reply),
    raw: reply.text,
    kept: { attempt, generation: generationOf(step, reply), ...takenOut(cleaned) },
  });
}

type Probabilities = Record<string, Readonly<Record<string, number>>>;

function probabilitiesOf(
  { question: { scales } }: AskAnnotator,
  { choice, choices }: ModelReply,
): Probabilities | null {
  const [only, ...others] = scales;
  if (others.length === 0) return choice === undefined ? null : { [only!.name]: choice.probabilities };
  if (choices === undefined) return null;
  return Object.fromEntries(Object.entries(choices).map(([name, choice]) => [name, choice.probabilities]));
}

/** The event for a failed request. The pass does not advance. */
export function annotationFailed(
  { pass, model, question: { comment, annotator } }: AskAnnotator,
  { kind, retryable }: ModelError,
): DiscussionEvent {
  return {
    type: "AnnotationFailed",
    data: { pass, comment, annotator: annotator.name, model, kind, retryable },
  };
}
