/** The prompt for an annotator, and the form of the answer. */
import type { Message, ModelRequest } from "../ports/model.ts";
import { type Scale, scaleTypeOf } from "./scales/mod.ts";
import type { AnnotationDesign, Annotator } from "../events/annotation_design.ts";
import type { AnswerSchema } from "../answer_form.ts";
import {
  attributesOf,
  defaultSet,
  promptWriter,
  setNamed,
  type ShownComment,
  type Variables,
} from "../templates/mod.ts";

/** The version of the prompts of new passes. Old passes keep theirs. */
export const ANNOTATION_PROMPT_VERSION = 1;

/** The prompt that asks for an annotation of the last shown comment. */
export function annotationPrompt(
  { name, persona, instructions }: Annotator,
  shown: readonly ShownComment[],
  { scales, version, templates }: Readonly<{ scales: readonly Scale[] }> & AnnotationDesign["prompt"],
): readonly Message[] {
  if (version !== ANNOTATION_PROMPT_VERSION) {
    throw new RangeError(
      `Cannot render a prompt of version "${version}": this program knows version ${ANNOTATION_PROMPT_VERSION}`,
    );
  }
  const writer = promptWriter(templates === undefined ? defaultSet : setNamed(templates));
  const variables = {
    name,
    persona,
    attributes: attributesOf(persona),
    instructions,
    comments: writer.comments(shown),
    scales: scales.map(variablesOfScale),
  };
  return [
    { role: "system", content: writer.message("annotatorSystem", variables) },
    { role: "user", content: writer.message("annotator", variables) },
  ];
}

/** A scale as templates show it. Members that its type does not have are empty. */
function variablesOfScale(scale: Scale): Variables {
  const { name, type, question } = scale;
  const content = scale as Partial<Readonly<{ min: number; max: number; maxLength: number }>>;
  return {
    name,
    type,
    question,
    form: scaleTypeOf(scale).form(scale),
    answers: answersOf(scale) ?? [],
    min: content.min ?? null,
    max: content.max ?? null,
    maxLength: content.maxLength ?? null,
    labels: labelsOf(scale),
  };
}

function labelsOf(scale: Scale): readonly Readonly<{ value: string; label: string }>[] {
  if (scale.type === "nominal") return scale.labels.map((label) => ({ value: label, label }));
  if (scale.type !== "ordinal") return [];
  const { labels = {} } = scale;
  return Object.keys(labels).map(Number).sort((a, b) => a - b)
    .map((value) => ({ value: String(value), label: labels[String(value)]! }));
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
