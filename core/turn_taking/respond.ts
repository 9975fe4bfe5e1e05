/** `respond`: the second-to-last speaker often speaks next, as when two people answer each other. */
import { z } from "../zod.ts";
import { chancesAmong, othersThanLast, type TurnTakingStrategy, type TurnTakingView } from "./strategy.ts";

const probability = { error: "a number from 0 to 1" };

/**
 * With `probability` p, the second-to-last speaker speaks next. Otherwise, the next speaker is drawn from all
 * participants except the last speaker. The speakers of the first two turns are drawn, too.
 *
 * So, with n participants, the second-to-last speaker has the next turn with the probability
 * p + (1 − p) / (n − 1).
 */
export const respond: TurnTakingStrategy = {
  name: "respond",
  options: z.strictObject({
    probability: z.number(probability).min(0, probability).max(1, probability)
      .describe("How often the second-to-last speaker answers"),
  }),
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
  clause: (options) =>
    `with probability ${options.probability} the second-to-last speaker spoke next, and otherwise one drawn at ` +
    "random among all participants but the last speaker",
};

/**
 * Index of the second-to-last speaker; `null` if there is none, or if this participant also had the last
 * turn.
 */
function answeringIn({ last, secondToLast }: TurnTakingView): number | null {
  return secondToLast === last ? null : secondToLast;
}
