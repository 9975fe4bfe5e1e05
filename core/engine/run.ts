/** A run: many discussions at once. */
import type { OpenState } from "../discussion/mod.ts";
import type { DiscussionDesign } from "../events/discussion_design.ts";
import { Discussion } from "./discussion.ts";
import type { Environment } from "./environment.ts";
import type { ModelNotice } from "./pause_context.ts";
import type { RunOutcome } from "./run_outcome.ts";
import { runSessions } from "./sessions.ts";
import type { Session, SessionNotice, SessionOptions } from "./work.ts";

/** A notice of a run. */
export type RunNotice =
  /** A discussion's log was read. Work on it begins now, unless it had ended before this run. */
  | Readonly<{ kind: "opened"; state: OpenState; resumed: boolean }>
  | ModelNotice
  | SessionNotice;

/** The options of a run. */
export type RunOptions =
  & SessionOptions
  & Readonly<{
    /** Receives every notice at once. It must not throw. */
    notify?: (notice: RunNotice) => void;
    /**
     * The caller's own rule for ending a discussion early: a note ends it, `null` lets it continue. The run calls it before
     * each question, from the end of the first turn to the end of the last. Equal states must give equal answers, since a
     * resumed run calls it again.
     */
    stopEarly?: (state: OpenState) => string | null;
  }>;

/**
 * Runs discussions until each has ended or failed. One discussion's failure never stops another. If many discussions of a
 * condition fail in a row, the rest of the condition is skipped.
 *
 * @param designs Drawn one at a time, so that a plan of any size takes no memory.
 * @throws {StoreError} If a log can no longer be written or read.
 */
export async function runDiscussions(
  designs: Iterable<DiscussionDesign> | AsyncIterable<DiscussionDesign>,
  environment: Environment,
  options: RunOptions,
): Promise<RunOutcome> {
  const { notify = () => {}, stopEarly } = options;
  return await runSessions(designs, {
    idOf: ({ id }) => id,
    laneOf: laneOfDiscussion,
    withPeople: ({ models }) =>
      Object.entries(models).some(([name, spec]) => environment.models(name, spec).asksPeople === true),
    async open(design) {
      const discussion = await Discussion.open(design, environment);
      notify({ kind: "opened", state: discussion.state, resumed: discussion.isResumed });
      return stopEarly === undefined ? discussion : stoppingEarly(discussion, stopEarly);
    },
    release: (stream) => environment.store.release(stream),
    notify,
    clock: environment.clock,
  }, options);
}

/** The lane of a discussion. Discussions of one condition can draw different models. Each set of models has its own lane. */
export function laneOfDiscussion({ condition, models }: DiscussionDesign): string {
  return `the condition "${condition}" with ${Object.keys(models).map((name) => `"${name}"`).join(", ")}`;
}

/** Applies the caller's rule only before the end of the last turn. After that, only the regular end can be missing. */
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
