/** The progress of a run, as text and as JSON. */
import { plainCounts } from "../../analysis/projections/mod.ts";
import type { RunNotice } from "../../core/engine/mod.ts";
import type { Io, TextSink } from "../terminal/text_sink.ts";
import { display, type DisplayStyle, type WorkDisplay } from "./display.ts";
import { Pace, remainingMs } from "./pace.ts";
import { type Tally, TallyKeeper, type Totals } from "./tally.ts";
import { bar, displayWidth, styled, truncate } from "../terminal/text.ts";
import { formatCount, formatDuration, formatRate, formatShare, formatShort } from "../terminal/numbers.ts";

/** Shows the progress of a run; `totals` says how much it plans. */
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

/** What is shown: the tally and the paces, where these are known. */
type Moment = Readonly<{
  tally: Tally;
  turnsPerSecond: number | null;
  tokensPerSecond: number | null;
}>;

const LABEL_COLUMNS = 12;
/** `100 %` */
const SHARE_COLUMNS = 5;
const BAR_COLUMNS_MAX = 30;
/** Below this width no bar is drawn. */
const BAR_COLUMNS_MIN = 6;

/**
 * The lines for a terminal: bars of discussions and turns, then the counters. In a narrow terminal, the bars shrink, then
 * disappear; then the lines are cut.
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

/** A line for a file or a pipe. */
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

/** Turns that are still to be run. */
function turnsLeft({ turns }: Tally): number {
  return Math.max(0, turns.planned - turns.ended - turns.givenUp);
}

/** Puts as many parts on each line as fit. */
function flow(parts: readonly string[], columns: number): string[] {
  const lines: string[] = [];
  for (const part of parts) {
    const last = lines.at(-1);
    const joined = `${last}   ${part}`;
    if (last !== undefined && displayWidth(joined) <= columns) lines[lines.length - 1] = joined;
    else lines.push(truncate(part, columns));
  }
  return lines;
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
