/** `GenerationFailed`: a request that ended in an error. */
import { z } from "../zod.ts";
import { demandNext, type EventType } from "./event_type.ts";
import type { ModelErrorKind } from "./models.ts";
import { count, failure } from "./shapes.ts";

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
    /** Whether the same request can succeed later without any change. */
    retryable: boolean;
  }>;
}>;

export const generationFailed: EventType<GenerationFailed> = {
  version: 1,
  schema: z.object({
    turn: count,
    speaker: z.string(),
    role: z.enum(["participant", "moderator"]),
    ...failure,
  }),
  follows(order, { data }) {
    demandNext("turn", data.role === "moderator" ? order.turn - 1 : order.turn, data.turn);
    return order;
  },
};
