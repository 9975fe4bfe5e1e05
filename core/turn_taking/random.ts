/** `random`: anybody but the last speaker. */
import { chancesAmong, othersThanLast } from "./others.ts";
import type { TurnTakingStrategy } from "./strategy.ts";

/** Each of the others with equal probability; never the last speaker again. */
export const random: TurnTakingStrategy = {
  name: "random",
  select: (view, draw) => draw.pick(othersThanLast(view)),
  chances: (view) => chancesAmong(view, othersThanLast(view)),
};
