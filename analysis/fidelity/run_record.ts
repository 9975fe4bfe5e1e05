/** Whether the logs of a run belong together, and whether the run's declaration is as it was. */
import { cannotTell, type Finding, ruleFinding } from "./checks.ts";

/** What a run's folder says of the run's log. */
export type RunLogFacts =
  /** The hashes of the run log's events. A discussion records the newest of them at the time when it was opened. */
  | Readonly<{ kind: "kept"; hashes: ReadonlySet<string> }>
  /** The run never had one. */
  | Readonly<{ kind: "none" }>
  | Readonly<{ kind: "broken"; message: string }>;

/** What logs were found not to belong to the run's log. */
export type RunHeads = Readonly<{
  discussions: number;
  /** Discussions that name no run's log, and those that name another one. */
  unnamed: readonly string[];
  foreign: readonly string[];
}>;

/** Looks at how logs begin. */
export class RunHeadTally {
  readonly #facts: RunLogFacts;
  #discussions = 0;
  readonly #unnamed: string[] = [];
  readonly #foreign: string[] = [];

  /** Starts with no discussion. */
  constructor(facts: RunLogFacts) {
    this.#facts = facts;
  }

  /** Takes in a discussion. */
  add(stream: string, head: string | null): void {
    this.#discussions++;
    if (head === null) {
      if (this.#facts.kind !== "none") this.#unnamed.push(stream);
    } else if (this.#facts.kind !== "kept" || !this.#facts.hashes.has(head)) this.#foreign.push(stream);
  }

  /** What was found. */
  found(): RunHeads {
    return { discussions: this.#discussions, unnamed: this.#unnamed, foreign: this.#foreign };
  }
}

/** At most this many names are listed in a message; further ones are counted. */
const TOLD_MAX = 3;

/** Says which logs do not belong to the run's log. */
export function headProblems({ unnamed, foreign }: RunHeads): readonly string[] {
  return [
    ...(unnamed.length === 0
      ? []
      : [`${counted(unnamed)} not name the run's log "run.jsonl": ${told(unnamed)}`]),
    ...(foreign.length === 0
      ? []
      : [`${counted(foreign)} not belong to the run's log "run.jsonl" as it is now: ${told(foreign)}`]),
  ];
}

function counted({ length }: readonly string[]): string {
  return length === 1 ? "1 discussion does" : `${length} discussions do`;
}

function told(names: readonly string[]): string {
  return [...names.slice(0, TOLD_MAX), ...(names.length > TOLD_MAX ? ["…"] : [])].join(", ");
}

/** What a run's folder says about itself. */
export type RunRecordFacts = Readonly<{
  log: RunLogFacts;
  /** What in the folder is not as it was recorded, one sentence each. */
  problems: readonly string[];
}>;

/** Why nothing can be said of a run without a log. */
export const NO_RUN_LOG = "this run has no log of its own; when its analysis was declared cannot be shown";

/** Why it cannot be shown that the analysis was declared when the run was made; `null` if it can. */
export function notShown(log: RunLogFacts, heads: RunHeads): string | null {
  const problems = [...log.kind === "broken" ? [log.message] : [], ...headProblems(heads)];
  if (problems.length > 0) return problems.join("; ");
  return log.kind === "none" ? NO_RUN_LOG : null;
}

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
