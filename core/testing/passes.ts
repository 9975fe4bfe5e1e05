/** Small, complete annotation passes for tests. A test gives only the members that it changes. */
import type { Scale } from "../annotation/scales/mod.ts";
import type { AnnotationDesign, DiscussionEvent } from "../events/mod.ts";
import {
  annotated,
  annotationStart,
  type AnnotationState,
  type AskAnnotator,
  decideAnnotation,
  evolveAnnotation,
} from "../annotation/mod.ts";
import type { AnnotationEnvironment } from "../engine/mod.ts";
import { portableSha256 } from "../sha256.ts";
import { type ModelReply, type ModelRequest } from "../ports/mod.ts";
import { designWith, TEST_MODEL } from "./designs.ts";
import { environmentWith } from "./environments.ts";
import { saying } from "./play.ts";
import { READING_VERSION } from "../discussion/mod.ts";

/** The first scale of the test codebook. */
export const TOXICITY: Scale = {
  name: "toxicity",
  type: "ordinal",
  min: 1,
  max: 5,
  question: "How toxic is the last comment?",
};

/** The last scale of the test codebook. */
export const INSULT: Scale = { name: "insult", type: "boolean", question: "Does the last comment insult?" };

/**
 * Two annotators, two scales in separate requests, two earlier comments in each prompt, and one retry.
 * `changes` replaces members.
 */
export function passWith(changes: Partial<AnnotationDesign> = {}): AnnotationDesign {
  return {
    pass: "p1",
    codebook: { version: "1", hash: "c".repeat(64), scales: [TOXICITY, INSULT] },
    annotators: [
      { name: "Rita", model: TEST_MODEL, persona: { age: 50 }, instructions: "Judge." },
      { name: "Sam", model: TEST_MODEL, persona: {}, instructions: "Judge." },
    ],
    models: designWith().models,
    history: 2,
    targets: { of: "all" },
    requests: "separate",
    retries: 1,
    seed: "7",
    prompt: { version: 1 },
    reading: READING_VERSION,
    ...changes,
  };
}

/** An annotator's reply. About one in four has no value. Equal requests get equal replies. */
export function judgingAnswer({ messages, seed }: ModelRequest): string {
  if (seed % 4 === 0) return "I would rather not say.";
  const request = messages.at(-1)!.content;
  const toxicity = seed % 5 + 1;
  const insult = seed % 2 === 0 ? "yes" : "no";
  if (request.includes("JSON")) return JSON.stringify({ toxicity, insult });
  return request.endsWith("yes or no.") ? insult : `${toxicity}.`;
}

/** An environment in memory for annotation passes. */
export function judgingEnvironment(
  options: Parameters<typeof environmentWith>[0] = {},
): AnnotationEnvironment {
  return { ...environmentWith({ answer: judgingAnswer, ...options }), sha256: portableSha256 };
}

/** The state after some events. */
export function annotationAfter(events: Iterable<DiscussionEvent>): AnnotationState {
  let state = annotationStart();
  for (const event of events) state = evolveAnnotation(state, event);
  return state;
}

/** A pass that was carried out. */
export type PlayedPass = Readonly<{
  /** Only the events of the pass. */
  events: readonly DiscussionEvent[];
  asked: readonly AskAnnotator[];
}>;

/** Carries out a pass only with the pure functions, without the engine. */
export function playPass(
  discussion: readonly DiscussionEvent[],
  design: AnnotationDesign,
  reply: (step: AskAnnotator) => string | ModelReply = ({ request }) => judgingAnswer(request),
): PlayedPass {
  const events: DiscussionEvent[] = [{ type: "AnnotationPassStarted", data: design }];
  const asked: AskAnnotator[] = [];
  let state = annotationAfter([...discussion, ...events]);
  for (;;) {
    const step = decideAnnotation(state, design.pass, portableSha256);
    if (step.kind === "ended") return { events, asked };
    let event: DiscussionEvent;
    if (step.kind === "record") event = step.event;
    else {
      const said = reply(step);
      asked.push(step);
      event = annotated(step, typeof said === "string" ? saying(said) : said);
    }
    events.push(event);
    state = evolveAnnotation(state, event);
  }
}
