/** The form that a request asks its reply to have. */
import { type AnswerForm, formProblem } from "../answer_form.ts";
import { ModelError, type ModelRequest } from "./model.ts";

/**
 * Finds out which form a request asks for.
 *
 * @param request The request.
 * @returns The form, which is sound; `null` where the reply may be any text.
 * @throws {ModelError} `bad-request` when it asks for two forms, or for one that nothing can have.
 */
export function requestedForm({ answers, answerSchema }: ModelRequest): AnswerForm | null {
  if (answers !== undefined && answerSchema !== undefined) {
    throw refusal("it has both answers and answerSchema; give one of them");
  }
  const form = answers !== undefined ? { answers } : answerSchema !== undefined ? { answerSchema } : null;
  const problem = form === null ? null : formProblem(form);
  if (problem !== null) throw refusal(problem);
  return form;
}

function refusal(problem: string): ModelError {
  return new ModelError("bad-request", `Cannot ask for an answer in this form: ${problem}`);
}
