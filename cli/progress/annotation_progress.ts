/** The progress of an annotation, as text and as JSON. */
import { plainCounts } from "../../analysis/projections/mod.ts";
import type { AnnotationNotice } from "../../core/engine/mod.ts";
import { bar, styled, truncate } from "../terminal/text.ts";
import { formatCount, formatRate, formatShare, formatShort } from "../terminal/numbers.ts";
import type { Io, TextSink } from "../terminal/text_sink.ts";
import { type AnnotationTally, AnnotationTallyKeeper } from "./annotation_tally.ts";
import { display, type DisplayStyle, type WorkDisplay } from "./display.ts";
import { Pace } from "./pace.ts";

const BAR_COLUMNS = 30;
const LABEL_COLUMNS = 12;
/** A narrower terminal shows no bar. */
const COLUMNS_WITH_BAR_MIN = 76;

/** Shows the progress of an annotation; `planned` is the number of discussions. */
export function displayAnnotation(
  style: DisplayStyle,
  io: Io,
  planned: number,
): WorkDisplay<AnnotationNotice, AnnotationTally> {
  const keeper = new AnnotationTallyKeeper(planned);
  const pace = new Pace(performance.now(), 0);
  return display(style, io, {
    keeper,
    progress() {
      const { tally } = keeper;
      const answered = tally.judgements.asked - tally.judgements.unanswered;
      const perSecond = pace.perSecond(performance.now(), answered);
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
}

function liveLines(sink: TextSink, tally: AnnotationTally, perSecond: number | null): string[] {
  const columns = Math.max(1, sink.columns() - 1);
  const { planned, ended, skipped, setAside } = tally.discussions;
  const done = ended + skipped + setAside;
  const figures = `${formatCount(done)}/${formatCount(planned)} ${formatShare(done, planned)}`;
  const label = "annotated".padEnd(LABEL_COLUMNS);
  const [, judgements, ...others] = parts(tally, perSecond);
  return [
    columns < COLUMNS_WITH_BAR_MIN
      ? truncate(label + figures, columns)
      : `${label}${styled(sink, "cyan", bar(done, planned, BAR_COLUMNS))} ${figures}`,
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
    judgements.unread === 0 ? "" : `unparsed replies ${formatCount(judgements.unread)}`,
    `tokens ${formatShort(tokens.prompt)} in ${formatShort(tokens.completion)} out`,
    failures === 0 ? "" : `failures ${formatCount(failures)}`,
    discussions.skipped === 0 ? "" : `unfinished ${formatCount(discussions.skipped)}`,
    discussions.setAside === 0 ? "" : `failed discussions ${formatCount(discussions.setAside)}`,
  ].filter((part) => part !== "");
}
