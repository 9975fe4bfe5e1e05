/** Reads the stored replies of a pass again, under another codebook, without new requests. */
import { cleanReply, READING_VERSION } from "../discussion/reading.ts";
import { type AnnotationUnparsed, type CommentAnnotated, takenOut } from "../events/mod.ts";
import { answersOf } from "./prompt.ts";
import type { Scale, ScaleValue } from "./scales/mod.ts";
import type { AnnotationDesign, Codebook } from "../events/annotation_design.ts";
import { readReply, replyEvent } from "./read_reply.ts";
import { type Question, questionAt, questionsPerComment } from "./state.ts";

/** An annotator's reply, as the log records it. */
export type StoredReply = CommentAnnotated | AnnotationUnparsed;

/** An annotation whose value differs between the old and the new codebook. */
export type ReadingChange = Readonly<{
  comment: number;
  annotator: string;
  scale: string;
  /** The old value; `null` if the reply could not be read. */
  before: ScaleValue | null;
  after: ScaleValue | null;
}>;

/** The result of reading a pass again. */
export type Reparsed = Readonly<{
  design: AnnotationDesign;
  replies: readonly StoredReply[];
  changes: readonly ReadingChange[];
  unchanged: number;
}>;

/** How replies are read again. */
export type ReparseOptions = Readonly<{
  codebook: Codebook;
  /** The name of the new pass. */
  as: string;
  /**
   * The annotators who withdrew. Their replies can no longer be decrypted. Even the scales of a reply are
   * unknown.
   */
  withdrew?: ReadonlySet<string>;
}>;

/** Reads a completed pass again. If a question has several replies, the first one that can be read counts. */
export function reparse(
  { design, targets }: Readonly<{ design: AnnotationDesign; targets: readonly number[] }>,
  stored: readonly StoredReply[],
  { codebook, as, withdrew = new Set() }: ReparseOptions,
): Reparsed {
  const asked = new Set(design.codebook.scales.map(({ name }) => name));
  // The questions of an imported pass are not known, so its replies can answer any scale.
  const scales = codebook.scales.filter(({ name }) => design.source !== undefined || asked.has(name));
  if (scales.length === 0) {
    const names = `it asked for ${[...asked].join(", ")}, and the codebook has none of these`;
    throw new RangeError(`Cannot read the pass "${design.pass}" again: ${names}`);
  }
  const renewed: AnnotationDesign = {
    ...design,
    pass: as,
    codebook: { ...codebook, scales },
    retries: 0,
    reading: READING_VERSION,
    reparsedFrom: design.pass,
  };
  const known = Map.groupBy(stored, (reply) => {
    const { comment, annotator } = reply.data;
    return keyOf(comment, annotator, design.requests === "together" ? null : scalesOf(reply)[0]!);
  });
  const replies: StoredReply[] = [];
  const changes: ReadingChange[] = [];
  let unchanged = 0;
  const count = targets.length * questionsPerComment(renewed);
  for (let place = 0; place < count; place++) {
    const question = questionAt(renewed, targets, place);
    const { comment, annotator: { name: annotator } } = question;
    if (withdrew.has(annotator)) {
      const scales = question.scales.map(({ name }) => name);
      replies.push(withdrawnReply({ pass: as, comment, annotator, scales }));
      continue;
    }
    const scale = design.requests === "together" ? null : question.scales[0]!.name;
    const before = known.get(keyOf(comment, annotator, scale)) ?? [];
    // In an imported pass, an annotator can have no reply to a comment.
    if (before.length === 0 && design.source !== undefined) continue;
    const reply = readAgain(question, before, { design, as });
    replies.push(reply);
    for (const { name } of question.scales) {
      const change = {
        comment,
        annotator,
        scale: name,
        before: valueOf(before.at(-1), name),
        after: valueOf(reply, name),
      };
      if (change.before === change.after) unchanged++;
      else changes.push(change);
    }
  }
  return { design: renewed, replies, changes, unchanged };
}

/**
 * The reply of an annotator who withdrew. It has no text. Readers of the log see the withdrawal, as in the
 * old pass.
 */
function withdrawnReply(
  about: Pick<AnnotationUnparsed["data"], "pass" | "comment" | "annotator" | "scales">,
): AnnotationUnparsed {
  const sealed = { person: about.annotator, box: "" };
  return { type: "AnnotationUnparsed", data: { ...about, raw: "", problem: "", attempt: 1, sealed } };
}

function keyOf(...place: readonly [comment: number, annotator: string, scale: string | null]): string {
  return JSON.stringify(place);
}

function scalesOf({ type, data }: StoredReply): readonly string[] {
  return type === "CommentAnnotated" ? Object.keys(data.values) : data.scales;
}

function valueOf(reply: StoredReply | undefined, scale: string): ScaleValue | null {
  return reply?.type === "CommentAnnotated" ? reply.data.values[scale] ?? null : null;
}

function readAgain(
  { comment, annotator, scales }: Question,
  stored: readonly StoredReply[],
  { design, as }: Readonly<{ design: AnnotationDesign; as: string }>,
): StoredReply {
  let last: StoredReply | undefined;
  for (const reply of stored) {
    const { raw, generation, attempt } = reply.data;
    if (raw === undefined) break;
    const asked = { pass: as, comment, annotator: annotator.name };
    const { finishReason = "stop", finishReasonGiven } = generation ?? {};
    const cleaned = cleanReply({ text: raw, finishReason }, { reading: READING_VERSION });
    const { text, isCut } = cleaned;
    const reading = readReply(scales, { text, isCut, finishReason, finishReasonGiven });
    const kept = {
      attempt: attempt ?? 1,
      ...(generation === undefined ? {} : { generation }),
      ...takenOut(cleaned),
    };
    const probabilities = "values" in reading ? keptProbabilities(reply, scales, design) : null;
    last = replyEvent(asked, { scales, reading, probabilities, raw, kept });
    if ("values" in reading) return last;
  }
  if (last === undefined) {
    throw new RangeError(`Cannot read the pass "${design.pass}" again: no replies were imported with it`);
  }
  return last;
}

/** The stored probabilities of the scales whose allowed answers are the same in both codebooks. */
function keptProbabilities(
  reply: StoredReply,
  scales: readonly Scale[],
  { codebook }: AnnotationDesign,
): CommentAnnotated["data"]["probabilities"] | null {
  if (reply.type !== "CommentAnnotated" || reply.data.probabilities === undefined) return null;
  const { probabilities } = reply.data;
  const kept = scales.flatMap((scale) => {
    const before = codebook.scales.find(({ name }) => name === scale.name)!;
    const isSame = JSON.stringify(answersOf(before)) === JSON.stringify(answersOf(scale));
    const given = probabilities[scale.name];
    return isSame && given !== undefined ? [[scale.name, given] as const] : [];
  });
  return kept.length === 0 ? null : Object.fromEntries(kept);
}
