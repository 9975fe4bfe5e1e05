/** What the engine does about faults, counted: a simulation in which it never happened has shown nothing of it. */

/** Every reaction. */
export const REACTIONS = [
  /** A model is paused. */
  "paused",
  /** A model was paused because it takes no more requests. */
  "rate-limited",
  /** It answers again. */
  "resumed",
  /** A request was sent to a model that counts as down. */
  "probe",
  /** Discussions of one model were left, and the others went on. */
  "left",
  /** A model was down for as long as anybody wanted to wait, and the program ended. */
  "gave-up",
  /** A request to an adapter that does not heed its signal was given up by the watchdog. */
  "given-up-request",
  /** The program ended at a limit. */
  "stopped-by-cost",
  "stopped-by-tokens",
  "stopped-by-failures",
  "stopped-by-deadline",
] as const;

/** The name of a reaction. */
export type Reaction = typeof REACTIONS[number];

/** How often each reaction happened. */
export type ReactionCounts = Readonly<Record<Reaction, number>>;
