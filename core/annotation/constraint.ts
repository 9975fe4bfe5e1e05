/** What a request says of the answers that it allows, for models that can be held to them. */
import type { ModelRequest } from "../ports/model.ts";
import type { AnswerProperty, AnswerSchema } from "../ports/answer_form.ts";
import { listedAnswers, unknownScale } from "./answer_grammar.ts";
import type { Scale } from "../events/annotation_design.ts";

/**
 * The form of the reply to a question.
 *
 * @param scales What is asked for, at least one.
 * @returns Nothing where the answers cannot be listed: the reply is then read by the scale's grammar alone.
 */
export function constraintOf(scales: readonly Scale[]): Pick<ModelRequest, "answers" | "answerSchema"> {
  const [only, ...others] = scales;
  if (others.length === 0) {
    const answers = listedAnswers(only!);
    return answers === null ? {} : { answers };
  }
  const properties = scales.map((scale) => [scale.name, propertyOf(scale)] as const);
  if (properties.some(([, property]) => property === null)) return {};
  return {
    answerSchema: {
      type: "object",
      properties: Object.fromEntries(properties) as AnswerSchema["properties"],
      required: scales.map(({ name }) => name),
      additionalProperties: false,
    },
  };
}

/** A scale as a property of an object; `null` for one that no schema of ours can hold a model to. */
function propertyOf(scale: Scale): AnswerProperty | null {
  switch (scale.type) {
    case "ordinal":
      return listedAnswers(scale) === null
        ? null
        : { type: "integer", minimum: scale.min, maximum: scale.max };
    case "nominal":
      return listedAnswers(scale) === null ? null : { enum: scale.labels };
    case "boolean":
      return { type: "boolean" };
    case "text":
      return { type: "string", maxLength: scale.maxLength };
    case "interval":
      return null;
    default:
      return unknownScale(scale);
  }
}
