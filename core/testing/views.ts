/** What rules look at, for tests of single rules. */
import type { ModerationView } from "../moderation/mod.ts";
import type { TurnTakingView } from "../turn_taking/mod.ts";

/** The view of a first turn among participants of these names, but for the changes. */
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

/** The view after a turn in which the last of the texts was said, the others before it. */
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
