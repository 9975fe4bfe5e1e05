/** Forks a discussion: the branch shares the beginning of another discussion, and then differs. */
import { type DiscussionDesign, type DiscussionEvent, eventOf, type PendingEvent } from "../events/mod.ts";
import { evolve, initialState } from "../discussion/mod.ts";
import { EMPTY_CHAIN, encodeEvent } from "../events/codec.ts";
import { Discussion, type Environment, openingOf } from "./discussion.ts";
import { readStream } from "./stream.ts";

/** Where a branch begins, and how it differs. */
export type Branch = Readonly<{
  /** The new discussion's id. */
  id: string;
  /** The 0-based position of the last event that the branch takes over; by default all. */
  seq?: number;
  /**
   * Changes to the design. Without a `seed` here, the branch gets a seed derived from the original's seed and the new
   * id, so that branches differ from each other.
   */
  changes?: Partial<Omit<DiscussionDesign, "id" | "forkedFrom">>;
}>;

/**
 * Forks a discussion. The new log begins with its own `DiscussionOpened` and copies of the events taken over, without failures
 * and endings.
 *
 * @param source The id of the discussion to fork, in the environment's store.
 * @param branch Where the branch begins, and how it differs.
 * @param environment Store, models, rules, clock.
 * @returns The branch, ready to continue.
 * @throws {RangeError} If the source does not exist, or the changes contradict the events taken over.
 * @throws {StreamConflict} If the branch's id is taken.
 * @throws {DamagedStream} If the source is damaged.
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
  // A branch must be readable before it is written. For example, it may not lack a participant who has spoken.
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
