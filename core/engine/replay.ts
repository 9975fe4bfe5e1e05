/**
 * Replays a log up to any event. Also checks that today's rules give the same steps and prompts as the log.
 */
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
import { type DiscussionEvent, type Envelope, eventOf, isAnnotationEvent } from "../events/mod.ts";
import type { ModerationSchedule } from "../moderation/mod.ts";
import { strategyOf, type TurnTakingStrategy } from "../turn_taking/mod.ts";
import { compareAnnotation, isWithheld, lacksContext, type Pair } from "./compare_annotation.ts";
import { isCopied, walkLog } from "./log_walk.ts";

/** A replayed log. */
export type Replayed = Readonly<{
  state: DiscussionState;
  /** How many events were replayed. */
  events: number;
  last: Envelope | null;
}>;

/** Replays a log up to the event at the 0-based position `seq`, by default to its end. */
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

/** A difference between a log and its replay. */
export type Divergence = Readonly<{ seq: number; what: string; logged: string; replayed: string }>;

/** The result of `verifyReplay()`. */
export type ReplayVerdict = Readonly<{
  events: number;
  /** Prompts that were rendered again and have the logged hash. */
  promptsVerified: number;
  /**
   * Prompts of answers that a fork copied. They depend on the design of the original discussion, so they are
   * verified in its log.
   */
  promptsInherited: number;
  /** Prompts that cannot be rendered again, because they had words of people who withdrew. */
  promptsWithheld: number;
  divergences: readonly Divergence[];
  /**
   * The names of strategies and schedules that are not known. Their decisions were taken from the log.
   * Everything else was compared.
   */
  assumed: readonly string[];
}>;

/**
 * Replays a log, and decides every step again, except imported and copied events and early ends. The speakers, the
 * moderator's turns, the models, every prompt, every sampling seed and the reading of each reply must be as logged.
 */
export async function verifyReplay(envelopes: AsyncIterable<Envelope>, rules: Rules): Promise<ReplayVerdict> {
  let events = 0;
  let promptsVerified = 0;
  let promptsInherited = 0;
  let promptsWithheld = 0;
  const divergences: Divergence[] = [];
  const unknown = new Set<string>();
  for await (const { envelope, event, state, annotations } of walkLog(envelopes)) {
    const question = answeredQuestion(event);
    const note = (found: readonly Difference[], isPrompt: boolean, lacksWords: boolean) => {
      // The words of people who withdrew are missing. Without them, a strategy can also choose another
      // speaker.
      if (found.length > 0 && lacksWords) {
        if (isPrompt) promptsWithheld++;
        return;
      }
      divergences.push(...found.map((difference) => ({ seq: envelope.seq, ...difference })));
      if (isPrompt && found.length === 0) promptsVerified++;
    };
    const hasPrompt = question?.promptHash !== undefined;
    if (isCopied(envelope, state)) {
      if (hasPrompt) promptsInherited++;
    } else if (state.phase === "open" && state.design.imported === undefined && !isCallersChoice(event)) {
      const { candidates, assumed } = rulesAsLogged(state, question, rules);
      for (const name of assumed) unknown.add(name);
      const found = candidates.map((known) => compare(state, sentStep(state, event, known), event));
      // `candidates` has all possible rules. The rules with the fewest differences are the right ones.
      note(
        found.reduce((least, next) => next.length < least.length ? next : least),
        hasPrompt,
        state.window.some(({ withheld }) => withheld),
      );
    }
    const { pairs, isPrompt } = compareAnnotation(annotations, event, rules.sha256);
    note(differences(pairs), isPrompt, isAnnotationEvent(event) && lacksContext(annotations, event));
    events++;
  }
  return { events, promptsVerified, promptsInherited, promptsWithheld, divergences, assumed: [...unknown] };
}

type Difference = Omit<Divergence, "seq">;

function differences(pairs: readonly Pair[]): Difference[] {
  return pairs.filter(([, logged, replayed]) => logged !== replayed)
    .map(([what, logged, replayed]) => ({ what, logged, replayed }));
}

/**
 * The step as it was sent, without the comments that its prompt left out. The log records how many these are.
 */
function sentStep(state: OpenState, event: DiscussionEvent, rules: Rules): Step {
  const step = decide(state, rules);
  const comments = "generation" in event.data ? event.data.generation?.commentsLeftOut : undefined;
  if (step.kind !== "ask" || comments === undefined) return step;
  return leavingOut(state, step, { comments, rules }) ?? step;
}

type Question = Readonly<
  { role: string; speaker: string; turn: number; model: string; promptHash?: string; seed?: number }
>;

/** The question that an event answers; `null` if there is none, as for an imported comment. */
function answeredQuestion(event: DiscussionEvent): Question | null {
  if (event.type === "GenerationFailed") return event.data;
  const isTurn = event.type === "TurnTaken" || event.type === "TurnPassed";
  if (!isTurn && event.type !== "ModeratorIntervened" && event.type !== "ModeratorAbstained") return null;
  const { turn, generation } = event.data;
  if (generation === undefined) return null;
  const { model, promptHash, seed } = generation;
  return isTurn
    ? { role: "participant", speaker: event.data.participant, turn, model, promptHash, seed }
    : { role: "moderator", speaker: event.data.moderator, turn, model, promptHash, seed };
}

/** Whether the event ends a discussion early. The caller decides this, so no rule can repeat it. */
function isCallersChoice(event: DiscussionEvent): boolean {
  return event.type === "DiscussionAborted" ||
    (event.type === "DiscussionCompleted" && event.data.reason === "stopped-early");
}

function compare(state: OpenState, step: Step, event: DiscussionEvent): Difference[] {
  const question = answeredQuestion(event);
  if (step.kind !== "ask" || question === null) {
    const logged = question === null ? JSON.stringify(event) : nameOf(question);
    const replayed = step.kind === "record"
      ? JSON.stringify(step.event)
      : step.kind === "ask"
      ? nameOf(step.request.origin)
      : "the end";
    return differences([["step", logged, replayed]]);
  }
  const { request, promptHash } = step;
  const comment: Pair[] = isWithheld(event)
    ? []
    : [["comment", said(event), said(readAgain(state, step, event))]];
  return differences([
    ["speaker", nameOf(question), nameOf(request.origin)],
    ["model", question.model, step.model],
    ["prompt", question.promptHash ?? promptHash, promptHash],
    ["sampling seed", String(question.seed ?? request.seed), String(request.seed)],
    ...comment,
  ]);
}

/** The event that today's rules for reading give for the stored reply. */
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

function nameOf({ role, speaker, turn }: Pick<Question, "role" | "speaker" | "turn">): string {
  return `${role} ${speaker} at turn ${turn}`;
}

/** The known rules. In place of each rule that is not known, its decisions in the log. */
type RulesAsLogged = Readonly<{
  /**
   * All possible rules. There are two if the log does not show whether an unknown schedule lets the moderator
   * abstain. One of the two is right.
   */
  candidates: readonly Rules[];
  /** The names of the unknown rules. */
  assumed: readonly string[];
}>;

function rulesAsLogged(state: OpenState, asked: Question | null, rules: Rules): RulesAsLogged {
  const { turnTaking, moderator, participants } = state.design;
  const assumed: string[] = [];
  let { strategies } = rules;
  if (strategyOf(turnTaking, strategies) === null) {
    assumed.push(turnTaking.name);
    const speaker = participants.findIndex(({ name }) => name === asked?.speaker);
    const select = () => Math.max(speaker, 0);
    strategies = withRule<TurnTakingStrategy>(strategies, { name: turnTaking.name, select });
  }
  if (moderator === null || rules.schedules.has(moderator.schedule.name)) {
    return { candidates: [{ ...rules, strategies }], assumed };
  }
  const { name } = moderator.schedule;
  const isDue = () => asked?.role === "moderator";
  const candidates = [false, true].map((mayAbstain) => ({
    ...rules,
    strategies,
    schedules: withRule<ModerationSchedule>(rules.schedules, { name, isDue, mayAbstain }),
  }));
  return { candidates, assumed: [...assumed, name] };
}

function withRule<T extends Readonly<{ name: string }>>(
  rules: ReadonlyMap<string, T>,
  rule: T,
): ReadonlyMap<string, T> {
  return new Map([...rules, [rule.name, rule]]);
}
