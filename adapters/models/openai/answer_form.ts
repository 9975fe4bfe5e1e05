/** Replies in a required form: requests the form, reads the reply, and computes the probability of each answer. */
import type { AnswerForm, AnswerProperty, AnswerSchema, Choice } from "../../../core/answer_form.ts";
import { type ReadAnswer, readAnswer } from "../../../core/ports/read_answer.ts";
import type { OpenAiOptions } from "./options.ts";
import { isFields } from "./reply.ts";

type StructuredOutput = OpenAiOptions["structuredOutput"];

/** The property that holds the answer if the server can return only objects: then the object has just this property. */
const ANSWER_KEY = "answer";

const QUOTED_ANSWER = /^\s*\{\s*"answer"\s*:\s*"/;

/** Field of a request → the option that adds it. A message names the option if a server refuses the field. */
export const OPTION_OF_FIELD: Readonly<Record<string, string>> = {
  response_format: "structuredOutput",
  structured_outputs: "structuredOutput",
  guided_choice: "structuredOutput",
  guided_json: "structuredOutput",
  logprobs: "topLogprobs",
};

export function formFields(
  form: AnswerForm,
  { structuredOutput, topLogprobs }: Pick<OpenAiOptions, "structuredOutput" | "topLogprobs">,
): Readonly<Record<string, unknown>> {
  const asksLogprobs = "answers" in form && topLogprobs > 0;
  return {
    ...structureFields(form, structuredOutput),
    ...(asksLogprobs ? { logprobs: true, top_logprobs: topLogprobs } : {}),
  };
}

function structureFields(form: AnswerForm, output: StructuredOutput): Readonly<Record<string, unknown>> {
  switch (output) {
    case "none":
      return {};
    case "response_format": {
      const schema = withoutLengths("answers" in form ? answerObject(form.answers) : form.answerSchema);
      return {
        response_format: { type: "json_schema", json_schema: { name: "answer", strict: true, schema } },
      };
    }
    case "structured_outputs":
      return {
        structured_outputs: "answers" in form ? { choice: form.answers } : { json: form.answerSchema },
      };
    case "guided":
      return "answers" in form ? { guided_choice: form.answers } : { guided_json: form.answerSchema };
  }
}

type FormedText = Readonly<{
  read: ReadAnswer;
  /** The start of the answer in the reply, in UTF-16 code units. Used only if the form lists answers. */
  start: number;
  isQuoted: boolean;
}>;

export function readFormed(form: AnswerForm, output: StructuredOutput, text: string): FormedText {
  if ("answers" in form && output === "response_format") {
    const read = readAnswer({ answerSchema: answerObject(form.answers) }, text);
    if ("value" in read) {
      const value = (read.value as Readonly<Record<string, string>>)[ANSWER_KEY]!;
      return {
        read: { value, text: value },
        start: QUOTED_ANSWER.exec(text)?.[0].length ?? 0,
        isQuoted: true,
      };
    }
  }
  return { read: readAnswer(form, text), start: text.length - text.trimStart().length, isQuoted: false };
}

/**
 * Whether a reply in an enforced form is complete although it reached its token limit. An object that could be read is
 * complete. An answer is complete if no other answer begins with it.
 */
export function isWhole(form: AnswerForm, { read, isQuoted }: FormedText): boolean {
  if (!("answers" in form) || isQuoted) return true;
  return "text" in read &&
    form.answers.every((answer) => answer === read.text || !answer.startsWith(read.text));
}

function answerObject(answers: readonly string[]): AnswerSchema {
  return {
    type: "object",
    properties: { [ANSWER_KEY]: { enum: answers } },
    required: [ANSWER_KEY],
    additionalProperties: false,
  };
}

/** Removes `maxLength`, because hosted servers refuse it in strict schemas. `readAnswer` checks the lengths instead. */
function withoutLengths(schema: AnswerSchema): unknown {
  const properties = Object.entries(schema.properties).map(([name, property]) => [name, strict(property)]);
  return { ...schema, properties: Object.fromEntries(properties) };
}

function strict(property: AnswerProperty): Readonly<Record<string, unknown>> {
  if ("enum" in property) return { type: "string", enum: property.enum };
  return "maxLength" in property ? { type: "string" } : property;
}

/** The highest accepted log-probability: rounding can raise it slightly above zero. */
const LOGPROB_ERROR_MAX = 1e-3;

/** An answer and its position in a reply. */
type PlacedAnswer =
  & Pick<FormedText, "start" | "isQuoted">
  & Readonly<{
    answer: string;
    form: Readonly<{ answers: readonly string[] }>;
    /** The unchanged reply. */
    raw: string;
  }>;

type Likely = Readonly<{ token: string; logprob: number }>;

/**
 * Computes the probabilities of the answers from the likeliest tokens at the answer's start. Returns no choice if
 * one of these tokens begins several answers, or if an answer begins with none of them.
 */
export function choiceOf(completion: unknown, placed: PlacedAnswer): { choice?: Choice } {
  const likely = firstTokens(completion, placed);
  const probabilities = likely === null ? null : sharesOf(likely, placed);
  return probabilities === null ? {} : { choice: { answer: placed.answer, probabilities } };
}

function sharesOf(
  likely: readonly Likely[],
  { form: { answers }, isQuoted }: PlacedAnswer,
): Record<string, number> | null {
  const written = answers.map((answer) => isQuoted ? JSON.stringify(answer).slice(1) : answer);
  const weights = new Map<string, number>();
  for (const { token, logprob } of likely) {
    // Outside of JSON, spaces around an answer do not matter.
    const begun = isQuoted ? token : token.trim();
    if (begun === "") continue;
    const meant = answers.filter((_, index) => isBegun(written[index]!, begun, isQuoted));
    if (meant.length > 1) return null;
    for (const answer of meant) weights.set(answer, (weights.get(answer) ?? 0) + Math.exp(logprob));
  }
  const total = weights.values().reduce((sum, weight) => sum + weight, 0);
  if (weights.size < answers.length || !(total > 0)) return null;
  return Object.fromEntries(answers.map((answer) => [answer, weights.get(answer)! / total]));
}

/**
 * Whether an answer begins with a token. In JSON, a token can also contain the closing quotation mark and more after
 * it.
 */
function isBegun(written: string, token: string, isQuoted: boolean): boolean {
  return written.startsWith(token) || (isQuoted && token.startsWith(written));
}

/** The likeliest tokens at the start of the answer; `null` if the server does not report them. */
function firstTokens(completion: unknown, { raw, start, isQuoted }: PlacedAnswer): readonly Likely[] | null {
  const [first] = listIn(completion, "choices");
  const content = isFields(first) ? listIn(first.logprobs, "content") : [];
  let before = "";
  for (const entry of content) {
    if (!isFields(entry) || typeof entry.token !== "string") return null;
    const { token } = entry;
    // The tokens can include text that the reply lacks, such as thoughts.
    if (!raw.startsWith(before)) return null;
    const isFirst = isQuoted
      ? before.length === start
      : before.length + token.length > start && before.length <= start;
    if (isFirst) return raw.startsWith(before + token) ? likelyIn(entry.top_logprobs) : null;
    before += token;
  }
  return null;
}

function likelyIn(list: unknown): readonly Likely[] | null {
  if (!Array.isArray(list)) return null;
  const found: Likely[] = [];
  for (const entry of list) {
    if (!isFields(entry) || typeof entry.token !== "string") return null;
    if (typeof entry.logprob !== "number" || !(entry.logprob <= LOGPROB_ERROR_MAX)) return null;
    found.push({ token: entry.token, logprob: entry.logprob });
  }
  return found;
}

function listIn(value: unknown, name: string): readonly unknown[] {
  const list = isFields(value) ? value[name] : undefined;
  return Array.isArray(list) ? list : [];
}
