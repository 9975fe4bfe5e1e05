/** `respond`: people answer those who answered them. */
import { othersThanLast } from "./others.ts";
import type { TurnTakingStrategy } from "./strategy.ts";

/**
 * With `probability` p the second-to-last speaker answers; otherwise one of the others is drawn, the second-to-last
 * speaker among them. The first two turns are random.
 *
 * So among n participants the second-to-last speaker has the next turn with probability p + (1 − p) / (n − 1).
 */
export const respond: TurnTakingStrategy = {
  name: "respond",
  select(view, draw, options) {
    const { last, secondToLast } = view;
    const answers = draw.uniform() < Number(options.probability);
    const canAnswer = secondToLast !== null && secondToLast !== last;
    return answers && canAnswer ? secondToLast : draw.pick(othersThanLast(view));
  },
  check: ({ probability }) =>
    typeof probability === "number" && probability >= 0 && probability <= 1
      ? []
      : ["probability must be a number from 0 to 1"],
};
