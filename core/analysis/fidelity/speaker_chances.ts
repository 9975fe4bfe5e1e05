/** How likely everybody is to have the next turn, under the built-in strategies. */
import type { RuleSpec } from "../../discussion/design.ts";
import { openDraw } from "../../random/mod.ts";
import {
  mention,
  random,
  respond,
  roundRobin,
  type TurnTakingStrategies,
  type TurnTakingView,
  weighted,
} from "../../turn_taking/mod.ts";

/**
 * The probability of each participant to have the next turn, given what happened before.
 *
 * @param rule The declared strategy.
 * @param view What it looks at.
 * @param strategies The strategies by name, to tell a built-in one from one that took its place.
 * @returns In the participants' order, summing to one; `null` for a strategy whose chances are not known.
 */
export function speakerChances(
  { name, options }: RuleSpec,
  view: TurnTakingView,
  strategies: TurnTakingStrategies,
): readonly number[] | null {
  const { last, secondToLast, participants } = view;
  const alone = participants.length === 1;
  const others = participants.map((_, index) => alone || index !== last ? 1 : 0);
  const strategy = strategies.get(name);
  switch (name) {
    case "random":
      return strategy === random ? normalised(others) : null;
    case "weighted":
      return strategy === weighted
        ? normalised(others.map((weight, index) => weight * participants[index]!.talkativeness)) ??
          normalised(others)
        : null;
    case "respond": {
      if (strategy !== respond) return null;
      const drawn = normalised(others);
      if (drawn === null || secondToLast === null || secondToLast === last) return drawn;
      const answers = Number(options.probability);
      return drawn.map((chance, index) => (index === secondToLast ? answers : 0) + (1 - answers) * chance);
    }
    case "round-robin":
      if (strategy !== roundRobin) return null;
      return last === null && options.randomFirst === true
        ? normalised(participants.map(() => 1))
        : onlyAt(last === null ? 0 : (last + 1) % participants.length, participants.length);
    case "mention": {
      const addressed = addressedIn(view);
      return addressed === null
        ? speakerChances(fallbackOf(options), view, strategies)
        : onlyAt(addressed, participants.length);
    }
    default:
      return null;
  }
}

function normalised(weights: readonly number[]): readonly number[] | null {
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return sum > 0 ? weights.map((weight) => weight / sum) : null;
}

function onlyAt(place: number, length: number): readonly number[] {
  return Array.from({ length }, (_, index) => index === place ? 1 : 0);
}

const NOBODY = -1;

/** Chooses whoever was addressed, and nobody where the fallback would decide. */
const addressing = mention(() => ({ name: "nobody", select: () => NOBODY }));
const unused = openDraw("", "unused");

function addressedIn(view: TurnTakingView): number | null {
  const addressed = addressing.select(view, unused, {});
  return addressed === NOBODY ? null : addressed;
}

function fallbackOf({ fallback }: RuleSpec["options"]): RuleSpec {
  const { name, options } = (fallback ?? {}) as Partial<RuleSpec>;
  return typeof name === "string" ? { name, options: options ?? {} } : { name: random.name, options: {} };
}
