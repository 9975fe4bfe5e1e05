/** The form that a request can demand of a reply: one of a list of texts, or a small JSON object. */

/** The most answers that a list, or one property of an object, can offer. */
export const ANSWERS_MAX = 1000;

/** Longest answer to choose from, in UTF-16 code units. */
export const ANSWER_LENGTH_MAX = 1000;

/** Most properties of an object. */
export const PROPERTIES_MAX = 50;

/** Longest text that a property can allow, in characters. */
export const STRING_LENGTH_MAX = 10_000;

/** A name begins with a letter, because JavaScript moves keys that look like numbers to the front of an object. */
const PROPERTY_NAME = /^\p{L}[\p{L}\p{M}\p{N}_ -]{0,63}$/u;

/** A property of an object, in the notation of JSON Schema. All types except texts have a finite number of values. */
export type AnswerProperty =
  /** `minimum` and `maximum` are allowed values, too. The range has at most `ANSWERS_MAX` numbers. */
  | Readonly<{ type: "integer"; minimum: number; maximum: number }>
  | Readonly<{ enum: readonly string[] }>
  | Readonly<{ type: "boolean" }>
  /** `maxLength` counts characters (Unicode code points). */
  | Readonly<{ type: "string"; maxLength: number }>;

/** A JSON schema that a model can be restricted to: a flat object in which every property is required. */
export type AnswerSchema = Readonly<{
  type: "object";
  /** In the order in which a reply gives them. */
  properties: Readonly<Record<string, AnswerProperty>>;
  /** The names of all properties. */
  required: readonly string[];
  additionalProperties: false;
}>;

/** The form of a reply: one of a list of texts, or the JSON text of an object. */
export type AnswerForm = Readonly<{ answers: readonly string[] }> | Readonly<{ answerSchema: AnswerSchema }>;

/** The chosen label, and the model's probability of each label. The probabilities sum to one. */
export type Choice = Readonly<{ answer: string; probabilities: Readonly<Record<string, number>> }>;

/**
 * The labels of a finite property: the values that a model chooses from, as texts. Numbers and booleans are written
 * as in JSON.
 *
 * @param property A property of a valid form.
 * @returns The labels in order; `null` for a text, which can be anything.
 */
export function labelsOf(property: AnswerProperty): readonly string[] | null {
  if ("enum" in property) return property.enum;
  switch (property.type) {
    case "integer":
      return Array.from(
        { length: property.maximum - property.minimum + 1 },
        (_, index) => String(property.minimum + index),
      );
    case "boolean":
      return ["true", "false"];
    case "string":
      return null;
    default:
      return unknownProperty(property);
  }
}

/**
 * Checks a form before a request uses it.
 *
 * @param form A form, perhaps from a program without type checks.
 * @returns The problem, as the end of a sentence; `null` if the form is valid.
 */
export function formProblem(form: AnswerForm): string | null {
  if ("answers" in form) return labelsProblem("answers", form.answers);
  return isFields(form.answerSchema)
    ? schemaProblem(form.answerSchema)
    : "answerSchema must be a JSON schema";
}

function schemaProblem(schema: AnswerSchema): string | null {
  const { type, properties, required, additionalProperties } = schema;
  if (type !== "object" || additionalProperties !== false) {
    return 'answerSchema must have the type "object", and additionalProperties: false';
  }
  if (!isFields(properties) || !Array.isArray(required)) {
    return "answerSchema must have properties, and a list of the required properties";
  }
  const names = Object.keys(properties);
  if (names.length === 0 || names.length > PROPERTIES_MAX) {
    return `answerSchema must have 1 to ${PROPERTIES_MAX} properties, it has ${names.length}`;
  }
  const wrong = names.find((name) => !PROPERTY_NAME.test(name));
  if (wrong !== undefined) {
    return `the property ${
      JSON.stringify(wrong)
    } must have a name of up to 64 letters, digits, spaces, - and _ ` +
      `that begins with a letter`;
  }
  if (required.length !== names.length || !names.every((name) => required.includes(name))) {
    return "answerSchema must list all of its properties as required, and no others";
  }
  for (const [name, property] of Object.entries(properties)) {
    const problem = propertyProblem(name, property);
    if (problem !== null) return problem;
  }
  return null;
}

function propertyProblem(name: string, property: AnswerProperty): string | null {
  if (!isFields(property)) return `the property "${name}" must be a schema`;
  if ("enum" in property) return labelsProblem(`the property "${name}"`, property.enum);
  switch (property.type) {
    case "integer": {
      const { minimum, maximum } = property;
      return Number.isSafeInteger(minimum) && Number.isSafeInteger(maximum) && minimum <= maximum &&
          maximum - minimum < ANSWERS_MAX
        ? null
        : `the property "${name}" must have a minimum and a maximum that are whole numbers, ` +
          `and a range of at most ${ANSWERS_MAX} numbers`;
    }
    case "boolean":
      return null;
    case "string": {
      const { maxLength } = property;
      return Number.isSafeInteger(maxLength) && maxLength >= 1 && maxLength <= STRING_LENGTH_MAX
        ? null
        : `the property "${name}" must have a maxLength from 1 to ${STRING_LENGTH_MAX}`;
    }
    default:
      return `the property "${name}" must be an enum, or have the type integer, boolean or string`;
  }
}

function labelsProblem(whose: string, labels: readonly string[]): string | null {
  if (!Array.isArray(labels) || labels.some((label) => typeof label !== "string")) {
    return `${whose} must be a list of texts`;
  }
  if (labels.length === 0 || labels.length > ANSWERS_MAX) {
    return `${whose} must list 1 to ${ANSWERS_MAX} texts, found ${labels.length}`;
  }
  if (labels.some((label) => label.length > ANSWER_LENGTH_MAX || !label.isWellFormed())) {
    return `${whose} must list texts of up to ${ANSWER_LENGTH_MAX} characters, without halves of characters`;
  }
  return new Set(labels).size === labels.length ? null : `${whose} must list texts that all differ`;
}

/** A program without type checks can pass any value as a form. */
function isFields(value: unknown): boolean {
  return typeof value === "object" && value !== null;
}

function unknownProperty(property: never): never {
  throw new TypeError(`Cannot list the values of "${JSON.stringify(property)}": its type is unknown`);
}
