/** The beginning and the end of a discussion. */
import { z } from "../zod.ts";
import { type DiscussionDesign, discussionDesignSchema } from "./discussion_design.ts";
import { demandNext, type EventTypes, type OrderState } from "./event_type.ts";
import { ending } from "./shapes.ts";

/** A discussion was opened; `data` holds everything that is needed to run it from here. */
export type DiscussionOpened = Readonly<{ type: "DiscussionOpened"; data: DiscussionDesign }>;

/** The discussion ended as designed, or the caller stopped it early. */
export type DiscussionCompleted = Readonly<{
  type: "DiscussionCompleted";
  data: Readonly<{
    reason: "turns" | "stopped-early";
    /** How many turns there were, silent turns included. */
    turns: number;
    /** How many comments were posted, opening comments and interventions included. */
    comments: number;
    /** The caller's reason, if the caller stopped the discussion early. */
    note?: string;
  }>;
}>;

/** The discussion was aborted on purpose. Do not use its data like the data of a finished discussion. */
export type DiscussionAborted = Readonly<{
  type: "DiscussionAborted";
  data: Readonly<{ reason: string; turns: number; comments: number }>;
}>;

/**
 * The key in `meta` for the hash of the last event in the run's log. It is not in `data`, because equal
 * discussions can have different run logs.
 */
const RUN_LOG = "runLog";

/** The `meta` of a discussion's first event. `head` is the hash of the last event in the run's log. */
export function namingRunLog(head: string): Readonly<Record<string, unknown>> {
  return { [RUN_LOG]: head };
}

/** The hash of a run log's event, which a discussion's first event names in `meta`; `null` if it names none. */
export function runLogNamed({ meta }: Readonly<{ meta?: Readonly<Record<string, unknown>> }>): string | null {
  const head = meta?.[RUN_LOG];
  return head === undefined ? null : String(head);
}

export const BEGIN_AND_END_TYPES: EventTypes<DiscussionOpened | DiscussionCompleted | DiscussionAborted> = {
  DiscussionOpened: {
    version: 1,
    schema: discussionDesignSchema,
    follows: (order) => ({ ...order, phase: "open" }),
  },
  DiscussionCompleted: {
    version: 1,
    schema: z.object({ ...ending, reason: z.enum(["turns", "stopped-early"]), note: z.string().optional() }),
    follows: ended,
  },
  DiscussionAborted: { version: 1, schema: z.object({ ...ending, reason: z.string() }), follows: ended },
};

function ended(order: OrderState, { data }: DiscussionCompleted | DiscussionAborted): OrderState {
  demandNext("number of turns", order.turn, data.turns);
  demandNext("number of comments", order.comment, data.comments);
  return { ...order, phase: "ended" };
}
