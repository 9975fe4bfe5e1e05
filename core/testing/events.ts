/** Events for tests, as a discussion with the design `designWith()` records them. */
import type {
  DiscussionEvent,
  Generation,
  InterventionPosted,
  ModeratorAbstained,
  ModeratorIntervened,
  SeedCommentPosted,
  SilenceReason,
  TurnPassed,
  TurnTaken,
} from "../events/mod.ts";
import { TEST_MODEL } from "./designs.ts";

const generation: Generation = {
  model: TEST_MODEL,
  promptHash: "0".repeat(64),
  seed: 1,
  finishReason: "stop",
};

/** An opening comment. */
export function seedPosted(comment: number, author: string, text: string): SeedCommentPosted {
  return { type: "SeedCommentPosted", data: { comment, author, text } };
}

/** A scripted comment after a turn. */
export function interventionPosted(
  turn: number,
  comment: number,
  { author = "Eve", text = "Stop." }: Readonly<{ author?: string; text?: string }> = {},
): InterventionPosted {
  return { type: "InterventionPosted", data: { turn, comment, author, text } };
}

/** A participant's comment. */
export function turnTaken(
  { turn, comment, participant, text }: Pick<TurnTaken["data"], "turn" | "comment" | "participant" | "text">,
): TurnTaken {
  return { type: "TurnTaken", data: { turn, comment, participant, text, generation } };
}

/** A participant's silence. */
export function turnPassed(turn: number, participant: string, reason: SilenceReason = "empty"): TurnPassed {
  return { type: "TurnPassed", data: { turn, participant, reason, raw: '""', generation } };
}

/** A moderator's comment. */
export function intervened(turn: number, comment: number, text: string): ModeratorIntervened {
  return { type: "ModeratorIntervened", data: { turn, comment, moderator: "Mod", text, generation } };
}

/** A moderator's silence. */
export function abstained(turn: number, reason: SilenceReason = "pass-word"): ModeratorAbstained {
  const silence = { reason, raw: "PASS", generation } as const;
  return { type: "ModeratorAbstained", data: { turn, moderator: "Mod", ...silence } };
}

/** A request that failed. */
export function generationFailed(turn: number, speaker: string): DiscussionEvent {
  return {
    type: "GenerationFailed",
    data: { turn, speaker, role: "participant", model: TEST_MODEL, kind: "time-out", retryable: true },
  };
}
