/** Checks that the logs of a run belong together, and that the run's declaration has not changed. */
import type { LogEnd } from "../../core/events/mod.ts";
import type { Repair } from "../../core/run_log/mod.ts";
import { cannotTell, type Finding, ruleFinding } from "./checks.ts";

/** The state of the run's log. */
export type RunLogFacts =
  | Readonly<{
    kind: "kept";
    /** The hashes of the run log's events. Each discussion records the newest hash when it is opened. */
    hashes: ReadonlySet<string>;
    /** The recorded ends of logs: discussion → end. */
    ends: ReadonlyMap<string, LogEnd>;
    /** The repairs that shortened logs, oldest first. */
    repairs: readonly Readonly<Pick<Repair, "at" | "discussions">>[];
  }>
  /** The run never had a log. */
  | Readonly<{ kind: "none" }>
  | Readonly<{ kind: "broken"; message: string }>;

/** How many discussions there are, and which of them do not fit the run's log. */
export type RunHeads = Readonly<{
  discussions: number;
  /** `unnamed`: discussions that name no run log. `foreign`: discussions that name the log of another run. */
  unnamed: readonly string[];
  foreign: readonly string[];
  /** Discussions whose logs are missing or lack recorded events. `undefined` if this was not checked. */
  lost?: readonly string[];
}>;

/**
 * Checks that each discussion names the run's log: when it was opened, it recorded the hash of the newest event
 * there.
 */
export class RunHeadTally {
  readonly #facts: RunLogFacts;
  #discussions = 0;
  readonly #unnamed: string[] = [];
  readonly #foreign: string[] = [];

  /** Starts with no discussion. */
  constructor(facts: RunLogFacts) {
    this.#facts = facts;
  }

  /**
   * Takes in a discussion.
   *
   * @param head The recorded hash; `null` if the discussion names no run log.
   */
  add(stream: string, head: string | null): void {
    this.#discussions++;
    if (head === null) {
      if (this.#facts.kind !== "none") this.#unnamed.push(stream);
    } else if (this.#facts.kind !== "kept" || !this.#facts.hashes.has(head)) this.#foreign.push(stream);
  }

  /** The discussions found so far. */
  found(): RunHeads {
    return { discussions: this.#discussions, unnamed: this.#unnamed, foreign: this.#foreign };
  }
}

/** A message lists at most this many names. */
const TOLD_MAX = 3;

/** Messages about discussions that do not fit the run's log. */
export function headProblems({ unnamed, foreign, lost = [] }: RunHeads): readonly string[] {
  return [
    ...(lost.length === 0
      ? []
      : [`${counted(lost)} not have all events that the run's log records: ${told(lost)}`]),
    ...(unnamed.length === 0
      ? []
      : [`${counted(unnamed)} not name the run's log "run.jsonl": ${told(unnamed)}`]),
    ...(foreign.length === 0
      ? []
      : [`${counted(foreign)} not belong to the run's current log "run.jsonl": ${told(foreign)}`]),
  ];
}

function counted({ length }: readonly string[]): string {
  return length === 1 ? "1 discussion does" : `${length} discussions do`;
}

function told(names: readonly string[]): string {
  return [...names.slice(0, TOLD_MAX), ...(names.length > TOLD_MAX ? ["…"] : [])].join(", ");
}

/** The record in a run's folder. */
export type RunRecordFacts = Readonly<{
  log: RunLogFacts;
  /** The differences between the folder and its record, one sentence each. */
  problems: readonly string[];
}>;

/** The reason why a run without a log proves nothing. */
export const NO_RUN_LOG: string =
  "not protected: this run has no run log (run.jsonl), so nothing shows when its analysis was declared, or whether logs were " +
  "removed or shortened";

/** The reason why a run that was made by an older version does not prove that its logs are complete. */
export const NO_LOG_ENDS: string =
  "not protected: the run's log does not record the ends of its logs, so nothing shows whether logs were removed or " +
  "shortened";

/** Why the logs do not show that the analysis was declared when the run was made; `null` if they do. */
export function notShown(log: RunLogFacts, heads: RunHeads): string | null {
  const problems = [...log.kind === "broken" ? [log.message] : [], ...headProblems(heads)];
  if (problems.length > 0) return problems.join("; ");
  return log.kind === "none" ? NO_RUN_LOG : null;
}

export function recordFinding({ log, problems }: RunRecordFacts, heads: RunHeads): Finding {
  const check = "run as recorded";
  const found = [...problems, ...headProblems(heads)];
  if (found.length === 0 && log.kind === "none") return cannotTell(check, "", NO_RUN_LOG);
  const { discussions, unnamed, foreign, lost = [] } = heads;
  const isProtected = log.kind !== "kept" || log.ends.size > 0;
  const wrong = unnamed.length + foreign.length + lost.length + (problems.length > 0 ? 1 : 0);
  return ruleFinding(check, {
    declared: "run.jsonl",
    observed: { count: discussions + 1 - wrong, of: discussions + 1, unit: "share" },
    expected: discussions + 1,
    basis:
      "the folder matches the run's log, every discussion names this log, and no recorded event is missing" +
      (isProtected ? "" : `; ${NO_LOG_ENDS}`) +
      (log.kind === "kept" ? log.repairs.map((repair) => `; ${repairText(repair)}`).join("") : "") +
      (found.length === 0 ? "" : `; deviations: ${found.join("; ")}`),
  });
}

function repairText({ at, discussions }: Pick<Repair, "at" | "discussions">): string {
  const logs = discussions.length === 1 ? "1 log" : `${discussions.length} logs`;
  return `a repair of ${at} shortened ${logs}: ${told(discussions)}`;
}
