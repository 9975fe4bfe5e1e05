/** `ModeratorIntervened`: a moderator's comment. */
import type { Generation } from "./models.ts";
import type { TakenOut } from "./taken_out.ts";

/** The moderator was asked after a turn and said something. */
export type ModeratorIntervened = Readonly<{
  type: "ModeratorIntervened";
  data:
    & Readonly<{
      /** The 0-based turn after which the moderator was asked. */
      turn: number;
      /** 0-based ordinal of the comment in its discussion. */
      comment: number;
      moderator: string;
      text: string;
      /** The reply as the model gave it, where `text` differs from it. */
      raw?: string;
      /** None where the discussion was held elsewhere and imported. */
      generation?: Generation;
    }>
    & TakenOut;
}>;
