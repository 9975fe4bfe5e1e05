/** The looks at a run's results, the growth of its plan, and its repairs, in the order in which they happened. */
import { canonical } from "../json.ts";
import type { ResultsViewed } from "./run_events.ts";
import type { RunLog } from "./run_log.ts";

/** A look at results. */
export type Look = ResultsViewed["data"] & Readonly<{ at: string }>;

/** The plan grew from one number of discussions to another. */
export type Growth = Readonly<{
  at: string;
  from: number;
  to: number;
  /** How many looks came before it. */
  looksBefore: number;
}>;

/**
 * A repair moved the damaged ends of logs to other files. The run generates these parts again, with different
 * replies.
 */
export type Repair = Readonly<{
  at: string;
  /** The discussions whose logs were shortened. */
  discussions: readonly string[];
  /** How many looks came before it. */
  looksBefore: number;
}>;

/** What can raise the error rate of statistical tests: looks at results, growth of the plan, and repairs. */
export type RunHistory = Readonly<{
  looks: readonly Look[];
  growths: readonly Growth[];
  repairs: readonly Repair[];
}>;

/**
 * The looks, growths and repairs in a run's log. Looks before the end of the first discussion are left out:
 * they showed no results.
 */
export function historyOf({ entries }: RunLog): RunHistory {
  const looks: Look[] = [];
  const growths: Growth[] = [];
  const repairs: Repair[] = [];
  let planned = 0;
  for (const entry of entries) {
    if (entry.type === "ResultsViewed" && entry.data.finished > 0) {
      looks.push({ ...entry.data, at: entry.at });
    } else if (entry.type === "LogsRecorded" && entry.data.cause === "repair") {
      repairs.push({
        at: entry.at,
        discussions: Object.keys(entry.data.logs),
        looksBefore: looks.length,
      });
    } else if (entry.type === "RunCreated") planned = entry.data.plan.discussions;
    else if (entry.type === "PlanExtended") {
      const to = entry.data.plan.discussions;
      if (to > planned) growths.push({ at: entry.at, from: planned, to, looksBefore: looks.length });
      planned = to;
    }
  }
  return { looks, growths, repairs };
}

/**
 * Whether the log already has a look of the same command at the same outcomes and the same number of
 * discussions.
 */
export function hasLook({ entries }: RunLog, look: ResultsViewed["data"]): boolean {
  return entries.some(({ type, data }) =>
    type === "ResultsViewed" && data.command === look.command && data.finished === look.finished &&
    canonical(data.outcomes) === canonical(look.outcomes)
  );
}
