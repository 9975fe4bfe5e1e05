/** Counts the vectors that are made of a run's comments, and shows the progress. */
import type { EmbeddingNotice, EmbeddingOutcome, ModelNotice } from "../../core/engine/mod.ts";
import { neutralise } from "../terminal/neutralise.ts";
import { formatCount, formatRate, formatShort, plural } from "../terminal/numbers.ts";
import { truncate } from "../terminal/text.ts";
import type { Io } from "../terminal/text_sink.ts";
import { display, type DisplayStyle, type FailedDiscussion, Pace, type WorkDisplay } from "./display.ts";

/** The progress of making vectors. */
export type EmbeddingTally = {
  discussions: { planned: number; ended: number; skipped: number; setAside: number };
  comments: {
    /** Comments that need a vector, in all discussions that have been read. */
    known: number;
    /** Comments that had a vector before. */
    kept: number;
    /** Comments that got a vector now. */
    embedded: number;
    /** Comments of people whose words the logs have encrypted. */
    ofPeople: number;
    /** Comments of `embedded` that were longer than the model's context. */
    cut: number;
  };
  /** Tokens that the servers reported. */
  tokens: number;
};

/**
 * Shows the progress.
 *
 * @param planned The number of discussions.
 */
export function displayEmbedding(
  style: DisplayStyle,
  io: Io,
  planned: number,
): WorkDisplay<EmbeddingNotice, EmbeddingTally> {
  const tally: EmbeddingTally = {
    discussions: { planned, ended: 0, skipped: 0, setAside: 0 },
    comments: { known: 0, kept: 0, embedded: 0, ofPeople: 0, cut: 0 },
    tokens: 0,
  };
  const pace = new Pace(performance.now(), 0);
  return display(style, io, {
    keeper: { tally, count: (notice: Exclude<EmbeddingNotice, ModelNotice>) => count(tally, notice) },
    progress() {
      const perSecond = pace.perSecond(performance.now(), tally.comments.embedded);
      const line = parts(tally, perSecond).join(", ");
      return {
        live: (terminal) => [truncate(line, Math.max(1, terminal.columns() - 1))],
        plain: () => line,
        json: () => ({ type: "embedding-progress", ...tally, commentsPerSecond: perSecond }),
      };
    },
  });
}

function count(tally: EmbeddingTally, notice: Exclude<EmbeddingNotice, ModelNotice>): void {
  const { discussions, comments } = tally;
  switch (notice.kind) {
    case "opened":
      comments.known += notice.texts;
      comments.kept += notice.kept;
      comments.ofPeople += notice.ofPeople;
      if (notice.texts === notice.kept) discussions.ended++;
      break;
    case "embedded":
      comments.embedded += notice.texts;
      comments.cut += notice.cut;
      tally.tokens += notice.tokens;
      break;
    case "ended":
    case "skipped":
      discussions[notice.kind]++;
      break;
    case "set-aside":
      discussions.setAside++;
      break;
    case "recorded":
    case "left":
    case "lost":
    case "interrupted":
      break;
    default:
      notice satisfies never;
  }
}

function parts({ discussions, comments, tokens }: EmbeddingTally, perSecond: number | null): string[] {
  const pace = perSecond === null ? "" : ` (${formatRate(perSecond)})`;
  return [
    `discussions ${formatCount(discussions.ended + discussions.skipped)}/${formatCount(discussions.planned)}`,
    `vectors ${formatCount(comments.embedded)}${pace}`,
    `tokens ${formatShort(tokens)}`,
    ...(discussions.setAside === 0 ? [] : [`failed discussions ${formatCount(discussions.setAside)}`]),
  ];
}

/** An embedding that has ended. */
type FinishedEmbedding = Readonly<{
  model: string;
  outcome: EmbeddingOutcome;
  tally: EmbeddingTally;
  /** The first discussions that failed. */
  setAside: readonly FailedDiscussion[];
}>;

/** The summary as text. */
export function embeddingText({ model, outcome, tally, setAside }: FinishedEmbedding): string {
  const { discussions, comments, tokens } = tally;
  const { cutShort, stopped } = outcome;
  const lines = [
    `Vectors by ${neutralise(model)}`,
    `  discussions  ${formatCount(discussions.ended)} of ${formatCount(discussions.planned)} ended` +
    (discussions.skipped === 0 ? "" : `, ${formatCount(discussions.skipped)} unfinished and skipped`) +
    (discussions.setAside === 0 ? "" : `, ${formatCount(discussions.setAside)} failed`),
    `  comments     ${plural(comments.embedded, "new vector")}, ${
      formatCount(comments.kept)
    } kept from before`,
    `  tokens       ${formatShort(tokens)}`,
    ...(comments.cut === 0 ? [] : [
      `  ${
        plural(comments.cut, "comment")
      } longer than the model's context: the vectors describe the beginnings`,
    ]),
    ...(comments.ofPeople === 0 ? [] : [
      `  ${
        plural(comments.ofPeople, "comment")
      } of people got no vectors, because the words are encrypted in the logs`,
    ]),
    ...setAside.map(({ discussion, reason }) => `  ${neutralise(discussion)}: ${neutralise(reason)}`),
    ...stopped.map(({ message }) => `  ${neutralise(message)}`),
    ...(cutShort !== null && "message" in cutShort ? ["", neutralise(cutShort.message)] : []),
  ];
  return lines.join("\n");
}

/** The summary as an object for JSON. */
export function embeddingObject(
  { model, outcome, tally, setAside }: FinishedEmbedding,
): Readonly<Record<string, unknown>> {
  const { cutShort, stopped } = outcome;
  return { model, cutShort, stopped, ...tally, firstSetAside: setAside };
}
