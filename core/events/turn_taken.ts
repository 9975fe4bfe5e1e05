/** `TurnTaken`: a participant's comment. */
import type { Generation } from "./models.ts";
import type { TakenOut } from "./taken_out.ts";

/** A participant was asked and said something. */
export type TurnTaken = Readonly<{
  type: "TurnTaken";
  data:
    & Readonly<{
      /** 0-based turn. */
      turn: number;
      /** 0-based ordinal of the comment in its discussion. */
      comment: number;
      participant: string;
      /** The comment as the others read it. */
      text: string;
      /** The reply as the model gave it, where `text` differs from it. */
      raw?: string;
      /** None where the discussion was held elsewhere and imported. */
      generation?: Generation;
    }>
    & TakenOut;
}>;
