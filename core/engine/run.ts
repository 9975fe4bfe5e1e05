import type { OpenState } from "../discussion/mod.ts";
import type { DiscussionDesign } from "../events/discussion_design.ts";
import { Discussion, type Environment } from "./discussion.ts";
import type { ModelNotice } from "./pauses.ts";
import {
  type RunOutcome,
  runSessions,
  type Session,
  type SessionNotice,
  type SessionOptions,
} from "./sessions.ts";

/** A run: many discussions at once, each on its own, none in the way of another. */

/** What a run tells whoever watches it. */
export type RunNotice =
  /** A discussion's log has been read; work on it begins, or it had ended before this run. */
  | Readonly<{ kind: "opened"; state: OpenState; resumed: boolean }>
  | ModelNotice
  | SessionNotice;

/** How a run is to go. */
export type RunOptions =
  & SessionOptions
  & Readonly<{
    /** Told of everything that happens, at once; it must not throw. */
    notify?: (notice: RunNotice) => void;
    /**
     * The caller's own rule for ending a discussion early: a note ends it, `null` lets it go on. Asked before every
     * question between the first turn and the last. Equal states must give equal answers: a run that was killed asks
     * again where it goes on.
     */
    stopEarly?: (state: OpenState) => string | null;
  }>;

/**
 * Holds discussions until all have ended or been set aside. One discussion's failure never stops another;
 * where all of a condition fail, the rest of it is left. See `RunOutcome`.
 *
 * @param designs The discussions; drawn one at a time, so that a plan of any size takes no memory.
 * @param environment Store, models, rules, clock, retries.
 * @param options Concurrency, signals, and who is told.
 * @returns How it went.
 * @throws {StoreError} When a log can no longer be written or read.
 */
export async function runDiscussions(
  designs: Iterable<DiscussionDesign>,
  environment: Environment,
  options: RunOptions,
): Promise<RunOutcome> {
  const { notify = () => {}, stopEarly } = options;
  return await runSessions(designs, {
    idOf: ({ id }) => id,
    laneOf,
    async open(design) {
      const discussion = await Discussion.open(design, environment);
      notify({ kind: "opened", state: discussion.state, resumed: discussion.length > 0 });
      return stopEarly === undefined ? discussion : stoppingEarly(discussion, stopEarly);
    },
    release: (stream) => environment.store.release(stream),
    notify,
    clock: environment.clock,
  }, options);
}

/** Within a condition, models can be drawn: discussions that use others wait for others. */
function laneOf({ condition, models }: DiscussionDesign): string {
  return `the condition "${condition}" with ${Object.keys(models).map((name) => `"${name}"`).join(", ")}`;
}

/** After the last turn only the end can be missing, which a kill may have kept from the log: that is no early end. */
function stoppingEarly(discussion: Discussion, stopEarly: NonNullable<RunOptions["stopEarly"]>): Session {
  return {
    get ended() {
      return discussion.ended;
    },
    async advance(abort, stop, place) {
      const { state } = discussion;
      const isBetweenTurns = state.turn > 0 && state.turn < state.design.turns;
      const note = isBetweenTurns ? stopEarly(state) : null;
      return note === null
        ? await discussion.advance(abort, stop, place)
        : { events: await discussion.stop(note) };
    },
  };
}
