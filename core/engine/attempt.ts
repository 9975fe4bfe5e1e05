/** One attempt at a request: limits its time, checks its reply, and computes the wait after a failure. */
import { choiceProblem } from "../ports/read_answer.ts";
import { FINISH_REASONS } from "../events/models.ts";
import { type Model, ModelError, type ModelReply, type ModelRequest, requestedForm } from "../ports/model.ts";
import type { Clock } from "../ports/clock.ts";
import { openDraw } from "../random/mod.ts";
import type { RetryPolicy } from "./limits.ts";

/** Asks a model once, and throws a `TypeError` if the adapter returns something that is not a reply. */
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

export function asModelError(cause: unknown): ModelError {
  if (cause instanceof ModelError) return cause;
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new ModelError("broken-model", `The model adapter failed: ${reason}`, { cause });
}

/** Throws an error if an answer is not a valid reply. The adapter of a researcher can return any value. */
function refuseNoReply(reply: unknown, request: ModelRequest): void {
  const { text, finishReason, finishReasonGiven, reasoning, usage, servedBy, choice, choices, meta } =
    isFields(reply) ? reply : {};
  let wrong: string | null = null;
  if (typeof text !== "string") wrong = "its text is not a string";
  else if (!(FINISH_REASONS as readonly unknown[]).includes(finishReason)) {
    wrong = `its finishReason is not one of ${FINISH_REASONS.join(", ")}`;
  } else if (usage !== undefined && !isUsage(usage)) wrong = "its usage has no token counts";
  else if (!isTextOrNone(servedBy)) wrong = "its servedBy is not a string";
  else if (!isTextOrNone(reasoning)) wrong = "its reasoning is not a string";
  else if (!isTextOrNone(finishReasonGiven)) wrong = "its finishReasonGiven is not a string";
  else if (!isMeta(meta)) wrong = "its meta is not an object of texts, numbers and truth values";
  else if (choice !== undefined || choices !== undefined) {
    wrong = choiceProblem(requestedForm(request), { text, choice, choices });
  }
  if (wrong === null) return;
  throw new TypeError(`its answer is not a reply: ${wrong}`);
}

function isTextOrNone(value: unknown): boolean {
  return value === undefined || typeof value === "string";
}

function isMeta(meta: unknown): boolean {
  return meta === undefined ||
    (isFields(meta) &&
      Object.values(meta).every((value) => ["string", "number", "boolean"].includes(typeof value)));
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

/** The watchdog divides the allowed time into this many ticks. A request can take up to one tick too long. */
const TICKS = 8;

/** The reason why the timer stops. It is created only once, because creating errors is slow. */
const IDLE = new Error("No request is in flight");

type Watched = Readonly<{ sinceTick: number; cancel: (reason: unknown) => void }>;

/** Aborts requests to a model that take too long, with one timer for all of them. */
export class Watchdog {
  /** How long a request may take, in milliseconds. */
  readonly msMax: number;
  readonly #clock: Clock;
  /** The actions in progress, oldest first. */
  readonly #watched = new Set<Watched>();
  #tick = 0;
  #ticking: AbortController | null = null;

  /**
   * Starts without requests. It uses only the clock's waits, because the time of day can be changed during a
   * run.
   *
   * @param msMax How long a request may take, in milliseconds. A request can take up to one eighth longer.
   */
  constructor(msMax: number, clock: Clock) {
    this.msMax = msMax;
    this.#clock = clock;
  }

  /**
   * Runs an action until it ends, takes too long or is aborted. An action that ignores its signal is abandoned.
   *
   * @throws {ModelError} `time-out` if it takes too long.
   */
  watch<T>(signal: AbortSignal, act: (signal: AbortSignal) => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const own = new AbortController();
      const cancel = (reason: unknown) => {
        end();
        reject(reason);
        own.abort(reason);
      };
      const abandon = () => cancel(signal.reason);
      const watched: Watched = { sinceTick: this.#tick, cancel };
      const end = () => {
        signal.removeEventListener("abort", abandon);
        this.#watched.delete(watched);
        if (this.#watched.size === 0) this.#ticking?.abort(IDLE);
      };
      signal.addEventListener("abort", abandon);
      this.#watched.add(watched);
      if (this.#ticking === null || this.#ticking.signal.aborted) void this.#keepTicking();
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
    const late = `The model did not answer within ${this.msMax / 1000} s`;
    while (!ticking.signal.aborted) {
      try {
        await this.#clock.sleep(this.msMax / TICKS, ticking.signal);
      } catch {
        return;
      }
      this.#tick++;
      for (const { sinceTick, cancel } of this.#watched) {
        if (this.#tick - sinceTick <= TICKS) break;
        cancel(new ModelError("time-out", late));
      }
    }
  }
}

/** How many attempts and how much waiting a request has used so far. */
export type Tried = Readonly<{
  /** Attempts so far, without those that failed because the model was down. */
  attempts: number;
  /** The total wait between these attempts, in milliseconds. */
  waitedMs: number;
}>;

/**
 * Draws the wait before the next attempt, from 0 to a limit that doubles with each attempt. So requests that failed
 * together do not return together. If the server states a wait, it is added.
 *
 * @returns Milliseconds; `null` if there is no further attempt.
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
