/** `GenerationFailed`: a request that ended in an error. */
import type { ModelErrorKind } from "./models.ts";

/**
 * A request ended in an error, after all attempts. The discussion stays where it was: going on asks again.
 * The server's own words, the number of attempts and the waits are in `meta`, since they differ between runs.
 */
export type GenerationFailed = Readonly<{
  type: "GenerationFailed";
  data: Readonly<{
    /** The 0-based turn that the request was for. */
    turn: number;
    /** Who was asked. */
    speaker: string;
    role: "participant" | "moderator";
    model: string;
    kind: ModelErrorKind;
    /** Whether the same request can succeed later without anybody changing anything. */
    retryable: boolean;
  }>;
}>;
