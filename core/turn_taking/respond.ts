/** `respond`: people answer those who answered them. */
import { chancesAmong, othersThanLast } from "./others.ts";
import type { TurnTakingStrategy, TurnTakingView } from "./strategy.ts";

/**
 * With `probability` p the second-to-last speaker answers; otherwise one of the others is drawn, the second-to-last
 * speaker among them. The first two turns are random.
 *
 * So among n participants the second-to-last speaker has the next turn with probability p + (1 − p) / (n − 1).
 */
export const respond: TurnTakingStrategy = {
  name: "respond",
  select(view, draw, options) {
    const answers = draw.uniform() < Number(options.probability);
    const answering = answeringIn(view);
    return answers && answering !== null ? answering : draw.pick(othersThanLast(view));
  },
  chances(view, options) {
    const drawn = chancesAmong(view, othersThanLast(view));
    const answering = answeringIn(view);
    if (answering === null) return drawn;
    const answers = Number(options.probability);
    return drawn.map((chance, index) => (index === answering ? answers : 0) + (1 - answers) * chance);
  },
  check: ({ probability }) =>
    typeof probability === "number" && probability >= 0 && probability <= 1
      ? []
      : ["probability must be a number from 0 to 1"],
};

/** The second-to-last speaker, where somebody else had the turn since. */
function answeringIn({ last, secondToLast }: TurnTakingView): number | null {
  return secondToLast === last ? null : secondToLast;
}
