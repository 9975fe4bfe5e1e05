/** Checking what a model says about its choices. */
import { type AnswerForm, labelsOf } from "../answer_form.ts";
import { labelOf, readAnswer } from "./read_answer.ts";

/** How far from one a choice's probabilities may sum: what rounding in single precision can do. */
const SUM_ERROR_MAX = 1e-4;

/**
 * Says what is wrong with the choices of a reply.
 *
 * @param form What was asked for; `null` for any text.
 * @param reply The reply's text, and what stands under `choice` and `choices`: anything at all.
 * @returns What is wrong, as the end of a sentence; `null` when it is sound, or when there are no choices.
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
    const answer = labelOf((read.value as Readonly<Record<string, string | number | boolean>>)[name]!);
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
