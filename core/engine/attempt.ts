import { choiceProblem } from "../ports/choice_problem.ts";
import { FINISH_REASONS } from "../events/models.ts";
import { type Model, ModelError, type ModelReply, type ModelRequest } from "../ports/model.ts";
import { requestedForm } from "../ports/requested_form.ts";
import type { Clock } from "../ports/clock.ts";
import { openDraw } from "../random/mod.ts";
import type { RetryPolicy } from "./limits.ts";

/** One attempt at a request, and what may come of it. */

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

/** Gives up what takes too long, whatever it does: one timer for all that is under way. */

/** The time that is allowed is counted in so many ticks, so that something can take that much longer. */
const TICKS = 8;

/** Why the timer ends when nothing is under way: made once, since making errors is slow. */
const IDLE = new Error("Nothing is under way");

type Watched = Readonly<{ sinceTick: number; giveUp: (reason: unknown) => void }>;

/** Watches over requests to one model. */
export class Watchdog {
  readonly #msMax: number;
  readonly #clock: Clock;
  /** In the order in which they began. */
  readonly #underWay = new Set<Watched>();
  #tick = 0;
  #ticking: AbortController | null = null;

  /**
   * Begins with nothing to watch.
   *
   * @param msMax How long a request may take, in milliseconds; up to an eighth more.
   * @param clock Waits; what it says the time is does not count, since clocks are set while a run goes on.
   */
  constructor(msMax: number, clock: Clock) {
    this.#msMax = msMax;
    this.#clock = clock;
  }

  /** How long a request may take, in milliseconds. */
  get msMax(): number {
    return this.#msMax;
  }

  /**
   * Does something, and gives it up when it takes too long or its caller does. What does not heed its signal then is
   * left to itself.
   *
   * @param signal The caller's.
   * @param act Is given a signal of its own.
   * @throws {ModelError} `time-out`, when it takes too long.
   */
  watch<T>(signal: AbortSignal, act: (signal: AbortSignal) => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const own = new AbortController();
      const giveUp = (reason: unknown) => {
        end();
        reject(reason);
        own.abort(reason);
      };
      const abandon = () => giveUp(signal.reason);
      const watched: Watched = { sinceTick: this.#tick, giveUp };
      const end = () => {
        signal.removeEventListener("abort", abandon);
        this.#underWay.delete(watched);
        if (this.#underWay.size === 0) this.#ticking?.abort(IDLE);
      };
      signal.addEventListener("abort", abandon);
      this.#underWay.add(watched);
      if (this.#ticking === null || this.#ticking.signal.aborted) void this.#keepTicking();
      // What throws rather than rejects has ended, too.
      Promise.try(act, own.signal).then((value) => {
        end();
        resolve(value);
      }, (error) => {
        end();
        reject(error);
      });
    });
  }

  async #keepTicking(): Promise<void> {
    const ticking = this.#ticking = new AbortController();
    const late = `The model did not answer within ${this.#msMax / 1000} s, and was given up`;
    while (!ticking.signal.aborted) {
      try {
        await this.#clock.sleep(this.#msMax / TICKS, ticking.signal);
      } catch {
        return;
      }
      this.#tick++;
      for (const { sinceTick, giveUp } of this.#underWay) {
        if (this.#tick - sinceTick <= TICKS) break;
        giveUp(new ModelError("time-out", late));
      }
    }
  }
}

/** How long to wait before a failed request is sent again. */

/** What a request has been through. */
export type Tried = Readonly<{
  /** Attempts so far, those left out that failed because the model was down. */
  attempts: number;
  /** Time that it waited between them, in milliseconds. */
  waitedMs: number;
}>;

/**
 * The wait before the next attempt: doubled with each, all of it jitter, so that requests that failed together do not
 * come back together. What a server asks for comes on top of nothing less: its wait first, then the jitter.
 *
 * @param request The request; its wait is a function of who asks what, and of the attempt.
 * @param error What the last attempt ended in.
 * @param options What it has been through, and the policy.
 * @returns Milliseconds; `null` when there is to be no further attempt.
 */
export function backOffMs(
  { origin }: ModelRequest,
  error: ModelError,
  { tried, retry }: Readonly<{ tried: Tried; retry: RetryPolicy }>,
): number | null {
  if (!error.retryable || tried.attempts >= retry.attemptsMax) return null;
  const { retryAfterMs = 0 } = error;
  if (retryAfterMs > retry.retryAfterMsMax) return null;
  const longestMs = Math.min(retry.waitMsMax, retry.waitMs * 2 ** (tried.attempts - 1));
  const { discussion, turn, role, speaker } = origin;
  const draw = openDraw(discussion, "back-off", role, speaker, turn, tried.attempts + 1);
  const waitMs = retryAfterMs + longestMs * draw.uniform();
  return tried.waitedMs + waitMs > retry.waitedMsMax ? null : waitMs;
}
