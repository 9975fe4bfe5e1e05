/** Counts the progress of a run from its notices, and shows it as text and as JSON. */
import {
  countReply,
  isCut,
  plainCounts,
  readEvent,
  type ReplyCounts,
} from "../../analysis/projections/mod.ts";
import type { ModelNotice, RunNotice } from "../../core/engine/mod.ts";
import type { Io, TextSink } from "../terminal/text_sink.ts";
import { display, type DisplayStyle, Pace, remainingMs, type WorkDisplay } from "./display.ts";
import { bar, flow, styled, truncate } from "../terminal/text.ts";
import { formatCount, formatDuration, formatRate, formatShare, formatShort } from "../terminal/numbers.ts";

/** Shows the progress of a run; `totals` is the size of its plan. */
export function displayRun(style: DisplayStyle, io: Io, totals: Totals): WorkDisplay<RunNotice, Tally> {
  const keeper = new TallyKeeper(totals);
  const turns = new Pace(performance.now(), 0);
  const tokens = new Pace(performance.now(), 0);
  return display(style, io, {
    keeper,
    progress() {
      const { tally } = keeper;
      const now = performance.now();
      const moment = {
        tally,
        turnsPerSecond: turns.perSecond(now, tally.turns.ended - tally.turns.endedBefore),
        tokensPerSecond: tokens.perSecond(now, tally.tokens.prompt + tally.tokens.completion),
      };
      return {
        live: (terminal) => liveView(terminal, moment),
        plain: () => plainView(moment),
        json: () => progressObject(moment),
      };
    },
  });
}

/** The tally, and the paces; `null` while a pace is unknown. */
type Moment = Readonly<{
  tally: Tally;
  turnsPerSecond: number | null;
  tokensPerSecond: number | null;
}>;

const LABEL_COLUMNS = 12;
/** The width of `100 %`. */
const SHARE_COLUMNS = 5;
const BAR_COLUMNS_MAX = 30;
/** A narrower bar is not drawn. */
const BAR_COLUMNS_MIN = 6;

/**
 * The lines for a terminal: bars of discussions and turns, then the counters. In a narrow terminal, the bars shrink. In
 * a very narrow terminal, the bars disappear and the lines are cut.
 */
export function liveView(sink: TextSink, moment: Moment): string[] {
  const columns = Math.max(1, sink.columns() - 1);
  return [...bars(sink, moment, columns), ...counters(sink, moment, columns)];
}

function bars(sink: TextSink, { tally, turnsPerSecond }: Moment, columns: number): string[] {
  const { discussions, turns } = tally;
  const pace = turnsPerSecond === null ? "" : `  ${formatRate(turnsPerSecond)}`;
  const left = remainingMs(turnsLeft(tally), turnsPerSecond);
  const rest = left === null || left === 0 ? "" : `  ${formatDuration(left)} left`;
  const gauges = [
    {
      label: "discussions",
      part: discussions.ended,
      whole: discussions.planned,
      more: `  ${discussions.open} open`,
    },
    { label: "turns", part: turns.ended, whole: turns.planned, more: `${rest}${pace}` },
  ].map((gauge) => ({ ...gauge, count: `${formatCount(gauge.part)}/${formatCount(gauge.whole)}` }));
  // The figures of both bars are aligned.
  const countColumns = Math.max(...gauges.map(({ count }) => count.length));
  const figures = gauges.map(({ part, whole, count, more }) =>
    `${count.padEnd(countColumns)} ${formatShare(part, whole).padStart(SHARE_COLUMNS)}${more}`
  );
  const room = columns - LABEL_COLUMNS - 1 - Math.max(...figures.map((text) => text.length));
  const barColumns = Math.min(room, BAR_COLUMNS_MAX);
  return gauges.map(({ label, part, whole }, index) => {
    const begin = label.padEnd(LABEL_COLUMNS);
    if (barColumns < BAR_COLUMNS_MIN) return truncate(begin + figures[index], columns);
    return `${begin}${styled(sink, "cyan", bar(part, whole, barColumns))} ${figures[index]}`;
  });
}

function counters(sink: TextSink, { tally, tokensPerSecond }: Moment, columns: number): string[] {
  const { prompt, completion } = tally.tokens;
  const pace = tokensPerSecond === null || tokensPerSecond === 0 ? "" : `  ${formatShort(tokensPerSecond)}/s`;
  const tokens = `${"tokens".padEnd(LABEL_COLUMNS)}${formatShort(prompt)} in, ${
    formatShort(completion)
  } out${pace}`;
  const [failures, ...others] = flow([
    `${"failures".padEnd(LABEL_COLUMNS)}${formatCount(tally.failures)}`,
    `failed discussions ${formatCount(tally.discussions.setAside)}`,
    `silent ${formatCount(tally.silent)}`,
  ], columns);
  const alarmed = tally.failures === 0 ? failures! : styled(sink, "yellow", failures!);
  return [truncate(tokens, columns), alarmed, ...others];
}

/** The progress as a line for a file or a pipe. */
export function plainView({ tally, turnsPerSecond }: Moment): string {
  const { discussions, turns, failures } = tally;
  const left = remainingMs(turnsLeft(tally), turnsPerSecond);
  const parts = [
    `discussions ${formatCount(discussions.ended)}/${formatCount(discussions.planned)}`,
    `turns ${formatCount(turns.ended)}/${formatCount(turns.planned)} (${
      formatShare(turns.ended, turns.planned)
    })`,
    turnsPerSecond === null ? "" : `${formatRate(turnsPerSecond)}`,
    left === null || left === 0 ? "" : `${formatDuration(left)} left`,
    `tokens ${formatShort(tally.tokens.prompt)} in ${formatShort(tally.tokens.completion)} out`,
    `failures ${formatCount(failures)}`,
    discussions.setAside === 0 ? "" : `failed discussions ${formatCount(discussions.setAside)}`,
  ];
  return parts.filter((part) => part !== "").join(", ");
}

/** The number of turns that the run still has to do. */
function turnsLeft({ turns }: Tally): number {
  return Math.max(0, turns.planned - turns.ended - turns.givenUp);
}

function progressObject({ tally, turnsPerSecond }: Moment): Readonly<Record<string, unknown>> {
  return {
    type: "progress",
    ...tally,
    replies: plainCounts(tally.replies),
    turnsPerSecond,
    remainingMs: remainingMs(turnsLeft(tally), turnsPerSecond),
  };
}

/** The discussions and turns that a run plans. */
export type Totals = Readonly<{ discussions: number; turns: number }>;

/** The progress of a run. */
export type Tally = {
  discussions: {
    planned: number;
    ended: number;
    /** Discussions that had ended before this start. */
    endedBefore: number;
    resumed: number;
    open: number;
    setAside: number;
    /** Discussions that this start did not finish, because their condition or model was stopped. */
    left: number;
  };
  turns: {
    planned: number;
    /** Turns that have ended, silent turns included. */
    ended: number;
    /** Turns that had ended before this start. */
    endedBefore: number;
    /** Turns that this start will not reach, because their discussions failed or count as `left`. */
    givenUp: number;
  };
  // The members below count only this start.
  silent: number;
  /** Turns and moderations without a comment because the reply was cut before any text. */
  cutBeforeText: number;
  /** Counts of cut, refused, empty and other replies, for each model. */
  replies: Map<string, ReplyCounts>;
  /** Comments of moderators. */
  interventions: number;
  /** Tokens that the servers reported. */
  tokens: { prompt: number; completion: number };
  /** Requests that ended in an error after all attempts. */
  failures: number;
};

/** Keeps the tally of a run. */
export class TallyKeeper {
  readonly tally: Tally;
  /** Open discussion → the number of its remaining turns. */
  readonly #open = new Map<string, number>();

  /** @param totals The size of the run's plan. */
  constructor({ discussions, turns }: Totals) {
    this.tally = {
      discussions: {
        planned: discussions,
        ended: 0,
        endedBefore: 0,
        resumed: 0,
        open: 0,
        setAside: 0,
        left: 0,
      },
      turns: { planned: turns, ended: 0, endedBefore: 0, givenUp: 0 },
      silent: 0,
      cutBeforeText: 0,
      replies: new Map(),
      interventions: 0,
      tokens: { prompt: 0, completion: 0 },
      failures: 0,
    };
  }

  /** Counts a notice of the run. */
  count(notice: Exclude<RunNotice, ModelNotice>): void {
    const { discussions, turns } = this.tally;
    switch (notice.kind) {
      case "opened":
        this.#opened(notice);
        break;
      case "recorded":
        for (const event of notice.events) this.#recorded(notice.discussion, event);
        break;
      case "ended":
        discussions.ended++;
        // After an early end, the remaining turns of the discussion are no longer planned.
        turns.planned -= this.#close(notice.discussion);
        break;
      case "set-aside":
        discussions.setAside++;
        turns.givenUp += this.#close(notice.discussion);
        break;
      case "left":
        discussions.left++;
        turns.givenUp += this.#close(notice.discussion);
        break;
      case "lost":
      case "interrupted":
        this.#close(notice.discussion);
    }
    discussions.open = this.#open.size;
  }

  #opened({ state: { design, turn, phase }, resumed }: Extract<RunNotice, { kind: "opened" }>): void {
    const { discussions, turns } = this.tally;
    turns.ended += turn;
    turns.endedBefore += turn;
    if (phase === "ended") {
      discussions.ended++;
      discussions.endedBefore++;
      turns.planned -= design.turns - turn;
      return;
    }
    if (resumed) discussions.resumed++;
    this.#open.set(design.id, design.turns - turn);
  }

  #recorded(discussion: string, event: Parameters<typeof readEvent>[0]): void {
    const { tally } = this;
    const entry = readEvent(event);
    if (entry.kind === "failure") tally.failures++;
    if (entry.kind !== "said") return;
    const { by, comment, generation } = entry;
    countReply(tally.replies, entry);
    if (isCut(entry)) tally.cutBeforeText++;
    else if (by === "participant" && comment === null) tally.silent++;
    if (by === "moderator" && comment !== null) tally.interventions++;
    if (by === "participant") {
      tally.turns.ended++;
      this.#open.set(discussion, (this.#open.get(discussion) ?? 1) - 1);
    }
    tally.tokens.prompt += generation?.usage?.promptTokens ?? 0;
    tally.tokens.completion += generation?.usage?.completionTokens ?? 0;
  }

  /** Removes an open discussion. Returns the number of its remaining turns. */
  #close(discussion: string): number {
    const left = this.#open.get(discussion) ?? 0;
    this.#open.delete(discussion);
    return left;
  }
}
