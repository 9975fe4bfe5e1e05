/** Rules that are not at hand, such as a researcher's own file that was not loaded: they answer what a log says. */
import type { OpenState, Rules } from "../discussion/mod.ts";
import type { ModerationSchedule } from "../moderation/mod.ts";
import { strategyOf, type TurnTakingStrategy } from "../turn_taking/mod.ts";

/** Who was asked, as a log says. */
export type LoggedSpeaker = Readonly<{ role: string; speaker: string }>;

/** Rules that decide as a log says where a rule is not known. */
export type RulesAsLogged = Readonly<{
  /** More than one where the log leaves open what a rule says: one of them is the right one. */
  candidates: readonly Rules[];
  /** The rules that are not known, by their names. */
  assumed: readonly string[];
}>;

/**
 * Completes rules by what a log says of one step.
 *
 * @param state The discussion before the step.
 * @param asked Who was asked in that step; `null` where nobody was.
 * @param rules What is known.
 */
export function rulesAsLogged(state: OpenState, asked: LoggedSpeaker | null, rules: Rules): RulesAsLogged {
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
