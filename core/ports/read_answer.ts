/** Reads and checks replies that must have a form, strictly. */
import { type AnswerForm, type AnswerProperty, type AnswerSchema, labelsOf } from "../answer_form.ts";

/** The values of an object's properties. */
export type AnswerObject = Readonly<Record<string, string | number | boolean>>;

/** The value of a reply in the right form, or the reply's problem. */
export type ReadAnswer =
  | Readonly<{
    /** One of the answers, or the object. */
    value: string | AnswerObject;
    /**
     * The value as a text: the answer, or the object as JSON without spaces, with its properties in the
     * schema's order.
     */
    text: string;
  }>
  /** The problem as the end of a sentence. It contains no words of the reply. */
  | Readonly<{ problem: string }>;

const SPACE = /^[ \t\r\n]*$/;

/** A string in JSON, and the colon behind it if the string is a key. */
const TEXT_IN_JSON = /"(?:[^"\\]|\\.)*"([ \t\r\n]*:)?/g;

/**
 * Reads a reply. Ignores spaces in JSON, and spaces around an answer that are not part of the answer. Refuses
 * everything else: sentences around the answer, code fences, numbers written as texts.
 *
 * @param form The valid form that the reply must have.
 *
 * @example
 * ```ts
 * import { readAnswer } from "./read_answer.ts";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(readAnswer({ answers: ["yes", "no"] }, " no\n"), { value: "no", text: "no" });
 * assert.deepEqual(readAnswer({ answers: ["yes", "no"] }, "Maybe"), { problem: "it is not an allowed answer" });
 * ```
 */
export function readAnswer(form: AnswerForm, text: string): ReadAnswer {
  if (!("answers" in form)) return readObject(form.answerSchema, text);
  const answer = [text, text.trim()].find((candidate) => form.answers.includes(candidate));
  return answer === undefined ? { problem: "it is not an allowed answer" } : { value: answer, text: answer };
}

/** The text of a reply with these values: an object as JSON. */
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
      // Turns JSON's −0 into 0.
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
  if ("enum" in property) return "one of its allowed texts";
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

/**
 * The largest difference between 1 and the sum of a choice's probabilities that rounding to single precision
 * can cause.
 */
const SUM_ERROR_MAX = 1e-4;

/**
 * Finds a problem in the choices of a reply.
 *
 * @param form The requested form; `null` for any text.
 * @param reply The reply's text, and its unchecked `choice` and `choices`.
 * @returns The problem as the end of a sentence; `null` if there is no problem, or if there are no choices.
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
  if ("problem" in read) {
    return `it has choices, but its text does not have the requested form: ${read.problem}`;
  }
  if (!isFields(choices)) return "its choices are not an object";
  const finite = Object.entries(form.answerSchema.properties).flatMap(([name, property]) => {
    const labels = labelsOf(property);
    return labels === null ? [] : [{ name, labels }];
  });
  if (Object.keys(choices).length !== finite.length) {
    return "its choices do not have one entry for each finite property";
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
  if (choice.answer !== answer) return "differs from its text";
  if (!labels.includes(answer)) return "is not an allowed answer";
  const { probabilities } = choice;
  if (
    Object.keys(probabilities).length !== labels.length ||
    !labels.every((label) => Object.hasOwn(probabilities, label))
  ) {
    return "does not have one probability for each allowed answer";
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
