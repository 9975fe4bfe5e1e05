/** Replies that must have a form, as OpenAI-compatible servers can be asked for them. */
import type { AnswerForm, AnswerProperty, AnswerSchema } from "../../core/ports/answer_form.ts";
import { type ReadAnswer, readAnswer } from "../../core/ports/read_answer.ts";
import type { OpenAiOptions } from "./openai_options.ts";

/** How a server is told what form a reply must have; `none` where it cannot be told. */
export type StructuredOutput = OpenAiOptions["structuredOutput"];

/** The only property of the object that stands for one of several answers, where a server gives nothing but objects. */
const ANSWER_KEY = "answer";

/** What such an object begins with. */
const QUOTED_ANSWER = /^\s*\{\s*"answer"\s*:\s*"/;

/** The option that each field of a request comes from: what to change where a server refuses the field. */
export const OPTION_OF_FIELD: Readonly<Record<string, string>> = {
  response_format: "structuredOutput",
  structured_outputs: "structuredOutput",
  guided_choice: "structuredOutput",
  guided_json: "structuredOutput",
  logprobs: "topLogprobs",
};

/**
 * The fields of a request that ask for a form.
 *
 * @param form What the reply must look like.
 * @param options What the server has.
 */
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
    default:
      return unknownOutput(output);
  }
}

/** What is read of a reply, and where in its text the answer stands. */
export type FormedText = Readonly<{
  read: ReadAnswer;
  /** Where the answer begins, for one of several answers; in UTF-16 code units. */
  start: number;
  /** Whether the answer is written as a text in JSON. */
  isQuoted: boolean;
}>;

/**
 * Reads a reply in the form that was asked for, however the server was told of it.
 *
 * @param form What the reply must look like.
 * @param output How the server was told.
 * @param text The reply.
 */
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
 * Whether a reply of a server that is held to a form lacks nothing, even if its tokens ran out right behind it: an object
 * is closed, and no other answer begins with the answer.
 *
 * @param form What the reply must look like.
 * @param formed The reply, which has the form.
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

/** Strict schemas of hosted servers know no lengths; what is too long is found when the reply is read. */
function withoutLengths(schema: AnswerSchema): unknown {
  const properties = Object.entries(schema.properties).map(([name, property]) => [name, strict(property)]);
  return { ...schema, properties: Object.fromEntries(properties) };
}

function strict(property: AnswerProperty): Readonly<Record<string, unknown>> {
  if ("enum" in property) return { type: "string", enum: property.enum };
  return "maxLength" in property ? { type: "string" } : property;
}

function unknownOutput(output: never): never {
  throw new TypeError(`Cannot ask for a form by "${output}": it is unknown`);
}
