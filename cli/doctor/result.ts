/** The result of one check of `doctor`. */

/**
 * How a result matters: `problem` spoils a run, a `warning` can spoil its results or cost time, a `note` is good to know
 * or could not be checked.
 */
export type Level = "ok" | "note" | "warning" | "problem";

/** The result of one check. */
export type CheckResult = Readonly<{
  /** One word that names the check. */
  check: string;
  level: Level;
  /** What was found, as a sentence or a figure. */
  found: string;
  /** What to do about it. */
  change?: string;
}>;
