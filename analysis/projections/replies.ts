/** The replies of models: the replies that were paid for, counts of replies, and warnings about them. */
import type { Generation, ModelSpec } from "../../core/events/mod.ts";
import { CANNOT_TELL } from "../../core/annotation/read_reply.ts";
import { type Annotation, isCut, type Said } from "./entries.ts";
import { addCounts, limitOf, type TallyOptions } from "./appendable.ts";
import { entryOf } from "./distinct.ts";
import type { DiscussionSlots } from "./slots.ts";

/** A reply that was paid for. */
export type Reply = Readonly<{
  /** The model's name in the discussion or the pass. */
  model: string;
  spec: ModelSpec | undefined;
  usage: Generation["usage"];
  /** The annotation pass that the reply belongs to; `null` for the discussion itself. */
  pass: string | null;
  entry: Said | Annotation;
}>;

/**
 * The replies in a log that were paid for: first the replies of speakers, then the replies of annotators. A
 * pass that only parsed the replies of an earlier pass again is left out.
 */
export function* repliesOf({ design, slots, annotations, passes }: DiscussionSlots): Generator<Reply> {
  for (const slot of slots) {
    // The replies in a branch's past were paid for in the discussion that the branch continues.
    if (slot.generation === undefined || slot.isPast) continue;
    const { model, usage } = slot.generation;
    yield { model, spec: design.models[model], usage, pass: null, entry: slot };
  }
  for (const annotation of annotations) {
    const { pass } = annotation;
    const asked = passes.get(pass)?.design;
    if (annotation.generation === undefined || asked === undefined || asked.reparsedFrom !== undefined) {
      continue;
    }
    const { model, usage } = annotation.generation;
    yield { model, spec: asked.models[model], usage, pass, entry: annotation };
  }
}

/** Counts of one model's replies. */
export type ReplyCounts = {
  replies: number;
  /** Replies that were cut at the limit of tokens, or before any text. */
  cut: number;
  /** Replies of speakers that were cut before any text. The speaker did not choose to be silent. */
  cutBeforeText: number;
  /** The replies in `cutBeforeText` that have thoughts: the model was still thinking. */
  cutWhileThinking: number;
  refused: number;
  /** Replies without text. They may have thoughts. */
  empty: number;
  /** Replies whose thoughts were separated from the text. */
  withThoughts: number;
  /**
   * The server's word for the end of a reply → the number of such replies. Only words that this program does
   * not know.
   */
  otherEnds: Map<string, number>;
};

/** A summary warns if at least this share of a model's replies is cut, is empty, or has thoughts. */
const REPLIES_WARNED_SHARE_MIN = 0.1;

/** At most this many different words are counted separately; the others are counted together. */
const OTHER_ENDS_MAX = 20;
const OTHER_ENDS_REST = "further words";

/** What is counted if a log lacks the server's word. */
const NOT_KEPT = "not kept";

/** Counts a reply. An entry without a model's reply changes nothing. */
export function countReply(
  models: Map<string, ReplyCounts>,
  entry: Said | Annotation,
  options: TallyOptions = {},
): void {
  if (entry.generation === undefined) return;
  const { model, finishReason } = entry.generation;
  const counts = entryOf(models, model, newCounts);
  const isCutSilence = entry.kind === "said" && isCut(entry);
  counts.replies++;
  if (isCutSilence) counts.cutBeforeText++;
  if (isCutSilence && entry.thoughts !== undefined) counts.cutWhileThinking++;
  if (finishReason === "length" || isCutSilence) counts.cut++;
  if (finishReason === "refused") counts.refused++;
  if (isEmpty(entry)) counts.empty++;
  if (entry.thoughts !== undefined) counts.withThoughts++;
  // The end is also known if an annotator answered on purpose that it cannot tell.
  const isKnown = finishReason !== "other" || entry.generation.finishReasonGiven === CANNOT_TELL;
  if (!isKnown) countEnd(counts.otherEnds, entry.generation.finishReasonGiven ?? NOT_KEPT, { ...options });
}

/** Adds the counts of the replies that come next. */
export function appendReplies(
  models: Map<string, ReplyCounts>,
  counted: ReadonlyMap<string, Readonly<ReplyCounts>>,
): void {
  for (const [model, { otherEnds, ...counts }] of counted) {
    const { otherEnds: ends, ...before } = entryOf(models, model, newCounts);
    addCounts(before, counts);
    for (const [word, replies] of otherEnds) countEnd(ends, word, { replies });
    models.set(model, { ...before, otherEnds: ends });
  }
}

function isEmpty(entry: Said | Annotation): boolean {
  // A person's reply ("sent") is not counted as empty: the person passed on purpose.
  if (entry.kind === "said") return entry.silence === "empty" && entry.generation?.finishReason !== "sent";
  return entry.values === null && entry.raw?.trim() === "" && entry.generation?.finishReason === "stop";
}

function countEnd(
  ends: Map<string, number>,
  given: string,
  { replies = 1, ...options }: TallyOptions & Readonly<{ replies?: number }>,
): void {
  const isNew = !ends.has(given);
  const word = isNew && ends.size >= limitOf(OTHER_ENDS_MAX, options) ? OTHER_ENDS_REST : given;
  ends.set(word, (ends.get(word) ?? 0) + replies);
}

function newCounts(): ReplyCounts {
  return {
    replies: 0,
    cut: 0,
    cutBeforeText: 0,
    cutWhileThinking: 0,
    refused: 0,
    empty: 0,
    withThoughts: 0,
    otherEnds: new Map(),
  };
}

/**
 * Warnings about models with many replies that are cut, empty, have thoughts or end for unknown reasons. Each
 * warning is a sentence without a full stop.
 */
export function replyWarnings(models: ReadonlyMap<string, ReplyCounts>): readonly string[] {
  return [...models].flatMap(([model, counts]) => {
    const { replies, cut, cutBeforeText, cutWhileThinking, empty, withThoughts, otherEnds } = counts;
    const isMany = (count: number) => count > 0 && count / replies >= REPLIES_WARNED_SHARE_MIN;
    const of = `of ${replies} replies`;
    const ends = [...otherEnds].map(([word, count]) => `"${word}" (${count})`).join(", ");
    return [
      ...(isMany(cut) || cutBeforeText > 0
        ? [
          `${model}: ${cut} ${of} were cut${cutWhileThinking > 0 ? "" : " at the limit of tokens"}` +
          `${cutBeforeText > 0 ? `, ${cutBeforeText} of them before any text` : ""}` +
          `${
            cutWhileThinking > 0 ? `, ${cutWhileThinking} of them while the model was still thinking` : ""
          }; ` +
          `raise maxTokens, or let the model think less`,
        ]
        : []),
      ...(isMany(empty) ? [`${model}: ${empty} ${of} are empty; look at them with the command replay`] : []),
      ...(isMany(withThoughts)
        ? [
          `${model}: ${withThoughts} ${of} hold thoughts, which are kept in the log and not in the text; ` +
          `they count towards maxTokens`,
        ]
        : []),
      ...(ends === ""
        ? []
        : [`${model}: replies ended for reasons that this program does not know: ${ends}`]),
    ];
  });
}

/** The counts as an object that JSON can hold, by the model's name. */
export function plainCounts(
  models: ReadonlyMap<string, Readonly<ReplyCounts>>,
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    [...models].map(([model, { otherEnds, ...counts }]) =>
      [model, { ...counts, otherEnds: Object.fromEntries(otherEnds) }] as const
    ),
  );
}
