/** `weighted`: the talkative speak more. */
import { chancesAmong, othersThanLast } from "./others.ts";
import type { TurnTakingStrategy } from "./strategy.ts";

/**
 * Each of the others as likely as their persona's `talkativeness` (1 where it says nothing; 0 means only when nobody
 * else can speak); never the last speaker again.
 */
export const weighted: TurnTakingStrategy = {
  name: "weighted",
  select(view, draw) {
    const others = othersThanLast(view);
    const weights = others.map((index) => view.participants[index]!.talkativeness);
    return weights.some((weight) => weight > 0) ? others[draw.weighted(weights)]! : draw.pick(others);
  },
  chances: (view) =>
    chancesAmong(view, othersThanLast(view), (index) => view.participants[index]!.talkativeness),
};
