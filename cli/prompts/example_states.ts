/** Makes example states of a planned discussion: before its first turn, and after some turns. */
import { dueIntervention, evolve, initialState, type OpenState } from "../../core/discussion/mod.ts";
import type { DiscussionDesign } from "../../core/events/mod.ts";
import { pastsOf, type Plan, type Role } from "../../core/experiment/mod.ts";

/** Stands for a comment that a model will write. */
export const COMMENT_TO_COME = "[…]";

/** The state of a discussion before its first turn; for a branch, after its past. */
export function stateBeforeTurns(plan: Plan, design: DiscussionDesign): OpenState {
  let state = evolve(initialState, { type: "DiscussionOpened", data: design }) as OpenState;
  const past = design.forkedFrom === undefined ? null : pastsOf(plan)(design.forkedFrom);
  for (const { event } of past?.events ?? []) state = evolve(state, event) as OpenState;
  while (state.turn === 0 && state.seeded < design.openings.length) {
    const opening = design.openings[state.seeded]!;
    const event = { type: "SeedCommentPosted", data: { comment: state.comments, ...opening } } as const;
    state = evolve(state, event) as OpenState;
  }
  return withInterventions(state);
}

/**
 * States after further turns, each with one comment more. The second comment is by the participant at the index
 * `speaker`, the others are by the next participants.
 */
export function statesAfterTurns(before: OpenState, speaker: number): readonly OpenState[] {
  const { participants, turns } = before.design;
  const states: OpenState[] = [];
  let state = before;
  for (const next of [1, 0, participants.length > 2 ? 2 : 1].slice(0, turns - before.turn)) {
    const { name } = participants[(speaker + next) % participants.length]!;
    const said = { turn: state.turn, comment: state.comments, participant: name, text: COMMENT_TO_COME };
    state = withInterventions(evolve(state, { type: "TurnTaken", data: said }) as OpenState);
    states.push(state);
  }
  return states;
}

/** The roles that participants can get: not those with the count 0 or the probability 0. */
export function givenRoles(roles: readonly Role[]): readonly Role[] {
  return roles.filter((role) => "count" in role ? role.count > 0 : role.probability > 0);
}

function withInterventions(state: OpenState): OpenState {
  for (;;) {
    const due = dueIntervention(state);
    if (due === null) return state;
    state = evolve(state, due) as OpenState;
  }
}
