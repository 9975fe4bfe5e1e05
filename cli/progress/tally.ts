/** What a run has come to so far: a fold over its notices, of bounded size. */
import type { ModelNotice, RunNotice } from "../../core/engine/mod.ts";
import { countReply, isCut, readEvent, type ReplyCounts, type Said } from "../../analysis/projections/mod.ts";

/** What a run sets out to do. */
export type Totals = Readonly<{ discussions: number; turns: number }>;

/** How far a run is. */
export type Tally = Readonly<{
  discussions: Readonly<{
    planned: number;
    ended: number;
    /** Of the ended ones, those that had ended before this run. */
    endedBefore: number;
    /** Those that this run resumed. */
    resumed: number;
    open: number;
    setAside: number;
    /** Those that were left as they were, since others of their condition, or their model, failed. */
    left: number;
  }>;
  turns: Readonly<{
    planned: number;
    /** Silent ones included. */
    ended: number;
    /** Of the ended ones, those that had ended before this run. */
    endedBefore: number;
    /** Those that this run will not reach, since their discussions failed or were left. */
    givenUp: number;
  }>;
  /** Turns in which a participant chose to say nothing, in this run. */
  silent: number;
  /** Turns and moderations without a comment because the reply was cut before any text, in this run. */
  cutBeforeText: number;
  /** What the replies of each model were like, in this run. */
  replies: ReadonlyMap<string, Readonly<ReplyCounts>>;
  /** Comments of moderators, in this run. */
  interventions: number;
  /** Of this run; only what the servers reported. */
  tokens: Readonly<{ prompt: number; completion: number }>;
  /** Requests that ended in an error after all attempts, in this run. */
  failures: number;
}>;

/** Keeps the tally of a run. */
export class TallyKeeper {
  readonly #planned: number;
  #turnsPlanned: number;
  #ended = 0;
  #endedBefore = 0;
  #resumed = 0;
  #setAside = 0;
  #left = 0;
  #turnsEnded = 0;
  #turnsEndedBefore = 0;
  #turnsGivenUp = 0;
  #silent = 0;
  #cutBeforeText = 0;
  readonly #replies = new Map<string, ReplyCounts>();
  #interventions = 0;
  #promptTokens = 0;
  #completionTokens = 0;
  #failures = 0;
  /** Open discussion → turns that it still has; as many as are held at a time. */
  readonly #open = new Map<string, number>();

  /** @param totals What the run sets out to do. */
  constructor(totals: Totals) {
    this.#planned = totals.discussions;
    this.#turnsPlanned = totals.turns;
  }

  /** Counts what a run told. */
  count(notice: Exclude<RunNotice, ModelNotice>): void {
    switch (notice.kind) {
      case "opened":
        return this.#opened(notice);
      case "recorded":
        for (const event of notice.events) {
          const entry = readEvent(event);
          if (entry.kind === "said") this.#said(notice.discussion, entry);
          if (entry.kind === "failure") this.#failures++;
        }
        return;
      case "ended":
        this.#ended++;
        // Turns that an early end left out were planned, but never will be held.
        this.#turnsPlanned -= this.#close(notice.discussion);
        return;
      case "set-aside":
        this.#setAside++;
        this.#turnsGivenUp += this.#close(notice.discussion);
        return;
      case "left":
        this.#left++;
        this.#turnsGivenUp += this.#close(notice.discussion);
    }
  }

  /** How far the run is now. */
  get tally(): Tally {
    return {
      discussions: {
        planned: this.#planned,
        ended: this.#ended,
        endedBefore: this.#endedBefore,
        resumed: this.#resumed,
        open: this.#open.size,
        setAside: this.#setAside,
        left: this.#left,
      },
      turns: {
        planned: this.#turnsPlanned,
        ended: this.#turnsEnded,
        endedBefore: this.#turnsEndedBefore,
        givenUp: this.#turnsGivenUp,
      },
      silent: this.#silent,
      cutBeforeText: this.#cutBeforeText,
      replies: this.#replies,
      interventions: this.#interventions,
      tokens: { prompt: this.#promptTokens, completion: this.#completionTokens },
      failures: this.#failures,
    };
  }

  #opened({ state, resumed }: Extract<RunNotice, { kind: "opened" }>): void {
    const { design, turn } = state;
    this.#turnsEnded += turn;
    this.#turnsEndedBefore += turn;
    if (state.phase === "ended") {
      this.#ended++;
      this.#endedBefore++;
      this.#turnsPlanned -= design.turns - turn;
      return;
    }
    if (resumed) this.#resumed++;
    this.#open.set(design.id, design.turns - turn);
  }

  #said(discussion: string, said: Said): void {
    const { by, text, generation } = said;
    countReply(this.#replies, said);
    if (isCut(said)) this.#cutBeforeText++;
    else if (by === "participant" && text === null) this.#silent++;
    if (by === "moderator" && text !== null) this.#interventions++;
    if (by === "participant") {
      this.#turnsEnded++;
      this.#open.set(discussion, (this.#open.get(discussion) ?? 1) - 1);
    }
    this.#promptTokens += generation?.usage?.promptTokens ?? 0;
    this.#completionTokens += generation?.usage?.completionTokens ?? 0;
  }

  /** Forgets an open discussion; how many turns it still had. */
  #close(discussion: string): number {
    const left = this.#open.get(discussion) ?? 0;
    this.#open.delete(discussion);
    return left;
  }
}
