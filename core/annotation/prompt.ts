/** The prompt for an annotator, and the form of the answer. */
import { attributes, paragraphs, type ShownComment, transcript } from "../discussion/prompt.ts";
import type { Message, ModelRequest } from "../ports/model.ts";
import { type Scale, scaleTypeOf } from "./scales/mod.ts";
import type { Annotator } from "../events/annotation_design.ts";
import type { AnswerSchema } from "../answer_form.ts";

/** The version of the prompts of new passes. Old passes keep theirs. */
export const ANNOTATION_PROMPT_VERSION = 1;

/** The prompt that asks for an annotation of the last shown comment. */
export function annotationPrompt(
  { name, persona, instructions }: Annotator,
  shown: readonly ShownComment[],
  { scales, version }: Readonly<{ scales: readonly Scale[]; version: number }>,
): readonly Message[] {
  if (version !== ANNOTATION_PROMPT_VERSION) {
    throw new RangeError(
      `Cannot render a prompt of version "${version}": this program knows version ${ANNOTATION_PROMPT_VERSION}`,
    );
  }
  const about = attributes(persona);
  return [
    { role: "system", content: paragraphs(about === "" ? "" : `You are ${name}.${about}`, instructions) },
    { role: "user", content: transcript(shown) + request(scales) },
  ];
}

function request(scales: readonly Scale[]): string {
  const [only, ...others] = scales;
  if (others.length === 0) {
    const type = scaleTypeOf(only!);
    return `${only!.question}${type.instruction?.(only!) ?? ` Answer only with ${type.form(only!)}.`}`;
  }
  const questions = scales.map((scale) => {
    const type = scaleTypeOf(scale);
    return `\n\n${scale.name}: ${scale.question} (${type.form(scale)})${type.legend?.(scale) ?? ""}`;
  });
  return `Answer these questions about the last comment.${questions.join("")}\n\n` +
    `Answer only with a JSON object that has these members: ${
      scales.map(({ name }) => JSON.stringify(name)).join(", ")
    }.`;
}

/** The form of the reply, for models that can be restricted to it; empty if no form describes all answers. */
export function constraintOf(scales: readonly Scale[]): Pick<ModelRequest, "answers" | "answerSchema"> {
  const [only, ...others] = scales;
  if (others.length === 0) {
    const answers = answersOf(only!);
    return answers === null ? {} : { answers };
  }
  const properties = scales.map((scale) =>
    [scale.name, scaleTypeOf(scale).property?.(scale) ?? null] as const
  );
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

export function answersOf(scale: Scale): readonly string[] | null {
  return scaleTypeOf(scale).answers?.(scale) ?? null;
}
