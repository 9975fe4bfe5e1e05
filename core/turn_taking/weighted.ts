/** `weighted`: talkative participants speak more often. */
import { z } from "../zod.ts";
import { chancesAmong, othersThanLast, type TurnTakingStrategy } from "./strategy.ts";

/**
 * Draws from all participants except the last speaker, in proportion to their personas' `talkativeness` (1 by
 * default). A participant with the talkativeness 0 speaks only if all other participants who can speak have
 * 0, too.
 */
export const weighted: TurnTakingStrategy = {
  name: "weighted",
  options: z.strictObject({}),
  select(view, draw) {
    const others = othersThanLast(view);
    const weights = others.map((index) => view.participants[index]!.talkativeness);
    return weights.some((weight) => weight > 0) ? others[draw.weighted(weights)]! : draw.pick(others);
  },
  chances: (view) =>
    chancesAmong(view, othersThanLast(view), (index) => view.participants[index]!.talkativeness),
  clause: () =>
    "each next speaker was drawn among all participants but the last speaker, with chances in proportion to " +
    "their personas' talkativeness (1 where a persona states none)",
};
