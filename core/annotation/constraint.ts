/** What a request says of the answers that it allows, for models that can be held to them. */
import type { ModelRequest } from "../ports/model.ts";
import { listedAnswers } from "./answer_grammar.ts";
import type { Scale } from "./codebook.ts";

/**
 * The form of the reply to a question.
 *
 * @param scales What is asked for, at least one.
 * @returns Nothing where the answers cannot be listed: the reply is then read by the scale's grammar alone.
 */
export function constraintOf(scales: readonly Scale[]): Pick<ModelRequest, "answers"> {
  const [only, ...others] = scales;
  if (others.length > 0) return {};
  const answers = listedAnswers(only!);
  return answers === null ? {} : { answers };
}
