/** Reads a reply as values of all scales of its request. */
import type { ModelReply } from "../ports/model.ts";
import type { AnnotationUnparsed, CommentAnnotated } from "../events/mod.ts";
import { type Answers, Names, takeListedAnswers } from "./listed_answers.ts";
import { isFreeText, type ReadValue, readValue, type Scale, type ScaleValue } from "./scales/mod.ts";
import { isWholeObject, takeJsonAnswers } from "./json_answers.ts";

/** The values of a reply, or the reason why it cannot be read. */
export type Reading =
  | Readonly<{ values: Readonly<Record<string, ScaleValue>> }>
  | Readonly<{ problem: string }>;

/** The members of a reply that `readReply` needs. */
export type ReadableReply =
  & Pick<ModelReply, "text" | "finishReason" | "finishReasonGiven">
  & Readonly<{
    /**
     * Whether the limit of tokens cut the reply, or the reply ends within a thought. By default, `finishReason`
     * decides.
     */
    isCut?: boolean;
  }>;

/**
 * The reply of a person who cannot tell the answer has the finish reason `other` and this text as
 * `finishReasonGiven`. The reply has no value, and the question is not asked again.
 */
export const CANNOT_TELL = "cannot-tell";

/**
 * The reason why a person gave no value, as a text for people. The question is then not asked again. `null`
 * for all other replies.
 */
export function withoutValue(
  { finishReason, finishReasonGiven }: Pick<ModelReply, "finishReason" | "finishReasonGiven">,
): string | null {
  if (finishReason === "other" && finishReasonGiven === CANNOT_TELL) return "the annotator cannot tell";
  if (finishReason === "timed-out") return "the annotator did not answer in time";
  return finishReason === "declined" ? "the annotator or the author of the comment does not take part" : null;
}

/** Longest reply to several questions, in characters. A longer reply has no values. */
const REPLY_LENGTH_MAX = 1_000_000;

/**
 * Reads a reply to one or more questions. If there are several scales, each must have exactly one valid value under
 * its name: in a JSON object, a list, a table or tags.
 */
export function readReply(scales: readonly Scale[], reply: ReadableReply): Reading {
  const { text, finishReason, isCut = finishReason === "length" } = reply;
  const reason = withoutValue(reply);
  if (reason !== null) return { problem: reason };
  if (finishReason === "refused") return { problem: "the model refused to answer" };
  if (isCut && !isComplete(scales, text)) {
    const where = finishReason === "length" ? "was cut at the limit of tokens" : "ends within a thought";
    return { problem: `the reply ${where}` };
  }
  const [only, ...others] = scales;
  if (others.length === 0) {
    const read = readOnly(only!, text);
    return "value" in read ? { values: { [only!.name]: read.value } } : read;
  }
  if (text.length > REPLY_LENGTH_MAX) {
    return { problem: `the reply has more than ${REPLY_LENGTH_MAX} characters` };
  }
  const { answers } = answersIn(text, scales);
  const values: [string, ScaleValue][] = [];
  for (const scale of scales) {
    const given = answers.get(scale.name)!;
    if (given.length !== 1) {
      return { problem: `${scale.name}: ${given.length === 0 ? "no answer" : "several answers"}` };
    }
    const read = readValue(scale, given[0]!);
    if ("problem" in read) return { problem: `${scale.name}: ${read.problem}` };
    values.push([scale.name, read.value]);
  }
  return { values: Object.fromEntries(values) };
}

/** A whole object is complete. A number or a text can be the beginning of a longer one. */
function isComplete([only, ...others]: readonly Scale[], text: string): boolean {
  return (others.length > 0 || !isFreeText(only!)) && isWholeObject(text);
}

/**
 * Reads a reply to one question. If the grammar is not `exact`, the reply can also be a list of named values.
 */
function readOnly(scale: Scale, text: string): ReadValue {
  const read = readValue(scale, text);
  if ("value" in read || scale.grammar === "exact" || text.length > REPLY_LENGTH_MAX) return read;
  const { answers, isList } = answersIn(text, [scale]);
  const [answer, ...others] = answers.get(scale.name)!;
  if (!isList || answer === undefined || others.length > 0) return read;
  const named = readValue({ ...scale, grammar: "exact" }, answer);
  return "value" in named ? named : read;
}

type ReplyDetails = Readonly<{
  scales: readonly Scale[];
  reading: Reading;
  probabilities: CommentAnnotated["data"]["probabilities"] | null;
  raw: string;
  kept: Pick<AnnotationUnparsed["data"], "attempt" | "generation" | "thoughts" | "removed">;
}>;

/** The event that records a reply. */
export function replyEvent(
  asked: Pick<CommentAnnotated["data"], "pass" | "comment" | "annotator">,
  { scales, reading, probabilities, raw, kept }: ReplyDetails,
): CommentAnnotated | AnnotationUnparsed {
  if ("problem" in reading) {
    const names = scales.map(({ name }) => name);
    const { problem } = reading;
    return { type: "AnnotationUnparsed", data: { ...asked, scales: names, raw, problem, ...kept } };
  }
  const { values } = reading;
  return {
    type: "CommentAnnotated",
    data: { ...asked, values, ...(probabilities === null ? {} : { probabilities }), raw, ...kept },
  };
}

function answersIn(text: string, scales: readonly Scale[]): Readonly<{ answers: Answers; isList: boolean }> {
  const names = new Names(scales.map(({ name }) => name));
  const answers: Answers = new Map(scales.map(({ name }) => [name, []]));
  // The text around an object is read, too, because models often write more than the object.
  const around = takeJsonAnswers(text, names, answers);
  return { answers, isList: takeListedAnswers(around, scales, { names, answers }) };
}
