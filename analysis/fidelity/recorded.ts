/** Whether what a run declares now is what it declared when it was made. */
import { headProblems, type RunHeads, type RunLogFacts } from "../projections/mod.ts";
import { cannotTell, type Finding, ruleFinding } from "./check.ts";

/** What a run's folder says about itself. */
export type RunRecordFacts = Readonly<{
  log: RunLogFacts;
  /** What in the folder is not as it was recorded, one sentence each. */
  problems: readonly string[];
}>;

/** Why nothing can be said of a run without a log. */
export const NO_RUN_LOG = "this run has no log of its own; when its analysis was declared cannot be shown";

/**
 * Says why it cannot be shown that the analysis was declared when the run was made.
 *
 * @param log The run's log.
 * @param heads What the discussions' logs say of it.
 * @returns `null` where it can be shown.
 */
export function notShown(log: RunLogFacts, heads: RunHeads): string | null {
  const problems = [...log.kind === "broken" ? [log.message] : [], ...headProblems(heads)];
  if (problems.length > 0) return problems.join("; ");
  return log.kind === "none" ? NO_RUN_LOG : null;
}

/**
 * The finding about a run's record.
 *
 * @param record What the folder says about itself.
 * @param heads What the discussions' logs say of the run's log.
 */
export function recordFinding({ log, problems }: RunRecordFacts, heads: RunHeads): Finding {
  const check = "run as recorded";
  const found = [...problems, ...headProblems(heads)];
  if (found.length === 0 && log.kind === "none") return cannotTell(check, "", NO_RUN_LOG);
  const { discussions, unnamed, foreign } = heads;
  const wrong = unnamed.length + foreign.length + (problems.length > 0 ? 1 : 0);
  return ruleFinding(check, {
    declared: "run.jsonl",
    observed: { count: discussions + 1 - wrong, of: discussions + 1, unit: "share" },
    expected: discussions + 1,
    basis: "the folder is as the run's log says, and every discussion names that log" +
      (found.length === 0 ? "" : `; not so: ${found.join("; ")}`),
  });
}
