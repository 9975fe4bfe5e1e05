/** Tells whoever watches how a run goes. */
import { plainCounts } from "../../analysis/projections/mod.ts";
import type { RunNotice } from "../../core/engine/mod.ts";
import type { Io } from "../terminal/text_sink.ts";
import { following, openReport, type Report, type ReportStyle, type SetAside } from "./display.ts";
import { Pace, remainingMs } from "./pace.ts";
import { type Tally, TallyKeeper, type Totals } from "./tally.ts";
import { liveView, type Moment, plainView, turnsLeft } from "./view.ts";

/** The report of a run, while it runs. */
export interface ProgressReport extends Pick<Report, "say"> {
  /** Takes a notice of the run. */
  notify(notice: RunNotice): void;
  /** Shows where the run has come to and ends the report. */
  end(): Readonly<{ tally: Tally; setAside: readonly SetAside[] }>;
}

/**
 * Reports a run, from its first notice on.
 *
 * @param style How.
 * @param io Where: JSON goes to the standard output, everything else to the standard error.
 * @param totals What the run sets out to do.
 */
export function reportProgress(style: ReportStyle, io: Io, totals: Totals): ProgressReport {
  const keeper = new TallyKeeper(totals);
  const turns = new Pace(performance.now(), 0);
  const tokens = new Pace(performance.now(), 0);
  const moment = (): Moment => {
    const { tally } = keeper;
    const now = performance.now();
    return {
      tally,
      turnsPerSecond: turns.perSecond(now, tally.turns.ended - tally.turns.endedBefore),
      tokensPerSecond: tokens.perSecond(now, tally.tokens.prompt + tally.tokens.completion),
    };
  };
  const report = openReport(style, io, {
    progress() {
      const now = moment();
      return {
        live: (terminal) => liveView(terminal, now),
        plain: () => plainView(now),
        json: () => progressObject(now),
      };
    },
  });
  return following(report, keeper);
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
