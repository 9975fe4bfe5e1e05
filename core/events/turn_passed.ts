/** `TurnPassed`: a participant's silence. */
import type { Generation } from "./generation.ts";

/** Why a reply counts as silence. */
export type SilenceReason = "empty" | "pass-word" | "refused";

/** A participant was asked and stayed silent, passed, or the model refused. It enters no prompt. */
export type TurnPassed = Readonly<{
  type: "TurnPassed";
  data: Readonly<{
    /** 0-based turn. */
    turn: number;
    participant: string;
    reason: SilenceReason;
    /** The reply as the model gave it. */
    raw: string;
    /** None where the discussion was held elsewhere and imported. */
    generation?: Generation;
  }>;
}>;
