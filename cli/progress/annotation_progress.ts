/** Counts the progress of an annotation pass from its notices, and shows it as text and as JSON. */
import {
  type Annotation,
  countReply,
  plainCounts,
  readEvent,
  type ReplyCounts,
} from "../../analysis/projections/mod.ts";
import { questionCount } from "../../core/annotation/mod.ts";
import type { AnnotationNotice, ModelNotice } from "../../core/engine/mod.ts";
import { bar, flow, styled, truncate } from "../terminal/text.ts";
import { formatCount, formatRate, formatShare, formatShort } from "../terminal/numbers.ts";
import type { Io, TextSink } from "../terminal/text_sink.ts";
import type { RaterProgress } from "../../adapters/people/rater_progress.ts";
import { raterParts } from "./rater_lines.ts";
import { display, type DisplayStyle, Pace, type WorkDisplay } from "./display.ts";

const BAR_COLUMNS = 30;
const LABEL_COLUMNS = 12;
/** A narrower terminal shows no bar. */
const COLUMNS_WITH_BAR_MIN = 76;

/** What the progress of an annotation depends on, besides its notices. */
type AnnotationWork = Readonly<{
  /** The number of discussions. */
  planned: number;
  /** How far the raters are now. */
  raters?: () => readonly RaterProgress[];
}>;

/** Shows the progress of an annotation. */
export function displayAnnotation(
  style: DisplayStyle,
  io: Io,
  { planned, raters: lookAtRaters = () => [] }: AnnotationWork,
): WorkDisplay<AnnotationNotice, AnnotationTally> {
  const keeper = new AnnotationTallyKeeper(planned);
  const pace = new Pace(performance.now(), 0);
  return display(style, io, {
    keeper,
    progress() {
      const { tally } = keeper;
      const answered = tally.judgements.asked - tally.judgements.unanswered;
      const perSecond = pace.perSecond(performance.now(), answered);
      const raters = lookAtRaters();
      const people = raterParts(raters);
      return {
        live: (terminal) => [
          ...liveLines(terminal, tally, perSecond),
          ...(people.length === 0 ? [] : flow(["raters", ...people], columnsOf(terminal))),
        ],
        plain: () =>
          [
            parts(tally, perSecond).join(", "),
            ...(people.length === 0 ? [] : [`raters ${people.join(", ")}`]),
          ]
            .join("; "),
        json: () => ({
          type: "annotation-progress",
          ...tally,
          replies: plainCounts(tally.replies),
          judgementsPerSecond: perSecond,
          ...(raters.length === 0 ? {} : { raters }),
        }),
      };
    },
  });
}

function liveLines(sink: TextSink, tally: AnnotationTally, perSecond: number | null): string[] {
  const columns = columnsOf(sink);
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

function columnsOf(sink: TextSink): number {
  return Math.max(1, sink.columns() - 1);
}

function parts(
  { discussions, judgements, tokens, failures }: AnnotationTally,
  perSecond: number | null,
): string[] {
  const pace = perSecond === null ? "" : ` (${formatRate(perSecond)})`;
  return [
    `annotated ${formatCount(discussions.ended)}/${formatCount(discussions.planned)}`,
    `annotations ${formatCount(judgements.asked - judgements.unanswered)}${pace}`,
    judgements.unread === 0 ? "" : `unparsed replies ${formatCount(judgements.unread)}`,
    `tokens ${formatShort(tokens.prompt)} in ${formatShort(tokens.completion)} out`,
    failures === 0 ? "" : `failures ${formatCount(failures)}`,
    discussions.skipped === 0 ? "" : `unfinished ${formatCount(discussions.skipped)}`,
    discussions.setAside === 0 ? "" : `failed discussions ${formatCount(discussions.setAside)}`,
  ].filter((part) => part !== "");
}

/** The progress of an annotation. */
export type AnnotationTally = {
  discussions: {
    planned: number;
    /** Discussions with the completed pass. */
    ended: number;
    /** Discussions of `ended` whose pass was complete before this start. */
    endedBefore: number;
    open: number;
    /** Discussions that cannot be annotated, because they are unfinished. */
    skipped: number;
    setAside: number;
    /** Discussions that this process did not finish, because the pass was stopped. */
    left: number;
  };
  judgements: {
    /** Questions of all discussions that have been opened. */
    known: number;
    /** Questions that were answered or failed, now or before. */
    settled: number;
    /** Questions that were answered or failed in this process. */
    asked: number;
    /** Questions of `asked` that got only unparsed replies. */
    unanswered: number;
    /** Unparsed replies in this process. A question can have several, because it is asked again. */
    unread: number;
  };
  // The members below count only this process.
  /** Counts of cut, refused, empty and other replies, for each annotator model. */
  replies: Map<string, ReplyCounts>;
  /** Tokens that the servers reported. */
  tokens: { prompt: number; completion: number };
  /** Requests that ended in an error after all attempts. */
  failures: number;
};

/** Keeps the tally of an annotation. */
export class AnnotationTallyKeeper {
  readonly tally: AnnotationTally;
  /** Open discussion → the limit of retries, and the number of unparsed replies to its current question. */
  readonly #questionOf = new Map<string, { retries: number; unparsed: number }>();

  /** @param planned The number of discussions. */
  constructor(planned: number) {
    this.tally = {
      discussions: { planned, ended: 0, endedBefore: 0, open: 0, skipped: 0, setAside: 0, left: 0 },
      judgements: { known: 0, settled: 0, asked: 0, unanswered: 0, unread: 0 },
      replies: new Map(),
      tokens: { prompt: 0, completion: 0 },
      failures: 0,
    };
  }

  /** Counts a notice of the annotation. */
  count(notice: Exclude<AnnotationNotice, ModelNotice>): void {
    const { discussions } = this.tally;
    switch (notice.kind) {
      case "opened":
        this.#opened(notice);
        break;
      case "recorded":
        for (const event of notice.events) {
          const entry = readEvent(event);
          if (entry.kind === "failure") this.tally.failures++;
          if (entry.kind === "annotation") this.#annotated(notice.discussion, entry);
        }
        break;
      case "ended":
      case "skipped":
      case "left":
        discussions[notice.kind]++;
        this.#questionOf.delete(notice.discussion);
        break;
      case "set-aside":
        discussions.setAside++;
        this.#questionOf.delete(notice.discussion);
        break;
      case "lost":
      case "interrupted":
        this.#questionOf.delete(notice.discussion);
    }
    discussions.open = this.#questionOf.size;
  }

  #opened({ discussion, progress }: Extract<AnnotationNotice, { kind: "opened" }>): void {
    const { discussions, judgements } = this.tally;
    judgements.known += questionCount(progress);
    judgements.settled += progress.settled;
    if (progress.completed) {
      discussions.ended++;
      discussions.endedBefore++;
    } else {
      const { design: { retries }, unparsedReplies: unparsed } = progress;
      this.#questionOf.set(discussion, { retries, unparsed });
    }
  }

  #annotated(discussion: string, annotation: Annotation): void {
    const { judgements, replies, tokens } = this.tally;
    countReply(replies, annotation);
    const current = this.#questionOf.get(discussion)!;
    const isUnparsed = annotation.values === null;
    if (isUnparsed) {
      judgements.unread++;
      current.unparsed++;
    }
    if (!isUnparsed || current.unparsed > current.retries) {
      judgements.settled++;
      judgements.asked++;
      if (isUnparsed) judgements.unanswered++;
      current.unparsed = 0;
    }
    const usage = annotation.generation?.usage;
    tokens.prompt += usage?.promptTokens ?? 0;
    tokens.completion += usage?.completionTokens ?? 0;
  }
}
