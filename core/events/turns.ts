/** What happens in a discussion between its opening and its end: comments, silences and failed requests. */
import { z } from "../zod.ts";
import { demand, demandNext, type EventTypes, type OrderState } from "./event_type.ts";
import type { Generation, ModelErrorKind, SilenceReason, TakenOut } from "./models.ts";
import { count, failure, said, silent } from "./shapes.ts";

/** An opening comment was posted. No model generated it. */
export type SeedCommentPosted = Readonly<{
  type: "SeedCommentPosted";
  data: Readonly<{
    /**
     * 0-based ordinal of the comment in its discussion. Together with the stream's name it identifies the comment.
     */
    comment: number;
    /** The name of a participant, or of an author who takes no turns. */
    author: string;
    text: string;
  }>;
}>;

/** A comment that the experiment file scripts was posted after a turn. No model generated it, and it is no turn. */
export type InterventionPosted = Readonly<{
  type: "InterventionPosted";
  data: Readonly<{
    /** 0-based turn after which it was posted, before the moderator was asked. */
    turn: number;
    /** 0-based ordinal of the comment in its discussion. */
    comment: number;
    /** Any name. It can be the name of a participant or of the moderator. */
    author: string;
    text: string;
  }>;
}>;

/** A comment of a participant in a turn, or of the moderator after a turn. */
export type Said =
  & Readonly<{
    /** 0-based turn. */
    turn: number;
    /** 0-based ordinal of the comment in its discussion. */
    comment: number;
    /** The comment as the other participants see it. */
    text: string;
    /** The reply as the model gave it, if `text` differs from it. */
    raw?: string;
    /** Missing if the discussion was imported. */
    generation?: Generation;
  }>
  & TakenOut;

/** A silence of a participant in a turn, or of the moderator after a turn. Prompts do not show it. */
export type Silent =
  & Readonly<{
    /** 0-based turn. */
    turn: number;
    reason: SilenceReason;
    /** The reply as the model gave it. */
    raw: string;
    /** Missing if the discussion was imported. */
    generation?: Generation;
  }>
  & TakenOut;

/** A participant was asked and said something. */
export type TurnTaken = Readonly<{ type: "TurnTaken"; data: Said & Readonly<{ participant: string }> }>;

/**
 * A participant was asked, but made no comment: an empty reply, the pass word, a refusal, or a reply cut before any
 * text.
 */
export type TurnPassed = Readonly<{ type: "TurnPassed"; data: Silent & Readonly<{ participant: string }> }>;

/** The moderator was asked after a turn and said something. */
export type ModeratorIntervened = Readonly<{
  type: "ModeratorIntervened";
  data: Said & Readonly<{ moderator: string }>;
}>;

/** The moderator was asked after a turn and stayed silent. */
export type ModeratorAbstained = Readonly<{
  type: "ModeratorAbstained";
  data: Silent & Readonly<{ moderator: string }>;
}>;

/**
 * A request ended in an error, after all attempts. The discussion does not advance. When it is resumed, the same
 * request is sent again.
 * The server's error text, the number of attempts and the waits are in `meta`, because they differ between
 * runs.
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

export const TURN_TYPES: EventTypes<
  | SeedCommentPosted
  | InterventionPosted
  | TurnTaken
  | TurnPassed
  | ModeratorIntervened
  | ModeratorAbstained
  | GenerationFailed
> = {
  SeedCommentPosted: {
    version: 1,
    schema: z.object({ comment: count, author: z.string(), text: z.string() }),
    follows(order, { data }) {
      demand(order.turn === 0, "an opening comment after the first turn");
      return commented(order, data);
    },
  },
  InterventionPosted: {
    version: 1,
    schema: z.object({ turn: count, comment: count, author: z.string(), text: z.string() }),
    follows(order, { data }) {
      demandNext("turn", order.turn - 1, data.turn);
      return commented(order, data);
    },
  },
  TurnTaken: {
    version: 1,
    schema: z.object({ ...said, participant: z.string() }),
    follows(order, { data }) {
      demandNext("turn", order.turn, data.turn);
      return { ...commented(order, data), turn: order.turn + 1 };
    },
  },
  TurnPassed: {
    version: 1,
    schema: z.object({ ...silent, participant: z.string() }),
    follows(order, { data }) {
      demandNext("turn", order.turn, data.turn);
      return { ...order, turn: order.turn + 1, slots: order.slots + 1 };
    },
  },
  ModeratorIntervened: {
    version: 1,
    schema: z.object({ ...said, moderator: z.string() }),
    follows(order, { data }) {
      demandNext("turn", order.turn - 1, data.turn);
      return commented(order, data);
    },
  },
  ModeratorAbstained: {
    version: 1,
    schema: z.object({ ...silent, moderator: z.string() }),
    follows(order, { data }) {
      demandNext("turn", order.turn - 1, data.turn);
      return { ...order, slots: order.slots + 1 };
    },
  },
  GenerationFailed: {
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
  },
};

function commented(order: OrderState, { comment }: Readonly<{ comment: number }>): OrderState {
  demandNext("comment", order.comment, comment);
  return { ...order, comment: order.comment + 1, slots: order.slots + 1 };
}
