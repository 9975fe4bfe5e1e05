/** Runs a discussion only with the pure functions, without ports and promises. */
import type { DiscussionDesign, DiscussionEvent } from "../events/mod.ts";
import {
  answered,
  type AskStep,
  decide,
  type DiscussionState,
  evolve,
  initialState,
  type OpenState,
  type Rules,
} from "../discussion/mod.ts";
import { type ModerationSchedule, moderationSchedules } from "../moderation/mod.ts";
import type { ModelReply } from "../ports/mod.ts";
import { portableSha256 } from "../sha256.ts";
import { turnTakingStrategies, type TurnTakingStrategy } from "../turn_taking/mod.ts";
import { designWith } from "./designs.ts";

/** A discussion that ran to its end. */
export type Played = Readonly<{
  events: readonly DiscussionEvent[];
  /** The questions that were asked, in order. */
  asked: readonly AskStep[];
  /** The state after each event. */
  states: readonly OpenState[];
}>;

/** A complete reply with this text. */
export function saying(text: string): ModelReply {
  return { text, finishReason: "stop" };
}

/**
 * Runs a discussion to its end.
 *
 * @param reply Answers the n-th question, 0-based.
 */
export function play(
  design: DiscussionDesign,
  reply: (step: AskStep, nth: number) => string | ModelReply,
  rules: Rules = rulesWith(),
): Played {
  const events: DiscussionEvent[] = [];
  const asked: AskStep[] = [];
  const states: OpenState[] = [];
  let state: DiscussionState = initialState;
  const happen = (event: DiscussionEvent): void => {
    const next = evolve(state, event);
    state = next;
    events.push(event);
    states.push(next as OpenState);
  };
  happen({ type: "DiscussionOpened", data: design });
  for (;;) {
    const step = decide(state, rules);
    if (step.kind === "ended") return { events, asked, states };
    if (step.kind === "record") happen(step.event);
    else {
      const said = reply(step, asked.length);
      asked.push(step);
      happen(answered(states.at(-1)!, step, typeof said === "string" ? saying(said) : said));
    }
  }
}

/** The state after some events. */
export function stateAfter(events: Iterable<DiscussionEvent>): OpenState {
  let state: DiscussionState = initialState;
  for (const event of events) state = evolve(state, event);
  return state as OpenState;
}

/** The state after a discussion of `designWith(changes)` was opened and these events happened. */
export function given(changes: Partial<DiscussionDesign>, ...events: readonly DiscussionEvent[]): OpenState {
  return stateAfter([{ type: "DiscussionOpened", data: designWith(changes) }, ...events]);
}

/** The built-in rules, the given rules, and the portable hash function. */
export function rulesWith(
  { strategies = [], schedules = [] }: {
    strategies?: readonly TurnTakingStrategy[];
    schedules?: readonly ModerationSchedule[];
  } = {},
): Rules {
  return {
    strategies: turnTakingStrategies(strategies),
    schedules: moderationSchedules(schedules),
    sha256: portableSha256,
  };
}
