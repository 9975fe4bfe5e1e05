/** Answers of the scripted model where a request says what form they must have. */
import { type AnswerForm, type Choice, labelsOf } from "../../core/ports/answer_form.ts";
import type { ModelReply } from "../../core/ports/model.ts";
import { answerText, valueOfLabel } from "../../core/ports/read_answer.ts";
import type { Draw } from "../../core/random/mod.ts";

/** A text of the form, and what was chosen in it. */
export type ScriptedAnswer = Pick<ModelReply, "text" | "choice" | "choices">;

/**
 * Draws an answer. Every label is as likely as any other, and that is what its probabilities say.
 *
 * @param form What is asked for; it is sound.
 * @param draw The request's own stream.
 * @param line Says something, for texts within an object.
 */
export function drawAnswer(form: AnswerForm, draw: Draw, line: () => string): ScriptedAnswer {
  if ("answers" in form) {
    const choice = drawChoice(form.answers, draw);
    return { text: choice.answer, choice };
  }
  const values: Record<string, string | number | boolean> = {};
  const choices: Record<string, Choice> = {};
  for (const [name, property] of Object.entries(form.answerSchema.properties)) {
    const labels = labelsOf(property);
    if (labels === null) {
      const most = "maxLength" in property ? property.maxLength : 0;
      values[name] = [...line().toWellFormed()].slice(0, most).join("");
      continue;
    }
    const choice = drawChoice(labels, draw);
    choices[name] = choice;
    values[name] = valueOfLabel(property, choice.answer);
  }
  return { text: answerText(form.answerSchema, values), choices };
}

function drawChoice(labels: readonly string[], draw: Draw): Choice {
  const share = 1 / labels.length;
  return {
    answer: draw.pick(labels),
    probabilities: Object.fromEntries(labels.map((label) => [label, share])),
  };
}
