/** What a scale asks for in words, and which answers it allows where they can be listed. */
import type { Scale } from "../events/annotation_design.ts";

/** Scales with more allowed answers than this are not constrained: a model would have to weigh each of them. */
export const LISTED_ANSWERS_MAX = 200;

/** The answers that boolean scales are asked for. */
export const YES = "yes";
/** See {@linkcode YES}. */
export const NO = "no";

/** What a prompt says of the form of a lone answer; what begins with a newline begins a new line. */
export function answerForm(scale: Scale): string {
  switch (scale.type) {
    case "ordinal":
      return scale.labels === undefined
        ? ` Answer only with ${valueForm(scale)}.`
        : `${labelLines(scale.labels)}\nAnswer only with the number.`;
    case "interval":
    case "boolean":
    case "nominal":
      return ` Answer only with ${valueForm(scale)}.`;
    case "text":
      return ` Answer with ${valueForm(scale)}.`;
    default:
      return unknownScale(scale);
  }
}

/** An answer's form as a phrase. */
export function valueForm(scale: Scale): string {
  switch (scale.type) {
    case "ordinal":
      return `a whole number from ${scale.min} to ${scale.max}`;
    case "interval":
      return `a number from ${scale.min} to ${scale.max}`;
    case "boolean":
      return `${YES} or ${NO}`;
    case "nominal":
      return `one of: ${scale.labels.join(", ")}`;
    case "text":
      return `at most ${scale.maxLength} characters`;
    default:
      return unknownScale(scale);
  }
}

/** What the numbers of an ordinal scale mean, a line each; begins with a newline. */
export function labelLines(labels: Readonly<Record<string, string>>): string {
  return Object.keys(labels).map(Number).sort((a, b) => a - b)
    .map((value) => `\n${value}: ${labels[String(value)]}`).join("");
}

/**
 * The texts that are allowed as a lone answer, for models that can be held to them.
 *
 * @returns `null` for a scale whose answers cannot be listed, or are more than {@linkcode LISTED_ANSWERS_MAX}.
 */
export function listedAnswers(scale: Scale): readonly string[] | null {
  switch (scale.type) {
    case "ordinal": {
      const count = scale.max - scale.min + 1;
      if (count > LISTED_ANSWERS_MAX) return null;
      return Array.from({ length: count }, (_, index) => String(scale.min + index));
    }
    case "boolean":
      return [YES, NO];
    case "nominal":
      return scale.labels.length > LISTED_ANSWERS_MAX ? null : scale.labels;
    case "interval":
    case "text":
      return null;
    default:
      return unknownScale(scale);
  }
}

/** Ends a switch over scales. */
export function unknownScale(scale: never): never {
  throw new TypeError(`Cannot use the scale "${JSON.stringify(scale)}": its type is unknown`);
}
