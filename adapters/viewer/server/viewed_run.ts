/**
 * A run that the viewer shows. Its description is read again and again, because other processes can write to
 * the run. The run need not exist yet.
 */
import type { LogEnd } from "../../../core/events/mod.ts";
import type { PausedModel, RunHome, RunReader } from "../../../core/ports/mod.ts";
import { headOf, logEndsOf, RunError, type RunLog } from "../../../core/run_log/mod.ts";
import { isMissing } from "../../path_info.ts";
import type { RunFacts } from "../api.ts";

/** What the index and the outcomes add to the description of a run. */
export type DescribedElsewhere = Pick<RunFacts, "conditions" | "look">;

/** What happened to a run since it was read before. */
export type RunChange =
  | "same"
  /** Its description grew, or other processes write to it now. */
  | "changed"
  /** It is there for the first time, or another run is at its place. */
  | "opened";

const NO_ENDS: ReadonlyMap<string, LogEnd> = new Map();

/** One run. */
export class ViewedRun {
  /** The run's name among the runs that are shown. */
  readonly name: string;
  readonly home: RunHome;
  #reader: RunReader | null = null;
  #holders: readonly string[] = [];
  #paused: readonly PausedModel[] = [];
  /** Why the description cannot be read now, although it could be read before. */
  #lost: string | null = null;
  /** Whether the folder held a run, and holds none now. */
  #isGone = false;
  /** The sentence that another run has taken this run's place; `null` if no run has. */
  #replaced: string | null = null;
  #ends: Readonly<{ of: RunLog | null; ends: ReadonlyMap<string, LogEnd> }> = { of: null, ends: NO_ENDS };
  #failure: string | null = null;
  #seen = "";

  constructor(name: string, home: RunHome) {
    this.name = name;
    this.home = home;
  }

  /** The run, as it was read last, with one store for its discussions; `null` if it does not exist yet. */
  get reader(): RunReader | null {
    return this.#reader;
  }

  /** The models that the run waits for. */
  get paused(): readonly PausedModel[] {
    return this.#paused;
  }

  /**
   * Asks again which processes write to the run, which costs little.
   *
   * @returns Whether the answer has changed.
   */
  async refreshHolders(): Promise<boolean> {
    const before = this.#holders.join("\n");
    this.#holders = await this.home.holders();
    if (this.#holders.length === 0) this.#paused = [];
    return this.#holders.join("\n") !== before;
  }

  /** Reads the description again. A description that can no longer be read becomes a problem of the run. */
  async refresh(): Promise<RunChange> {
    const before = this.#reader;
    try {
      const now = await this.home.read();
      if (before !== null && !isSame(before, now)) {
        this.#replaced = `Another run has taken this run's place at "${this.home.place}". ` +
          "The page has begun anew and shows the run that is there now";
      }
      // The store is kept, because it remembers positions in its files. But a run that was gone can be a copy
      // now, and then needs a new store.
      const isKept = before !== null && isSame(before, now) && !this.#isGone;
      this.#reader = isKept ? { ...now, store: before.store } : now;
      this.#holders = await this.home.holders();
      this.#paused = await this.home.pausedModels();
      this.#lost = null;
      this.#isGone = false;
    } catch (error) {
      // The folder can be deleted while it is read.
      if (!(error instanceof RunError || isMissing(error))) throw error;
      this.#lost = error.message;
      this.#isGone = before !== null && error instanceof RunError && error.kind === "not-a-run";
      this.#holders = [];
    }
    const seen = JSON.stringify([this.facts({ conditions: [], look: null }), this.#paused]);
    const isChanged = seen !== this.#seen;
    this.#seen = seen;
    if (this.#reader !== null && this.#reader.store !== before?.store) return "opened";
    return isChanged ? "changed" : "same";
  }

  /**
   * Whether the run is gone, for example because its folder was deleted. Its last description is still known.
   */
  get isGone(): boolean {
    return this.#isGone;
  }

  /**
   * Discussion → the end of its log, as the run's log records it. Empty while a process writes, because the
   * run's log can then be behind the logs of discussions.
   */
  recordedEnds(): ReadonlyMap<string, LogEnd> {
    const log = this.#reader?.log;
    if (log?.kind !== "kept" || this.#holders.length > 0) return NO_ENDS;
    if (this.#ends.of !== log.log) this.#ends = { of: log.log, ends: logEndsOf(log.log) };
    return this.#ends.ends;
  }

  /** Why the logs cannot be read; `null` if they can. */
  get failure(): string | null {
    return this.#failure;
  }

  set failure(message: string | null) {
    this.#failure = message;
  }

  /** The run's description for the page. */
  facts(others: DescribedElsewhere): RunFacts {
    const { name, home: { place } } = this;
    const reader = this.#reader;
    if (reader === null) {
      const waits = `There is no run at "${place}" yet. The page shows it as soon as there is one`;
      return { ...NOTHING, name, experiment: name, problems: [waits], place, ...others };
    }
    const { manifest, log, problems, experimentText } = reader;
    return {
      name,
      experiment: manifest.experiment.name,
      head: log.kind === "kept" ? headOf(log.log) : null,
      seed: manifest.seed,
      plan: manifest.plan,
      factorLabels: manifest.factorLabels ?? {},
      experimentText,
      problems: [...problems, this.#replaced, this.#lost, this.#failure].filter((problem) =>
        problem !== null
      ),
      holders: this.#holders,
      ...this.#isGone && { isGone: true },
      place,
      ...others,
    };
  }
}

/** The facts about a run that does not exist. */
const NOTHING = {
  head: null,
  seed: null,
  plan: { discussions: 0, conditions: 0, replications: 0 },
  factorLabels: {},
  experimentText: null,
  holders: [],
} as const;

/** Whether it is the same run, which may have grown. */
function isSame({ manifest: one }: RunReader, { manifest: other }: RunReader): boolean {
  return one.createdAt === other.createdAt && one.fingerprint === other.fingerprint &&
    one.shards === other.shards;
}
