/** Branching: a discussion that shares another's beginning and goes its own way from there. */
import { type DiscussionDesign, type DiscussionEvent, eventOf, type PendingEvent } from "../events/mod.ts";
import { evolve, initialState } from "../discussion/mod.ts";
import { EMPTY_CHAIN, encodeEvent } from "../events/codec.ts";
import { Discussion, type Environment, openingOf } from "./discussion.ts";
import { readStream } from "./stream.ts";

/** Where a branch begins and what is different from there on. */
export type Branch = Readonly<{
  /** The new discussion's id. */
  id: string;
  /** The 0-based place of the last event that the branch takes over; all that there are where it is left out. */
  seq?: number;
  /**
   * What the branch's design says otherwise. Without a `seed` of its own, the branch draws from one that is derived
   * from the original's seed and the new id, so that branches differ from each other.
   */
  changes?: Partial<Omit<DiscussionDesign, "id" | "forkedFrom">>;
}>;

/**
 * Branches a discussion. The new log begins with its own `DiscussionOpened` and copies of the events taken over;
 * failures and endings are not taken over.
 *
 * @param source The id of the discussion to branch from, in the environment's store.
 * @param branch Where, and what is different.
 * @param environment Store, models, rules, clock.
 * @returns The branch, ready to go on.
 * @throws {RangeError} When the source holds no discussion, or the changes contradict what is taken over.
 * @throws {StreamConflict} When the branch's id is taken.
 * @throws {DamagedStream} When the source is damaged.
 */
export async function forkDiscussion(
  source: string,
  { id, seq = Infinity, changes = {} }: Branch,
  environment: Environment,
): Promise<Discussion> {
  const { store, rules, clock } = environment;
  let design: DiscussionDesign | null = null;
  const taken: PendingEvent[] = [];
  let last = 0;
  for await (const envelope of readStream(store, source, rules.sha256)) {
    if (envelope.seq > seq) break;
    const event = eventOf(envelope);
    last = envelope.seq;
    if (event.type === "DiscussionOpened") design = event.data;
    else if (isTakenOver(event)) taken.push({ event, ...(envelope.meta ? { meta: envelope.meta } : {}) });
  }
  if (design === null) throw new RangeError(`Cannot fork "${source}": there is no such discussion`);
  const forked: DiscussionDesign = {
    ...design,
    seed: `${design.seed}/fork/${id}`,
    ...changes,
    id,
    forkedFrom: { stream: source, seq: last, events: taken.length },
  };
  const pendings: PendingEvent[] = [openingOf(forked, environment), ...taken];
  // Nothing is written of a branch that could not be read again, such as one without somebody who has spoken.
  pendings.reduce((state, { event }) => evolve(state, event), initialState);
  const lines: string[] = [];
  let end = EMPTY_CHAIN;
  for (const pending of pendings) {
    const sealed = encodeEvent(id, end, { pending, atMs: clock.now(), sha256: rules.sha256 });
    lines.push(sealed.line);
    end = sealed.end;
  }
  await store.append(id, 0, lines);
  return await Discussion.open(forked, environment);
}

function isTakenOver({ type }: DiscussionEvent): boolean {
  return type !== "GenerationFailed" && type !== "DiscussionCompleted" && type !== "DiscussionAborted";
}
