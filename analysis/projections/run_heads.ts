/** Whether the logs of discussions belong to the run's own log. */

/** What a run's folder says of the run's log. */
export type RunLogFacts =
  /** The hashes of the log's events: a discussion names the one that was the last when it was opened. */
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

  /** Starts with no discussion. @param facts What the run's folder says of the run's log. */
  constructor(facts: RunLogFacts) {
    this.#facts = facts;
  }

  /** Takes in a discussion. @param stream Its name. @param head The event of a run's log that it names; `null` for none. */
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

/** Names that are told; further ones are only counted. */
const TOLD_MAX = 3;

/**
 * Says which logs do not belong to the run's log.
 *
 * @param heads What was found.
 * @returns One sentence each, for people; none when all is well.
 */
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
