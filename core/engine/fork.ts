/** Forks a discussion within one store. */
import type { DiscussionDesign, Envelope } from "../events/mod.ts";
import { pastOf } from "../discussion/mod.ts";
import { StreamConflict } from "../ports/event_store.ts";
import { Discussion } from "./discussion.ts";
import type { Environment } from "./environment.ts";
import { readStream } from "./stream.ts";

/** The beginning of a branch, and its changes. */
export type Branch = Readonly<{
  /** The new discussion's id. */
  id: string;
  /**
   * The 0-based position of the last event that the branch copies. By default, the branch copies the whole
   * log.
   */
  seq?: number;
  /**
   * Changes to the design. If they have no `seed`, the branch gets a seed that is made of the original seed
   * and the new id.
   */
  changes?: Partial<Omit<DiscussionDesign, "id" | "forkedFrom">>;
}>;

/**
 * Forks a discussion. The new log begins with its own `DiscussionOpened`. Then come copies of the events of
 * the source, without failures, endings and annotations.
 *
 * @throws {RangeError} If the source does not exist, or the changes contradict the copied events.
 * @throws {StreamConflict} If the branch's id is taken.
 * @throws {DamagedStream} If the source is damaged.
 */
export async function forkDiscussion(
  source: string,
  { id, seq = Infinity, changes = {} }: Branch,
  environment: Environment,
): Promise<Discussion> {
  const { store, rules } = environment;
  const envelopes: Envelope[] = [];
  for await (const envelope of readStream(store, source, rules.sha256)) {
    if (envelope.seq > seq) break;
    envelopes.push(envelope);
  }
  const past = pastOf(envelopes);
  if (past === null) throw new RangeError(`Cannot fork "${source}": there is no such discussion`);
  for await (const _ of store.read(id)) {
    throw new StreamConflict(`Cannot fork "${source}" as "${id}": this discussion exists`);
  }
  const { design: { ownSeeds: _, ...design }, origin } = past;
  const forked = { ...design, seed: `${design.seed}/fork/${id}`, ...changes, id, forkedFrom: origin };
  return await Discussion.open(forked, { ...environment, past: () => past });
}
