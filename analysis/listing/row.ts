/**
 * A row of the list of discussions: what can be said about one discussion without its texts and without its outcomes. Words are
 * an outcome. The disagreement of annotators is none, because it says nothing about their values.
 */

/** How far a discussion is. */
export type RowStatus =
  /** Its log was not read yet, or it has none. */
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
  /** 1-based. Conditions of a matched design share it. */
  replicate: number;
  /** The discussion that a branch continues; `null` if it is no branch. */
  origin: Readonly<{ run: string | null; discussion: string; seq: number }> | null;
  /** The participants' names, in the order of the design. */
  speakers: readonly string[];
  /** The participants' roles and the models of participants, moderator and annotators, each once. */
  roles: readonly string[];
  models: readonly string[];
  /** Turns that have been taken, and that are planned. Both include the past of a branch, and so do comments. */
  turns: number;
  plannedTurns: number;
  comments: number;
  interventions: number;
  /** Silent turns of participants: in all, and by reason. A turn whose reply was cut before any text is no silence. */
  silent: number;
  silences: Readonly<Record<string, number>>;
  /** Turns whose reply was cut, with and without text. */
  cut: number;
  /** Replies of annotators that could not be read. */
  unparsed: number;
  /** Requests that ended in an error, by kind. */
  failures: Readonly<Record<string, number>>;
  /**
   * The largest disagreement of annotators about one comment: the difference between their values as a share of the scale,
   * 0 to 1; of a nominal scale, 1 if they differ. `null` if no comment has values of two annotators.
   */
  disagreement: number | null;
  promptTokens: number;
  completionTokens: number;
  /** The first and the latest time in the log, ISO 8601 in UTC. */
  openedAt: string | null;
  lastAt: string | null;
  /** How many events the log has, and the hash of the last one. */
  events: number;
  hash: string | null;
}>;
