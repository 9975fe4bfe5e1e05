/** `DiscussionOpened`: the first event of every discussion. */
import { type DiscussionDesign, discussionDesignSchema } from "./discussion_design.ts";
import type { EventType } from "./event_type.ts";

/** A discussion was opened; `data` holds everything that is needed to run it from here. */
export type DiscussionOpened = Readonly<{ type: "DiscussionOpened"; data: DiscussionDesign }>;

/** The key in `meta`: two identical runs have logs of their own, so this is no part of `data`. */
const RUN_LOG = "runLog";

/**
 * What the opening of a discussion says besides its design.
 *
 * @param head The hash of the last event of the run's log.
 */
export function namingRunLog(head: string): Readonly<Record<string, unknown>> {
  return { [RUN_LOG]: head };
}

/** The event of the run's log that a discussion names where it opens; `null` if it names none. */
export function runLogNamed({ meta }: Readonly<{ meta?: Readonly<Record<string, unknown>> }>): string | null {
  const head = meta?.[RUN_LOG];
  return head === undefined ? null : String(head);
}

export const discussionOpened: EventType<DiscussionOpened> = {
  version: 1,
  schema: discussionDesignSchema,
  follows(order) {
    return { ...order, phase: "open" };
  },
};
