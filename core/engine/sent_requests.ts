/** Renders the prompts of a log again, without the rules that chose the speakers. */
import type { AnnotationState } from "../annotation/mod.ts";
import { moderatorPrompt, type OpenState, participantPrompt, promptHash } from "../discussion/mod.ts";
import {
  type AnnotationEvent,
  type DiscussionEvent,
  type Envelope,
  isAnnotationEvent,
} from "../events/mod.ts";
import type { ModerationSchedules } from "../moderation/mod.ts";
import type { Message } from "../ports/model.ts";
import type { Sha256 } from "../sha256.ts";
import { isCopied, walkLog } from "./log_walk.ts";
import { lacksContext, sentQuestion } from "./compare_annotation.ts";

/** A prompt that was rendered again, and its comparison with the log. */
export type RenderedPrompt = Readonly<{
  messages: readonly Message[];
  /** SHA-256 (hex) of the rendered prompt. */
  hash: string;
  /** Whether the log has the same hash, another one, or none. Failed requests have none. */
  check: "same" | "different" | "not-logged";
}>;

/** A request to a model that a log records. */
export type SentRequest = Readonly<{
  envelope: Envelope;
  role: "participant" | "moderator" | "annotator";
  speaker: string;
  /** The model's name in the design; `null` if the log does not name it. */
  model: string | null;
  /** The prompt, or the reason why it cannot be rendered. */
  prompt: RenderedPrompt | Readonly<{ unknown: string }>;
}>;

/**
 * What rendering needs. `schedules` can lack schedules of the log: then both possible prompts of the
 * moderator are tried.
 */
export type RenderingOptions = Readonly<{ sha256: Sha256; schedules: ModerationSchedules }>;

/**
 * The requests of a log, in order. This runs no turn-taking strategy, and asks no schedule whether the
 * moderator is due, because the log says who was asked.
 *
 * @param options `only`: the positions of the events whose requests are wanted; all by default. This saves
 *   time, because rendering takes longer than reading.
 */
export async function* sentRequests(
  envelopes: AsyncIterable<Envelope> | Iterable<Envelope>,
  options: RenderingOptions & Readonly<{ only?: ReadonlySet<number> }>,
): AsyncGenerator<SentRequest> {
  for await (const { envelope, event, state, annotations } of walkLog(envelopes)) {
    if (options.only?.has(envelope.seq) === false) continue;
    if (isAnnotationEvent(event)) {
      const request = annotatorRequest(annotations, event, options);
      if (request === null) continue;
      yield { envelope, ...withoutWithheld(request, lacksContext(annotations, event)) };
    } else if (state.phase === "open") {
      const request = speakerRequest(state, event, options);
      if (request === null) continue;
      const copied = isCopied(envelope, state) ? { prompt: unknown(copiedFrom(state)) } : {};
      const lacksWords = state.window.some(({ withheld }) => withheld);
      yield { envelope, ...withoutWithheld(request, lacksWords), ...copied };
    }
  }
}

type Request = Omit<SentRequest, "envelope">;

const IMPORTED = "it was imported";

function copiedFrom({ design: { forkedFrom } }: OpenState): string {
  const { stream, run } = forkedFrom!;
  const origin = run === undefined
    ? `the discussion ${stream}`
    : `the discussion ${stream} of the run ${run}`;
  return `the event was copied from ${origin}, whose log has the prompt`;
}

/**
 * Marks a prompt as unknown if it had words of a person who withdrew: these words cannot be rendered. A
 * prompt that was sent after the withdrawal is the same as in the log, and stays as it is.
 */
function withoutWithheld(request: Request, lacksWords: boolean): Request {
  const { prompt } = request;
  if (!lacksWords || "unknown" in prompt || prompt.check === "same") return request;
  return { ...request, prompt: unknown("it had words of a person that are sealed or withdrawn") };
}

function unknown(reason: string): SentRequest["prompt"] {
  return { unknown: reason };
}

function speakerRequest(state: OpenState, event: DiscussionEvent, options: RenderingOptions): Request | null {
  const asked = askedSpeaker(event);
  if (asked === null) return null;
  const { role, speaker, generation, model = generation?.model ?? null } = asked;
  const about = { role, speaker, model };
  if (model === null) return { ...about, prompt: unknown(IMPORTED) };
  const { participants, moderator } = state.design;
  const leftOut = generation?.commentsLeftOut;
  if (role === "participant") {
    const participant = participants.find(({ name }) => name === speaker);
    return {
      ...about,
      prompt: participant === undefined
        ? unknown("the design has no participant of this name")
        : rendered([participantPrompt(state, participant, leftOut)], generation?.promptHash, options),
    };
  }
  if (moderator === null) return { ...about, prompt: unknown("the design has no moderator") };
  const known = options.schedules.get(moderator.schedule.name);
  const candidates = (known === undefined ? [true, false] : [known.mayAbstain])
    .map((mayAbstain) => moderatorPrompt(state, moderator, { mayAbstain, commentsLeftOut: leftOut }));
  return { ...about, prompt: rendered(candidates, generation?.promptHash, options) };
}

function askedSpeaker(event: DiscussionEvent) {
  switch (event.type) {
    case "TurnTaken":
    case "TurnPassed": {
      const { participant: speaker, generation } = event.data;
      return { role: "participant", speaker, generation } as const;
    }
    case "ModeratorIntervened":
    case "ModeratorAbstained": {
      const { moderator: speaker, generation } = event.data;
      return { role: "moderator", speaker, generation } as const;
    }
    case "GenerationFailed": {
      const { role, speaker, model } = event.data;
      return { role, speaker, model, generation: undefined };
    }
    default:
      return null;
  }
}

function annotatorRequest(
  state: AnnotationState,
  event: AnnotationEvent,
  options: RenderingOptions,
): Request | null {
  const isReply = event.type === "CommentAnnotated" || event.type === "AnnotationUnparsed";
  if (!isReply && event.type !== "AnnotationFailed") return null;
  const { pass, annotator: speaker } = event.data;
  const generation = isReply ? event.data.generation : undefined;
  const model = isReply ? generation?.model ?? null : event.data.model;
  const about = { role: "annotator", speaker, model } as const;
  const { design } = state.passes.get(pass) ?? {};
  if (model === null || design?.source !== undefined) return { ...about, prompt: unknown(IMPORTED) };
  if (design?.reparsedFrom !== undefined) {
    return {
      ...about,
      prompt: unknown(`the reply was read again; the pass ${design.reparsedFrom} has its prompt`),
    };
  }
  const sent = sentQuestion(state, event, options.sha256);
  if (sent === null) return { ...about, prompt: unknown("the pass has asked all its questions") };
  return { ...about, prompt: rendered([sent.request.messages], generation?.promptHash, options) };
}

/** The candidate whose hash is in the log. If there is none, the first candidate. */
function rendered(
  candidates: readonly (readonly Message[])[],
  logged: string | undefined,
  options: RenderingOptions,
): RenderedPrompt {
  const hashed = candidates.map((messages) => ({ messages, hash: promptHash(messages, options) }));
  const same = hashed.find(({ hash }) => hash === logged);
  if (same !== undefined) return { ...same, check: "same" };
  return { ...hashed[0]!, check: logged === undefined ? "not-logged" : "different" };
}
