/** Asking a model the question of a step, and what the answer was given to. */
import type { EventMeta } from "../events/mod.ts";
import type { Clock } from "../ports/clock.ts";
import { ModelError, type ModelReply, type ModelRequest } from "../ports/model.ts";
import type { RetryPolicy } from "./limits.ts";
import type { Place } from "./waits.ts";
import { type LimitedModel, requestReply, type RequestTrace } from "./request.ts";

/** A question was answered, or ended in an error. */
export type Asked<Step> =
  | Readonly<{ sent: Step; reply: ModelReply; trace: RequestTrace }>
  | Readonly<{ error: ModelError; trace: RequestTrace }>;

/** How a question is asked. */
export type AskOptions<Step> = Readonly<{
  /** The question without so many of its oldest comments; `null` when it does not hold that many. */
  leavingOut: (comments: number) => Step | null;
  clock: Clock;
  retry: RetryPolicy;
  signal: AbortSignal;
  stop: AbortSignal;
  place: Place;
}>;

const LEFT_OUT_TOO_MUCH = "The model adapter says that it left out more comments than the prompt holds";

/**
 * Asks a model.
 *
 * @param model Who is asked.
 * @param step The question.
 * @param options See {@linkcode AskOptions}.
 * @returns The answer, and the question as the model was sent it; `null` when it was stopped before anybody answered.
 * @throws The signal's reason, when it gives the request up.
 */
export async function askModel<Step extends Readonly<{ request: ModelRequest }>>(
  model: LimitedModel,
  step: Step,
  { leavingOut, ...options }: AskOptions<Step>,
): Promise<Asked<Step> | null> {
  const shorten = (comments: number) => leavingOut(comments)?.request.messages ?? null;
  const outcome = await requestReply(model, { ...step.request, shorten }, options);
  if (outcome === null || "error" in outcome) return outcome;
  const { reply, trace } = outcome;
  const { commentsLeftOut = 0 } = reply;
  const sent = commentsLeftOut === 0 ? step : leavingOut(commentsLeftOut);
  if (sent === null) return { error: new ModelError("broken-model", LEFT_OUT_TOO_MUCH), trace };
  return { sent, reply, trace };
}

/** What the log keeps of an error besides its kind. */
export function failureMeta(error: ModelError, trace: RequestTrace): EventMeta {
  return { ...trace, message: error.message, ...(error.status ? { status: error.status } : {}) };
}
