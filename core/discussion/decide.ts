/** Decides the next step of a discussion, and turns a reply into an event. */
import { type DiscussionEvent, generationOf, takenOut } from "../events/mod.ts";
import type { ModerationSchedules, ModerationView } from "../moderation/mod.ts";
import type { Message, ModelError, ModelReply, ModelRequest } from "../ports/model.ts";
import type { Sha256 } from "../sha256.ts";
import { strategyOf, type TurnTakingStrategies, type TurnTakingView } from "../turn_taking/mod.ts";
import { commentsShown, moderatorPrompt, participantPrompt } from "./prompt.ts";
import { type DiscussionState, type OpenState, perDesign } from "./state.ts";
import { readUtterance } from "./reading.ts";
import { type Draw, openDraw, SAMPLING_SEED_MAX } from "../random/mod.ts";
import type { DiscussionDesign } from "../events/discussion_design.ts";

/** The strategies and schedules of discussions, built in or added by a researcher, and the hash function. */
export type Rules = Readonly<{
  strategies: TurnTakingStrategies;
  schedules: ModerationSchedules;
  sha256: Sha256;
}>;

/** The step that asks a model for a comment. */
export type AskStep = Readonly<{
  kind: "ask";
  /** The model's name in the design. */
  model: string;
  role: "participant" | "moderator";
  request: ModelRequest;
  /** SHA-256 (hex) of the prompt. */
  promptHash: string;
  /** How many of the oldest comments the prompt leaves out; none by default. */
  commentsLeftOut?: number;
}>;

/** The next step of a discussion. */
export type Step =
  /** Records an event that follows from the log, without asking a model. */
  | Readonly<{ kind: "record"; event: DiscussionEvent }>
  | AskStep
  | Readonly<{ kind: "ended" }>;

/**
 * A strategy or schedule failed, perhaps one that a researcher wrote: it threw an error, returned an
 * invalid value, or is missing.
 */
export class BrokenRule extends Error {
  /** Identifies errors of this class. */
  override readonly name = "BrokenRule";
}

/**
 * The next step of a discussion. Equal states give equal steps in a first run, a resumed run and a replay.
 *
 * @throws {RangeError} When the discussion has not been opened.
 * @throws {BrokenRule} When a strategy or schedule fails, or is missing in `rules`.
 */
export function decide(state: DiscussionState, rules: Rules): Step {
  if (state.phase === "unopened") {
    throw new RangeError("Cannot decide on the next step: the discussion has not been opened");
  }
  if (state.phase === "ended") return { kind: "ended" };
  const { design } = state;
  const opening = design.openings[state.seeded];
  if (opening !== undefined && state.turn === 0) {
    return {
      kind: "record",
      event: { type: "SeedCommentPosted", data: { comment: state.comments, ...opening } },
    };
  }
  const intervention = dueIntervention(state);
  if (intervention !== null) return { kind: "record", event: intervention };
  if (!state.moderated) {
    const step = moderationStep(state, rules);
    if (step !== null) return step;
  }
  if (state.turn >= design.turns) {
    const { turn: turns, comments } = state;
    return {
      kind: "record",
      event: { type: "DiscussionCompleted", data: { reason: "turns", turns, comments } },
    };
  }
  return turnStep(state, rules);
}

/** The next intervention that is due after the latest turn; `null` if there is none. */
export function dueIntervention({ design, turn, intervened, comments }: OpenState): DiscussionEvent | null {
  const due = design.interventions?.filter(({ after }) => after === turn)[intervened];
  if (due === undefined) return null;
  const { author, text } = due;
  return { type: "InterventionPosted", data: { turn: turn - 1, comment: comments, author, text } };
}

function turnStep(state: OpenState, rules: Rules): AskStep {
  const { design, turn } = state;
  const participant = design.participants[nextSpeaker(state, rules)]!;
  return ask(state, rules, {
    model: participant.model,
    speaker: participant.name,
    role: "participant",
    turn,
    messages: participantPrompt(state, participant),
  });
}

function moderationStep(state: OpenState, rules: Rules): AskStep | null {
  const { moderator } = state.design;
  if (moderator === null) return null;
  const { name, options } = moderator.schedule;
  const schedule = rules.schedules.get(name);
  if (schedule === undefined) throw new BrokenRule(`Cannot find the moderation schedule "${name}"`);
  const due = guarded("moderation schedule", name, () => schedule.isDue(moderationView(state), options));
  if (typeof due !== "boolean") {
    throw new BrokenRule(
      `Cannot use the moderation schedule "${name}": it answered ${String(due)}, not true or false`,
    );
  }
  if (!due) return null;
  return ask(state, rules, {
    model: moderator.model,
    speaker: moderator.name,
    role: "moderator",
    turn: state.turn - 1,
    messages: moderatorPrompt(state, moderator, schedule),
  });
}

function nextSpeaker(state: OpenState, rules: Rules): number {
  const { design } = state;
  const { name, options } = design.turnTaking;
  const strategy = strategyOf(design.turnTaking, rules.strategies);
  if (strategy === null) throw new BrokenRule(`Cannot find the turn-taking strategy "${name}"`);
  const draw = speakerDraw(state);
  const index = guarded(
    "turn-taking strategy",
    name,
    () => strategy.select(turnTakingView(state), draw, options),
  );
  if (design.participants[index] === undefined) {
    throw new BrokenRule(
      `Cannot use the turn-taking strategy "${name}": it chose participant ${String(index)}, ` +
        `expected a whole number from 0 to ${design.participants.length - 1}`,
    );
  }
  return index;
}

/**
 * Calls a rule, perhaps one that a researcher wrote.
 *
 * @throws {BrokenRule} When the rule throws an error.
 */
export function guarded<T>(what: string, name: string, run: () => T): T {
  try {
    return run();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new BrokenRule(`Cannot use the ${what} "${name}": it failed with "${reason}"`, { cause });
  }
}

/**
 * The same step with a shorter prompt, for a model whose context is too short. The prompt leaves out some of
 * the oldest comments.
 *
 * @param options How many comments to leave out, and the rules of the discussion.
 * @returns The step with the shorter prompt; `null` if the prompt shows fewer comments than that.
 */
export function leavingOut(
  state: OpenState,
  step: AskStep,
  { comments, rules }: Readonly<{ comments: number; rules: Rules }>,
): AskStep | null {
  if (!Number.isSafeInteger(comments) || comments < 1 || comments > commentsShown(state)) return null;
  const { design: { moderator, participants } } = state;
  const { role, request: { origin: { speaker } } } = step;
  const participant = participants.find(({ name }) => name === speaker);
  const messages = role === "participant"
    ? participantPrompt(state, participant!, comments)
    : moderatorPrompt(state, moderator!, {
      mayAbstain: rules.schedules.get(moderator!.schedule.name)!.mayAbstain,
      commentsLeftOut: comments,
    });
  return {
    ...step,
    request: { ...step.request, messages },
    promptHash: promptHash(messages, rules),
    commentsLeftOut: comments,
  };
}

/** The hash of a prompt, as logs keep it: SHA-256 (hex) of its messages as JSON. */
export function promptHash(messages: readonly Message[], { sha256 }: Pick<Rules, "sha256">): string {
  return sha256(JSON.stringify(messages));
}

type Asked = Readonly<{
  model: string;
  speaker: string;
  role: "participant" | "moderator";
  turn: number;
  messages: readonly Message[];
}>;

function ask({ design }: OpenState, rules: Rules, asked: Asked): AskStep {
  const { model, speaker, role, turn, messages } = asked;
  return {
    kind: "ask",
    model,
    role,
    request: {
      messages,
      sampling: design.models[model]!.sampling,
      seed: samplingSeed(design, role, turn),
      origin: { discussion: design.id, turn, speaker, role },
    },
    promptHash: promptHash(messages, rules),
  };
}

/** The event for a reply: a comment, or silence. */
export function answered(state: OpenState, step: AskStep, reply: ModelReply): DiscussionEvent {
  const { role, request: { origin: { turn, speaker } } } = step;
  const generation = generationOf(step, reply);
  const { passWord, models, reading } = state.design;
  const { thoughts } = models[step.model]!;
  const utterance = readUtterance(reply, passWord, { speaker, thoughts, reading });
  const taken = takenOut(utterance);
  if ("silent" in utterance) {
    const silence = { reason: utterance.silent, raw: reply.text, generation, ...taken };
    return role === "participant"
      ? { type: "TurnPassed", data: { turn, participant: speaker, ...silence } }
      : { type: "ModeratorAbstained", data: { turn, moderator: speaker, ...silence } };
  }
  const { text } = utterance;
  const comment = state.comments;
  const said = { text, ...(text === reply.text ? {} : { raw: reply.text }), generation, ...taken };
  return role === "participant"
    ? { type: "TurnTaken", data: { turn, comment, participant: speaker, ...said } }
    : { type: "ModeratorIntervened", data: { turn, comment, moderator: speaker, ...said } };
}

/** The event for a failed request. The discussion does not advance. */
export function failed(step: AskStep, { kind, retryable }: ModelError): DiscussionEvent {
  const { role, request: { origin: { turn, speaker } } } = step;
  return { type: "GenerationFailed", data: { turn, speaker, role, model: step.model, kind, retryable } };
}

export function turnTakingView(state: OpenState): TurnTakingView {
  return {
    turn: state.turn,
    participants: speakersOf(state.design),
    last: state.last,
    secondToLast: state.secondToLast,
    lastComment: state.window.at(-1) ?? null,
    turnsTaken: state.turnsTaken,
  };
}

export function moderationView(state: OpenState): ModerationView {
  return {
    turn: state.turn - 1,
    // After a silent turn, a scripted intervention is a new comment, so the moderator does not see silence.
    silent: state.lastTurnSilent && state.intervened === 0,
    lastComment: state.window.at(-1) ?? null,
    window: state.window,
    lastIntervention: state.lastIntervention,
  };
}

export function speakerDraw({ design, turn }: OpenState): Draw {
  return openDraw(design.ownSeeds?.speakers ?? design.seed, "speaker", turn);
}

export function samplingSeed(
  { seed, ownSeeds }: DiscussionDesign,
  role: "participant" | "moderator",
  turn: number,
): number {
  return openDraw(ownSeeds?.sampling ?? seed, "sampling", role, turn).below(SAMPLING_SEED_MAX);
}

const speakersOf = perDesign(({ participants }) =>
  participants.map(({ name, persona: { talkativeness } }) => ({
    name,
    talkativeness: typeof talkativeness === "number" ? talkativeness : 1,
  }))
);
