/** The past of a branch: the beginning of another discussion, which the branch continues. */
import {
  type DiscussionDesign,
  type DiscussionEvent,
  type Envelope,
  eventOf,
  type ForkOrigin,
  isAnnotationEvent,
  type PendingEvent,
} from "../events/mod.ts";

/** The beginning of a discussion, as branches copy it. */
export type Past = Readonly<{
  /** The design of the discussion that the past comes from. */
  design: DiscussionDesign;
  /** What the designs of branches say about the past. */
  origin: ForkOrigin;
  /** How many turns it has. */
  turns: number;
  /** The events that branches copy after their own opening: no failures, no ending, no annotations. */
  events: readonly PendingEvent[];
}>;

/** The past that consists of these events, from the first one on; `null` if they open no discussion. */
export function pastOf(envelopes: readonly Envelope[]): Past | null {
  const [opening, ...others] = envelopes;
  if (opening?.type !== "DiscussionOpened") return null;
  const events = others.filter(({ type, data }) => isCopied({ type, data } as DiscussionEvent))
    .map((envelope) => ({
      event: eventOf(envelope),
      ...(envelope.meta === undefined ? {} : { meta: envelope.meta }),
      ...(envelope.person === undefined ? {} : { person: envelope.person }),
    }));
  const { stream, seq, hash } = envelopes.at(-1)!;
  return {
    design: opening.data as DiscussionDesign,
    origin: { stream, seq, events: events.length, hash },
    turns: events.filter(({ event: { type } }) => type === "TurnTaken" || type === "TurnPassed").length,
    events,
  };
}

function isCopied(event: DiscussionEvent): boolean {
  const { type } = event;
  return type !== "GenerationFailed" && type !== "DiscussionCompleted" && type !== "DiscussionAborted" &&
    !isAnnotationEvent(event);
}

/**
 * The events of a log up to the end of a turn. Everything after that turn is left out, even the moderator's
 * reply to it.
 *
 * @param turns The number of turns; 0 for the opening comments alone.
 * @returns The events, and how many turns they have. There are fewer turns if the log ends earlier.
 */
export function upToTurn<E extends Readonly<{ type: string }>>(
  events: readonly E[],
  turns: number,
): Readonly<{ events: readonly E[]; turns: number }> {
  let ended = 0;
  for (const [index, { type }] of events.entries()) {
    if (turns === 0 && type !== "DiscussionOpened" && type !== "SeedCommentPosted") {
      return { events: events.slice(0, index), turns: 0 };
    }
    if (type !== "TurnTaken" && type !== "TurnPassed") continue;
    ended++;
    if (ended === turns) return { events: events.slice(0, index + 1), turns };
  }
  return { events, turns: ended };
}
