/** The prompt for an annotator, and the form of the answer. */
import type { Message, ModelRequest } from "../ports/model.ts";
import { type Scale, scaleTypeOf } from "./scales/mod.ts";
import type { AnnotationDesign, Annotator } from "../events/annotation_design.ts";
import type { AnswerSchema } from "../answer_form.ts";
import {
  attributesOf,
  defaultSet,
  type PromptWriter,
  promptWriter,
  setNamed,
  type ShownComment,
  type Variables,
} from "../templates/mod.ts";

/** The version of the prompts of new passes. Old passes keep theirs. */
export const ANNOTATION_PROMPT_VERSION = 1;

/** The prompt that asks for an annotation of the last shown comment. */
export function annotationPrompt(
  annotator: Annotator,
  shown: readonly ShownComment[],
  { scales, version, templates }: Readonly<{ scales: readonly Scale[] }> & AnnotationDesign["prompt"],
): readonly Message[] {
  if (version !== ANNOTATION_PROMPT_VERSION) {
    throw new RangeError(
      `Cannot render a prompt of version "${version}": this program knows version ${ANNOTATION_PROMPT_VERSION}`,
    );
  }
  const writer = promptWriter(templates === undefined ? defaultSet : setNamed(templates));
  const { variables, system } = voiceOf(annotator, writer);
  const asked = { ...variables, comments: writer.comments(shown), scales: scales.map(variablesOfScale) };
  return [system, { role: "user", content: writer.message("annotator", asked) }];
}

/** What stays the same in all prompts of an annotator. */
type Voice = Readonly<{ variables: Variables; system: Message }>;

const voices = new WeakMap<Annotator, WeakMap<PromptWriter, Voice>>();

/** An annotator's system message is rendered once for each template set. */
function voiceOf(annotator: Annotator, writer: PromptWriter): Voice {
  const made = voices.get(annotator) ?? new WeakMap<PromptWriter, Voice>();
  voices.set(annotator, made);
  let voice = made.get(writer);
  if (voice === undefined) {
    const { name, persona, instructions } = annotator;
    const variables = { name, persona, attributes: attributesOf(persona), instructions };
    voice = { variables, system: { role: "system", content: writer.message("annotatorSystem", variables) } };
    made.set(writer, voice);
  }
  return voice;
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
