/** Replays a log: to its state at any event, or to check that today's rules decide and render every step as logged. */
import { annotationStart, evolveAnnotation } from "../annotation/mod.ts";
import {
  answered,
  type AskStep,
  decide,
  type DiscussionState,
  evolve,
  initialState,
  leavingOut,
  type OpenState,
  type Rules,
  type Step,
} from "../discussion/mod.ts";
import { type DiscussionEvent, type Envelope, eventOf, type Generation } from "../events/mod.ts";
import { compareAnnotation, type Divergence } from "./replay_annotation.ts";
import type { ModerationSchedule } from "../moderation/mod.ts";
import { strategyOf, type TurnTakingStrategy } from "../turn_taking/mod.ts";

/** A replayed log. */
export type Replayed = Readonly<{
  state: DiscussionState;
  /** How many events were replayed. */
  events: number;
  last: Envelope | null;
}>;

/**
 * Replays a log up to an event.
 *
 * @param envelopes The log from its beginning.
 * @param seq The 0-based position of the last event to replay; by default all.
 */
export async function replay(envelopes: AsyncIterable<Envelope>, seq = Infinity): Promise<Replayed> {
  let state = initialState;
  let events = 0;
  let last: Envelope | null = null;
  for await (const envelope of envelopes) {
    if (envelope.seq > seq) break;
    state = evolve(state, eventOf(envelope));
    last = envelope;
    events++;
  }
  return { state, events, last };
}

/** The result of `verifyReplay()`. */
export type ReplayVerdict = Readonly<{
  events: number;
  /** Prompts that were rendered again with the logged hash. */
  promptsVerified: number;
  /** Prompts of answers that a fork took over. They come from another design, and are verified there. */
  promptsInherited: number;
  divergences: readonly Divergence[];
  /** Strategies and schedules that are unknown. Their decisions were taken from the log; everything else was compared. */
  assumed: readonly string[];
}>;

/**
 * Replays a log, and decides every step again. The speakers, the moderator's turns, the models, every prompt, every sampling
 * seed and the reading of each reply must be as logged.
 *
 * @param envelopes The log from its beginning.
 * @param rules The rules of the discussion.
 */
export async function verifyReplay(envelopes: AsyncIterable<Envelope>, rules: Rules): Promise<ReplayVerdict> {
  let state = initialState;
  let annotations = annotationStart();
  let events = 0;
  let promptsVerified = 0;
  let promptsInherited = 0;
  const divergences: Divergence[] = [];
  const unknown = new Set<string>();
  for await (const envelope of envelopes) {
    const event = eventOf(envelope);
    const question = answeredQuestion(event);
    if (isInherited(state, envelope)) {
      if (question?.promptHash !== undefined) promptsInherited++;
    } else if (state.phase === "open" && state.design.imported === undefined && !isCallersChoice(event)) {
      const before = state;
      const { candidates, assumed } = rulesAsLogged(before, question, rules);
      for (const name of assumed) unknown.add(name);
      const found = leastOf(
        candidates.map((known) => compare(before, sentStep(before, event, known), event)),
      );
      divergences.push(...found.map((divergence) => ({ seq: envelope.seq, ...divergence })));
      if (found.length === 0 && question?.promptHash !== undefined) promptsVerified++;
    }
    const annotation = compareAnnotation(annotations, event, rules.sha256);
    divergences.push(...annotation.divergences.map((divergence) => ({ seq: envelope.seq, ...divergence })));
    if (annotation.isPrompt) promptsVerified++;
    annotations = evolveAnnotation(annotations, event);
    state = evolve(state, event);
    events++;
  }
  return { events, promptsVerified, promptsInherited, divergences, assumed: [...unknown] };
}

/** The comparison with the fewest divergences: one of the candidates is right. */
function leastOf<T>(comparisons: readonly T[][]): T[] {
  return comparisons.reduce((least, next) => next.length < least.length ? next : least);
}

/** The step as it was performed: the log says how many comments the prompt left out. */
function sentStep(state: OpenState, event: DiscussionEvent, rules: Rules): Step {
  const step = decide(state, rules);
  const comments = "generation" in event.data ? event.data.generation?.commentsLeftOut : undefined;
  if (step.kind !== "ask" || comments === undefined) return step;
  return leavingOut(state, step, { comments, rules }) ?? step;
}

type Question = Readonly<
  { role: string; speaker: string; turn: number; model: string; promptHash?: string; seed?: number }
>;

/** The question that an event answers; `null` if there is none. */
function answeredQuestion(event: DiscussionEvent): Question | null {
  switch (event.type) {
    case "TurnTaken":
    case "TurnPassed": {
      const { participant: speaker, turn, generation } = event.data;
      return asked({ role: "participant", speaker, turn }, generation);
    }
    case "ModeratorIntervened":
    case "ModeratorAbstained": {
      const { moderator: speaker, turn, generation } = event.data;
      return asked({ role: "moderator", speaker, turn }, generation);
    }
    case "GenerationFailed":
      return event.data;
    default:
      return null;
  }
}

/** An imported comment answers no question. */
function asked(
  who: Pick<Question, "role" | "speaker" | "turn">,
  generation: Generation | undefined,
): Question | null {
  if (generation === undefined) return null;
  const { model, promptHash, seed } = generation;
  return { ...who, model, promptHash, seed };
}

function isInherited(state: DiscussionState, { seq }: Envelope): boolean {
  return state.phase === "open" && seq <= (state.design.forkedFrom?.events ?? 0);
}

/** The caller decides to end a discussion early. */
function isCallersChoice(event: DiscussionEvent): boolean {
  return event.type === "DiscussionAborted" ||
    (event.type === "DiscussionCompleted" && event.data.reason === "stopped-early");
}

function compare(state: OpenState, step: Step, event: DiscussionEvent): Omit<Divergence, "seq">[] {
  const question = answeredQuestion(event);
  if (step.kind !== "ask" || question === null) {
    const logged = question === null ? JSON.stringify(event) : nameOf(question);
    const replayed = step.kind === "record"
      ? JSON.stringify(step.event)
      : step.kind === "ask"
      ? nameOf(step.request.origin)
      : "the end";
    return logged === replayed ? [] : [{ what: "step", logged, replayed }];
  }
  const { request, promptHash } = step;
  const pairs = [
    ["who is asked", nameOf(question), nameOf(request.origin)],
    ["model", question.model, step.model],
    ["prompt", question.promptHash ?? promptHash, promptHash],
    ["sampling seed", String(question.seed ?? request.seed), String(request.seed)],
    ["what was said", said(event), said(readAgain(state, step, event))],
  ] as const;
  return pairs.filter(([, logged, replayed]) => logged !== replayed)
    .map(([what, logged, replayed]) => ({ what, logged, replayed }));
}

/** The event that today's reading would record for the stored reply. */
function readAgain(state: OpenState, step: AskStep, event: DiscussionEvent): DiscussionEvent {
  if (!("generation" in event.data) || event.data.generation === undefined) return event;
  const { generation: { finishReason } } = event.data;
  const raw = "raw" in event.data ? event.data.raw : undefined;
  const text = raw ?? ("text" in event.data ? event.data.text : "");
  return answered(state, step, { text, finishReason });
}

function said({ data }: DiscussionEvent): string {
  if ("text" in data) return data.text;
  return "reason" in data ? `nothing (${data.reason})` : "nothing";
}

function nameOf({ role, speaker, turn }: { role: string; speaker: string; turn: number }): string {
  return `${role} ${speaker} at turn ${turn}`;
}

/** The logged speaker. */
type LoggedSpeaker = Readonly<{ role: string; speaker: string }>;

/** Rules, with logged decisions instead of unknown ones. */
type RulesAsLogged = Readonly<{
  /** More than one if the log leaves open what a rule says. One of them is right. */
  candidates: readonly Rules[];
  /** The names of the unknown rules. */
  assumed: readonly string[];
}>;

/**
 * Replaces unknown rules, such as rules in a file that was not loaded, by what the log says of one step.
 *
 * @param state The discussion before the step.
 * @param asked The logged speaker of the step; `null` if no one was asked.
 * @param rules The known rules.
 */
function rulesAsLogged(state: OpenState, asked: LoggedSpeaker | null, rules: Rules): RulesAsLogged {
  const { turnTaking, moderator, participants } = state.design;
  const assumed: string[] = [];
  let { strategies } = rules;
  if (strategyOf(turnTaking, strategies) === null) {
    assumed.push(turnTaking.name);
    const speaker = participants.findIndex(({ name }) => name === asked?.speaker);
    strategies = withRule<TurnTakingStrategy>(strategies, {
      name: turnTaking.name,
      select: () => Math.max(speaker, 0),
    });
  }
  if (moderator === null || rules.schedules.has(moderator.schedule.name)) {
    return { candidates: [{ ...rules, strategies }], assumed };
  }
  const { name } = moderator.schedule;
  const candidates = [false, true].map((mayAbstain) => ({
    ...rules,
    strategies,
    schedules: withRule<ModerationSchedule>(rules.schedules, {
      name,
      isDue: () => asked?.role === "moderator",
      mayAbstain,
    }),
  }));
  return { candidates, assumed: [...assumed, name] };
}

function withRule<T extends Readonly<{ name: string }>>(
  rules: ReadonlyMap<string, T>,
  rule: T,
): ReadonlyMap<string, T> {
  return new Map([...rules, [rule.name, rule]]);
}
