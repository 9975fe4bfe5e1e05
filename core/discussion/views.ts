/** What rules look at and draw from, as it follows from the state. */
import type { ModerationView } from "../moderation/mod.ts";
import { type Draw, openDraw, SAMPLING_SEED_MAX } from "../random/mod.ts";
import type { TurnTakingView } from "../turn_taking/mod.ts";
import type { DiscussionDesign } from "../events/discussion_design.ts";
import { type OpenState, perDesign } from "./state.ts";

/** What the turn-taking strategy looks at before the next turn. */
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

/** What the moderation schedule looks at after the last turn. */
export function moderationView(state: OpenState): ModerationView {
  return {
    turn: state.turn - 1,
    silent: state.lastTurnSilent,
    lastComment: state.window.at(-1) ?? null,
    window: state.window,
    lastIntervention: state.lastIntervention,
  };
}

/** What the next speaker is drawn from. */
export function speakerDraw({ design, turn }: OpenState): Draw {
  return openDraw(design.seed, "speaker", turn);
}

/** The sampling seed of a question. */
export function samplingSeed(
  { seed }: DiscussionDesign,
  role: "participant" | "moderator",
  turn: number,
): number {
  return openDraw(seed, "sampling", role, turn).below(SAMPLING_SEED_MAX);
}

const speakersOf = perDesign(({ participants }) =>
  participants.map(({ name, persona: { talkativeness } }) => ({
    name,
    talkativeness: typeof talkativeness === "number" ? talkativeness : 1,
  }))
);
