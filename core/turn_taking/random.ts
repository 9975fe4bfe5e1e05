/** `random`: any participant except the last speaker speaks next. */
import { z } from "../zod.ts";
import { chancesAmong, othersThanLast, type TurnTakingStrategy } from "./strategy.ts";

/** Draws each participant except the last speaker with equal probability. */
export const random: TurnTakingStrategy = {
  name: "random",
  options: z.strictObject({}),
  select: (view, draw) => draw.pick(othersThanLast(view)),
  chances: (view) => chancesAmong(view, othersThanLast(view)),
  clause: () => "each next speaker was drawn at random among all participants but the last speaker",
};
