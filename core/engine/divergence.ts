/** A difference between a log and its replay. */

/** What a replay found to be different from the log. */
export type Divergence = Readonly<{ seq: number; what: string; logged: string; replayed: string }>;
