/** `TurnPassed`: a participant's silence. */
import type { Generation } from "./models.ts";
import type { TakenOut } from "./taken_out.ts";

/** Why a reply counts as silence. */
export type SilenceReason = (typeof SILENCE_REASONS)[number];

/** Every reason. `cut-before-text` is no choice: the limit of tokens left no room for a word. */
export const SILENCE_REASONS = ["empty", "pass-word", "refused", "cut-before-text"] as const;

/** A participant was asked and stayed silent, passed, or the model refused. It enters no prompt. */
export type TurnPassed = Readonly<{
  type: "TurnPassed";
  data:
    & Readonly<{
      /** 0-based turn. */
      turn: number;
      participant: string;
      reason: SilenceReason;
      /** The reply as the model gave it. */
      raw: string;
      /** None where the discussion was held elsewhere and imported. */
      generation?: Generation;
    }>
    & TakenOut;
}>;
