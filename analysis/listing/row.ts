/**
 * A row of the list of discussions. It describes one discussion, but shows none of its texts and outcomes. The
 * number of words is an outcome, so it is missing. The disagreement of annotators is shown, because it does not
 * reveal their values.
 */

/** How far a discussion is. */
export type RowStatus =
  /** Its log was not read yet, or does not exist. */
  | "waiting"
  /** It has begun, and has not ended. */
  | "in flight"
  /** It has not ended, and its last request failed. */
  | "failed"
  | "completed"
  | "aborted"
  /** Its log can be read only up to a damaged line. */
  | "damaged";

/** One discussion in the list. */
export type DiscussionRow = Readonly<{
  /** The run's name among the runs that are open. */
  run: string;
  /** The discussion's name, unique in its run. */
  discussion: string;
  status: RowStatus;
  condition: string;
  /** Factor → label of its level. */
  factors: Readonly<Record<string, string>>;
  /** 1-based. In a matched design, discussions of different conditions with the same number belong together. */
  replicate: number;
  /** The discussion that a branch continues; `null` if it is no branch. */
  origin: Readonly<{ run: string | null; discussion: string; seq: number }> | null;
  /** The participants' names, in the order of the design. */
  speakers: readonly string[];
  /** The participants' roles, and the models of participants, moderator and annotators. Each is listed once. */
  roles: readonly string[];
  models: readonly string[];
  /** Turns so far, and planned turns. For a branch, turns and comments include those that it copied from its past. */
  turns: number;
  plannedTurns: number;
  comments: number;
  interventions: number;
  /**
   * Silent turns of participants, and their number by reason. A reply that was cut before any text is not
   * silence.
   */
  silent: number;
  silences: Readonly<Record<string, number>>;
  /** Turns whose reply was cut, with and without text. */
  cut: number;
  /** Replies of annotators that could not be read. */
  unparsed: number;
  /** Requests that ended in an error, by kind. */
  failures: Readonly<Record<string, number>>;
  /**
   * The largest disagreement of annotators about one comment, from 0 to 1: the difference between their values,
   * as a share of the scale's range. For labels: 1 if they differ, else 0. `null` if no comment has values of
   * two annotators.
   */
  disagreement: number | null;
  promptTokens: number;
  completionTokens: number;
  /** The first and the latest time in the log, ISO 8601 in UTC. */
  openedAt: string | null;
  lastAt: string | null;
  /** The number of events in the log, and the hash of the last event. */
  events: number;
  hash: string | null;
}>;
