/** Tells whoever watches how an annotation goes. */
import { plainCounts } from "../../analysis/projections/mod.ts";
import type { AnnotationNotice } from "../../core/engine/mod.ts";
import { bar } from "../terminal/bar.ts";
import { truncate } from "../terminal/fit.ts";
import { formatCount, formatRate, formatShare, formatShort } from "../terminal/numbers.ts";
import { styled } from "../terminal/style.ts";
import type { Io, TextSink } from "../terminal/text_sink.ts";
import { type AnnotationTally, AnnotationTallyKeeper } from "./annotation_tally.ts";
import { following, openReport, type Report, type ReportStyle, type SetAside } from "./display.ts";
import { Pace } from "./pace.ts";

/** The report of an annotation, while it goes on. */
export interface AnnotationReport extends Pick<Report, "say"> {
  /** Takes a notice. */
  notify(notice: AnnotationNotice): void;
  /** Shows where it has come to and ends the report. */
  end(): Readonly<{ tally: AnnotationTally; setAside: readonly SetAside[] }>;
}

const BAR_COLUMNS = 30;
const LABEL_COLUMNS = 12;
/** Below this width, the bar goes. */
const COLUMNS_WITH_BAR_MIN = 76;

/**
 * Reports an annotation, from its first notice on.
 *
 * @param style How.
 * @param io Where: JSON goes to the standard output, everything else to the standard error.
 * @param planned How many discussions there are.
 */
export function reportAnnotation(style: ReportStyle, io: Io, planned: number): AnnotationReport {
  const keeper = new AnnotationTallyKeeper(planned);
  const pace = new Pace(performance.now(), 0);
  const report = openReport(style, io, {
    progress() {
      const { tally } = keeper;
      const perSecond = pace.perSecond(
        performance.now(),
        tally.judgements.asked - tally.judgements.unanswered,
      );
      return {
        live: (terminal) => liveLines(terminal, tally, perSecond),
        plain: () => parts(tally, perSecond).join(", "),
        json: () => ({
          type: "annotation-progress",
          ...tally,
          replies: plainCounts(tally.replies),
          judgementsPerSecond: perSecond,
        }),
      };
    },
  });
  return following(report, keeper);
}

function liveLines(sink: TextSink, tally: AnnotationTally, perSecond: number | null): string[] {
  const columns = Math.max(1, sink.columns() - 1);
  const { planned, ended, skipped, setAside } = tally.discussions;
  const done = ended + skipped + setAside;
  const figures = `${formatCount(done)}/${formatCount(planned)} ${formatShare(done, planned)}`;
  const drawn = columns < COLUMNS_WITH_BAR_MIN
    ? ""
    : `${styled(sink, "cyan", bar(done, planned, BAR_COLUMNS))} `;
  const [, judgements, ...others] = parts(tally, perSecond);
  return [
    `${"annotated".padEnd(LABEL_COLUMNS)}${drawn}${figures}`,
    truncate(`${judgements}${others.length === 0 ? "" : `   ${others.join("   ")}`}`, columns),
  ];
}

function parts(
  { discussions, judgements, tokens, failures }: AnnotationTally,
  perSecond: number | null,
): string[] {
  const pace = perSecond === null ? "" : ` (${formatRate(perSecond)})`;
  return [
    `annotated ${formatCount(discussions.ended)}/${formatCount(discussions.planned)}`,
    `judgements ${formatCount(judgements.asked - judgements.unanswered)}${pace}`,
    judgements.unread === 0 ? "" : `unreadable replies ${formatCount(judgements.unread)}`,
    `tokens ${formatShort(tokens.prompt)} in ${formatShort(tokens.completion)} out`,
    failures === 0 ? "" : `failures ${formatCount(failures)}`,
    discussions.skipped === 0 ? "" : `unfinished ${formatCount(discussions.skipped)}`,
    discussions.setAside === 0 ? "" : `set aside ${formatCount(discussions.setAside)}`,
  ].filter((part) => part !== "");
}
