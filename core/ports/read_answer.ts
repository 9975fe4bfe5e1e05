/** Reading and checking of replies that must have a form: strictly, and without trusting them. */
import { type AnswerForm, type AnswerProperty, type AnswerSchema, labelsOf } from "../answer_form.ts";

/** The values of an object's properties. */
export type AnswerObject = Readonly<Record<string, string | number | boolean>>;

/** A reply that has its form, or what is wrong with it. */
export type ReadAnswer =
  | Readonly<{
    /** One of the answers, or the object. */
    value: string | AnswerObject;
    /** The value as text: the answer, or JSON without spaces, its properties in the schema's order. */
    text: string;
  }>
  /** As the end of a sentence; it repeats nothing of the reply. */
  | Readonly<{ problem: string }>;

const SPACE = /^[ \t\r\n]*$/;

/** A text in JSON, and the colon behind it that makes it a key. */
const TEXT_IN_JSON = /"(?:[^"\\]|\\.)*"([ \t\r\n]*:)?/g;

/**
 * Reads a reply. Spaces around an answer count only where the answer itself has them; in JSON they never do. Nothing
 * else is overlooked: no sentence around it, no code fence, no number written as a text.
 *
 * @param form What the reply must look like; it is sound.
 *
 * @example
 * ```ts
 * import { readAnswer } from "./read_answer.ts";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(readAnswer({ answers: ["yes", "no"] }, " no\n"), { value: "no", text: "no" });
 * assert.deepEqual(readAnswer({ answers: ["yes", "no"] }, "Maybe"), { problem: "it is none of the answers" });
 * ```
 */
export function readAnswer(form: AnswerForm, text: string): ReadAnswer {
  if (!("answers" in form)) return readObject(form.answerSchema, text);
  const answer = [text, text.trim()].find((candidate) => form.answers.includes(candidate));
  return answer === undefined ? { problem: "it is none of the answers" } : { value: answer, text: answer };
}

/** Writes an object as a reply would. */
export function answerText({ properties }: AnswerSchema, values: AnswerObject): string {
  return JSON.stringify(Object.fromEntries(Object.keys(properties).map((name) => [name, values[name]])));
}

/** The value that a label of a property names. */
export function valueOfLabel(property: AnswerProperty, label: string): string | number | boolean {
  return "enum" in property ? label : JSON.parse(label);
}

function readObject(schema: AnswerSchema, text: string): ReadAnswer {
  const found = parsed(text);
  if (typeof found !== "object" || found === null || Array.isArray(found)) {
    return { problem: SPACE.test(text) ? "it is empty" : "it is not the JSON text of an object" };
  }
  const values: Record<string, string | number | boolean> = {};
  for (const [name, property] of Object.entries(schema.properties)) {
    if (!Object.hasOwn(found, name)) return { problem: `its property "${name}" is missing` };
    const value = valueOf(property, (found as Record<string, unknown>)[name]);
    if (value === null) return { problem: `its property "${name}" must be ${described(property)}` };
    values[name] = value;
  }
  const keys = [...text.matchAll(TEXT_IN_JSON)].filter(([, colon]) => colon !== undefined).length;
  const known = Object.keys(values).length;
  if (Object.keys(found).length > known) return { problem: "it has a property that was not asked for" };
  if (keys > known) return { problem: "it gives a property twice" };
  return { value: values, text: answerText(schema, values) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function valueOf(property: AnswerProperty, value: unknown): string | number | boolean | null {
  if ("enum" in property) return typeof value === "string" && property.enum.includes(value) ? value : null;
  switch (property.type) {
    case "integer": {
      const { minimum, maximum } = property;
      const isWithin = typeof value === "number" && Number.isInteger(value) && value >= minimum &&
        value <= maximum;
      // JSON can say −0, which is another number than 0 only to those who look closely.
      return isWithin ? value + 0 : null;
    }
    case "boolean":
      return typeof value === "boolean" ? value : null;
    case "string":
      return typeof value === "string" && lengthOf(value) <= property.maxLength ? value : null;
    default:
      return unknownProperty(property);
  }
}

function described(property: AnswerProperty): string {
  if ("enum" in property) return "one of the texts that it allows";
  switch (property.type) {
    case "integer":
      return `a whole number from ${property.minimum} to ${property.maximum}`;
    case "boolean":
      return "true or false";
    case "string":
      return `a text of up to ${property.maxLength} characters`;
    default:
      return unknownProperty(property);
  }
}

function lengthOf(text: string): number {
  return [...text].length;
}

function unknownProperty(property: never): never {
  throw new TypeError(`Cannot read a value of "${JSON.stringify(property)}": its type is unknown`);
}

/** How far from one a choice's probabilities may sum: what rounding in single precision can do. */
const SUM_ERROR_MAX = 1e-4;

/**
 * Says what is wrong with the choices of a reply.
 *
 * @param form What was asked for; `null` for any text.
 * @param reply The reply's text, and what stands under `choice` and `choices`: anything at all.
 * @returns What is wrong, as the end of a sentence; `null` if it is sound, or when there are no choices.
 */
export function choiceProblem(
  form: AnswerForm | null,
  { text, choice, choices }: Readonly<{ text: string; choice?: unknown; choices?: unknown }>,
): string | null {
  if (choice !== undefined) {
    if (form === null || !("answers" in form)) return "its choice was not asked for";
    const problem = oneProblem(choice, { labels: form.answers, answer: text });
    if (problem !== null) return `its choice ${problem}`;
  }
  if (choices === undefined) return null;
  if (form === null || "answers" in form) return "its choices were not asked for";
  const read = readAnswer(form, text);
  if ("problem" in read) return `its text is not what its choices are of: ${read.problem}`;
  if (!isFields(choices)) return "its choices are no object";
  const finite = Object.entries(form.answerSchema.properties).flatMap(([name, property]) => {
    const labels = labelsOf(property);
    return labels === null ? [] : [{ name, labels }];
  });
  if (Object.keys(choices).length !== finite.length) {
    return "its choices are not of all finite properties alone";
  }
  for (const { name, labels } of finite) {
    const answer = String((read.value as AnswerObject)[name]);
    const problem = oneProblem(choices[name], { labels, answer });
    if (problem !== null) return `its choice of "${name}" ${problem}`;
  }
  return null;
}

function oneProblem(
  choice: unknown,
  { labels, answer }: Readonly<{ labels: readonly string[]; answer: string }>,
): string | null {
  if (!isFields(choice) || !isFields(choice.probabilities)) return "has no probabilities";
  if (choice.answer !== answer || !labels.includes(answer)) return "is not what its text says";
  const { probabilities } = choice;
  if (
    Object.keys(probabilities).length !== labels.length ||
    !labels.every((label) => Object.hasOwn(probabilities, label))
  ) {
    return "has probabilities that are not of the allowed answers alone";
  }
  let sum = 0;
  for (const share of Object.values(probabilities)) {
    if (typeof share !== "number" || !(share >= 0 && share <= 1)) {
      return "has a probability that is not from 0 to 1";
    }
    sum += share;
  }
  return Math.abs(sum - 1) <= SUM_ERROR_MAX ? null : "has probabilities that do not sum to one";
}

function isFields(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
