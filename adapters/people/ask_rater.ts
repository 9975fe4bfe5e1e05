/**
 * Puts the questions of a pass to people who rate. The rating desk gives their answers, in the order in which they
 * rate.
 */
import { CANNOT_TELL } from "../../core/annotation/mod.ts";
import type { ModelReply, ModelRequest } from "../../core/ports/mod.ts";
import type { RatingDesk } from "../../core/rating/mod.ts";

/** A rater who withdrew gives no value. */
const DECLINED: ModelReply = { text: "", finishReason: "declined" };

/**
 * Answers a request as soon as the rater's answer is final. The time limit of the model does not apply. The request
 * also waits for a rater who has refused or has not yet answered whether to take part: this rater can still agree.
 */
export async function askRater(
  { origin, situation }: ModelRequest,
  desk: Pick<RatingDesk, "answer">,
  signal: AbortSignal,
): Promise<ModelReply> {
  const asked = situation?.();
  const [scale, ...others] = asked?.kind === "annotation" ? asked.scales : [];
  if (scale === undefined || others.length > 0) {
    throw new TypeError("Cannot ask a rater: expected a question with one scale");
  }
  const { discussion, turn: comment, speaker } = origin;
  const answer = await desk.answer(speaker, { discussion, comment, scale: scale.name }, signal);
  if (answer === undefined) return DECLINED;
  return answer === null
    ? { text: "", finishReason: "other", finishReasonGiven: CANNOT_TELL }
    : { text: answer, finishReason: "sent" };
}
