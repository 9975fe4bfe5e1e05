/** One attempt at a request, and what may come of it. */
import { choiceProblem } from "../ports/choice_problem.ts";
import { FINISH_REASONS } from "../events/models.ts";
import { type Model, ModelError, type ModelReply, type ModelRequest } from "../ports/model.ts";
import { requestedForm } from "../ports/requested_form.ts";
import type { Watchdog } from "./watchdog.ts";

/**
 * Asks a model once.
 *
 * @param model The model.
 * @param request What is asked.
 * @param options The signal that gives the attempt up, and what gives it up when it takes too long.
 * @returns Its reply, which is one.
 * @throws The signal's reason, when the attempt is given up; whatever the adapter throws.
 * @throws {ModelError} When it takes too long.
 * @throws {TypeError} When the adapter answers with what is no reply.
 */
export async function attempt(
  model: Model,
  request: ModelRequest,
  { signal, watchdog }: Readonly<{ signal: AbortSignal; watchdog: Watchdog | undefined }>,
): Promise<ModelReply> {
  const reply = watchdog === undefined
    ? await model.generate(request, signal)
    : await watchdog.watch(signal, (own) => model.generate(request, own));
  refuseNoReply(reply, request);
  return reply;
}

/** The error that an adapter's failure counts as. */
export function asModelError(cause: unknown): ModelError {
  if (cause instanceof ModelError) return cause;
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new ModelError("broken-model", `The model adapter failed: ${reason}`, { cause });
}

/** A researcher's own adapter can answer with anything; what gets into a log must be what logs hold. */
function refuseNoReply(reply: unknown, request: ModelRequest): void {
  const { text, finishReason, finishReasonGiven, reasoning, usage, servedBy, choice, choices } =
    isFields(reply) ? reply : {};
  let wrong: string | null;
  if (typeof text !== "string") wrong = "its text is not a string";
  else if (!(FINISH_REASONS as readonly unknown[]).includes(finishReason)) {
    wrong = `its finishReason is none of ${FINISH_REASONS.join(", ")}`;
  } else if (usage !== undefined && !isUsage(usage)) wrong = "its usage holds no counts of tokens";
  else if (!isTextOrNone(servedBy)) wrong = "its servedBy is not a string";
  else if (!isTextOrNone(reasoning)) wrong = "its reasoning is not a string";
  else if (!isTextOrNone(finishReasonGiven)) wrong = "its finishReasonGiven is not a string";
  else wrong = choiceProblem(requestedForm(request), { text, choice, choices });
  if (wrong === null) return;
  throw new TypeError(`its answer is no reply: ${wrong}`);
}

function isTextOrNone(value: unknown): boolean {
  return value === undefined || typeof value === "string";
}

function isUsage(usage: unknown): boolean {
  return isFields(usage) && isCount(usage.promptTokens) && isCount(usage.completionTokens);
}

function isFields(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
