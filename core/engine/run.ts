/** A run: many discussions at the same time. */
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
    /** Receives every notice immediately. It must not throw. */
    notify?: (notice: RunNotice) => void;
    /**
     * The caller's rule for ending a discussion early. If it returns a text, the discussion ends with this
     * text as its note; `null` lets it continue. The run calls it before each question, from the end of the
     * first turn to the end of the last. Equal states must give equal answers, because a resumed run calls
     * the rule again.
     */
    stopEarly?: (state: OpenState) => string | null;
  }>;

/**
 * Runs discussions until each has ended or failed. A failed discussion never stops another one. But if many
 * discussions of a condition fail in a row, the rest of this condition is skipped.
 *
 * @param designs The designs. They are taken one at a time, so that a large plan needs no more memory than a
 *   small one.
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

/**
 * The lane of a discussion. The discussions of one condition can have different models, so each set of models
 * has its own lane.
 */
export function laneOfDiscussion({ condition, models }: DiscussionDesign): string {
  return `the condition "${condition}" with ${Object.keys(models).map((name) => `"${name}"`).join(", ")}`;
}

/**
 * The discussion as a session that asks `stopEarly` between turns. After the last turn, the rule is not
 * asked: the discussion ends as designed.
 */
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
