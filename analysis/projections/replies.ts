/** The replies of models: which replies were paid for, their counts, and warnings about them. */
import type { Generation, ModelSpec } from "../../core/events/mod.ts";
import { CANNOT_TELL } from "../../core/annotation/mod.ts";
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
  /** The annotation pass that it belongs to; `null` for the discussion itself. */
  pass: string | null;
  entry: Said | Annotation;
}>;

/**
 * The paid replies in a log, in order. Replies that a pass only parsed again are left out, because an earlier pass has
 * them.
 */
export function* repliesOf({ design, slots, annotations, passes }: DiscussionSlots): Generator<Reply> {
  for (const slot of slots) {
    // The discussion that a past comes from paid for it.
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
  /** Replies of speakers that were cut before any text, so that the speaker did not choose the silence. */
  cutBeforeText: number;
  /** Of replies that were cut before any text, those with thoughts: the model was still thinking. */
  cutWhileThinking: number;
  refused: number;
  /** Replies without a text, also if they have thoughts. */
  empty: number;
  /** Replies with thoughts, unless the model's thoughts stay in the text. */
  withThoughts: number;
  /** Replies that ended for a reason unknown to this program: the server's word → the number of replies. */
  otherEnds: Map<string, number>;
};

/** A summary warns if at least this share of a model's replies is cut, is empty, or has thoughts. */
const REPLIES_WARNED_SHARE_MIN = 0.1;

/** At most this many different words are counted separately; the others are counted together. */
const OTHER_ENDS_MAX = 20;
const OTHER_ENDS_REST = "further words";

/** Counted instead of the server's word, for logs that lack it. */
const NOT_KEPT = "not kept";

/** Counts a reply. Entries without a model's reply change nothing. */
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
  // A rater who cannot tell has ended the reply on purpose.
  const isKnown = finishReason !== "other" || entry.generation.finishReasonGiven === CANNOT_TELL;
  if (!isKnown) countEnd(counts.otherEnds, entry.generation.finishReasonGiven ?? NOT_KEPT, { ...options });
}

/** Adds the counts of the replies that follow. */
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
  // A person who passed said nothing on purpose.
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

/** Warns of models with many cut, empty or thinking replies; one sentence each, without a full stop. */
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
