/** The views that rules receive, for tests of single rules. */
import type { ModerationView } from "../moderation/mod.ts";
import type { TurnTakingView } from "../turn_taking/mod.ts";

/** The view before the first turn, for participants with these names. `changes` replaces members. */
export function turnView(names: readonly string[], changes: Partial<TurnTakingView> = {}): TurnTakingView {
  return {
    turn: 0,
    participants: names.map((name) => ({ name, talkativeness: 1 })),
    last: null,
    secondToLast: null,
    lastComment: null,
    turnsTaken: names.map(() => 0),
    ...changes,
  };
}

/** The view after comments with these texts, oldest first. `changes` replaces members. */
export function moderationView(
  texts: readonly string[],
  changes: Partial<ModerationView> = {},
): ModerationView {
  const window = texts.map((text, index) => ({ author: `P${index}`, text }));
  return {
    turn: 0,
    silent: false,
    lastComment: window.at(-1) ?? null,
    window,
    lastIntervention: null,
    ...changes,
  };
}
