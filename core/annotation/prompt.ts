/** Rendering of an annotator's prompt: a pure function of the pass, the comments and who is asked. */
import { attributes, paragraphs, type ShownComment, transcript } from "../discussion/prompt_text.ts";
import type { Message } from "../ports/model.ts";
import { answerForm, labelLines, valueForm } from "./answer_grammar.ts";
import type { Annotator, Scale } from "../events/annotation_design.ts";

/** The version that new passes are rendered with; old ones keep theirs. */
export const ANNOTATION_PROMPT_VERSION = 1;

/**
 * The prompt that asks for a judgement.
 *
 * @param annotator Who is asked.
 * @param shown The judged comment last, and the comments before it that the pass shows.
 * @param options What is asked for, and the version of the prompt.
 * @throws {RangeError} When the version is unknown.
 */
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
  if (others.length === 0) return `${only!.question}${answerForm(only!)}`;
  const questions = scales.map((scale) => {
    const labels = scale.type === "ordinal" && scale.labels !== undefined ? labelLines(scale.labels) : "";
    return `\n\n${scale.name}: ${scale.question} (${valueForm(scale)})${labels}`;
  });
  return `Answer these questions about the last comment.${questions.join("")}\n\n` +
    `Answer only with a JSON object that has these members: ${
      scales.map(({ name }) => JSON.stringify(name)).join(", ")
    }.`;
}
