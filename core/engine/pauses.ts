/** Pauses a model that is down or takes no more requests, and lets requests through again step by step. */
import type { ModelError, ModelRequest } from "../ports/model.ts";
import { openDraw } from "../random/mod.ts";
import {
  type PausePolicy,
  RATE_JITTER_MS,
  RATE_PROBE_MS,
  RATE_PROBE_MS_MAX,
  STATED_MS_MAX,
} from "./limits.ts";
import {
  describePause,
  INTERNAL_ERROR,
  ModelPausedTooLong,
  type PauseCause,
  pauseCauseOf,
} from "./pause_causes.ts";
import type { FailedAttempt, ForeignPause, Passage, PauseContext } from "./pause_context.ts";
import { Change, type WaitSignals } from "./waits.ts";

type Pause = {
  cause: PauseCause;
  /** The time since the pause began, in milliseconds. */
  elapsedMs: number;
  waitMs: number;
  /** The wait before a probe if the server states none, in milliseconds. It doubles with each probe. */
  intervalMs: number;
  probes: number;
  isProbed: boolean;
  reason: string;
};

/** The pauses of one model. */
export class Pauses {
  readonly #model: string;
  readonly #context: PauseContext;
  #failuresInARow = 0;
  /** The requests in this row of failures that ended in an internal server error. */
  readonly #failedOn = new Set<ModelRequest>();
  #pause: Pause | null = null;
  /** How many requests may be in flight: few after a pause, more with each answer. */
  #window = Infinity;
  /**
   * Below this value, the window doubles with each round of answers. From this value on, it grows by one in
   * each round.
   */
  #threshold = Infinity;
  /** Counts pauses and resumptions. The result of an attempt from an earlier epoch is out of date. */
  #epoch = 0;
  #tooLong: ModelPausedTooLong | null = null;
  /** Whether the last result was an answer. */
  #hasAnswered = false;
  readonly #change = new Change();

  /** Starts without a pause. The model's name is for people. */
  constructor(model: string, context: PauseContext) {
    this.#model = model;
    this.#context = context;
  }

  /** Whether the model is paused. */
  get isPaused(): boolean {
    return this.#pause !== null;
  }

  /** Permission to send an ordinary request. Valid only if the model is not paused. */
  get through(): Passage {
    return { epoch: this.#epoch, probe: false };
  }

  /** Whether another request may be sent, besides the requests in flight. */
  isOpenTo(inFlight: number): boolean {
    return this.#pause === null && inFlight < this.#window;
  }

  /**
   * Waits until the next request may be sent, as an ordinary request or as a probe. Only one request at a time may wait
   * here.
   *
   * @throws {ModelPausedTooLong} If the model was paused for too long.
   * @throws The reason of the signal that ended the wait.
   */
  async pass(inFlight: () => number, signals: WaitSignals): Promise<Passage> {
    for (;;) {
      if (this.#tooLong !== null) throw this.#tooLong;
      const pause = this.#pause;
      if (this.isOpenTo(inFlight())) return this.through;
      if (pause === null || pause.isProbed) await this.#change.wait(signals);
      else if (await this.#untilProbe(pause, signals)) {
        pause.isProbed = true;
        return { ...this.through, probe: true };
      }
    }
  }

  /** Renews a passage after other waits. While the model is paused, only the probe's passage is valid. */
  renewed(passage: Passage): Passage | null {
    if (passage.epoch === this.#epoch) return passage;
    return this.#pause === null ? this.through : null;
  }

  /** The model works: it answered, or refused a request. */
  answered(passage: Passage): void {
    this.#beginRow();
    this.#hasAnswered = true;
    const pause = this.#pause;
    if (pause === null) {
      this.#context.share?.answered();
      return this.#widen();
    }
    if (this.#tooLong !== null) return;
    // Any answer shows that a model is not down, but only a probe shows that it takes more requests.
    const isNews = passage.probe && passage.epoch === this.#epoch;
    if (pause.cause === "rate-limited" && !isNews) return;
    this.#context.share?.answered();
    this.#resume(pause);
  }

  /**
   * Another process paused the model. If the model is down for that process, it can still answer this
   * process. So it is not paused here if the last result here was an answer.
   *
   * @returns Whether the model is paused here, too.
   */
  pausedElsewhere(news: ForeignPause, inFlight: number): boolean {
    if (this.#tooLong !== null || this.#pause?.isProbed) return true;
    const { cause, reason, waitMs, pausedMs } = news;
    if (this.#pause === null && cause === "down" && this.#hasAnswered) return false;
    const pause = this.#pause ?? this.#newPause(cause, reason, inFlight);
    Object.assign(pause, { cause, reason, waitMs });
    pause.elapsedMs = Math.max(pause.elapsedMs, pausedMs);
    const { pauseMsMax } = this.#context.policy;
    if (pausedMs >= pauseMsMax) this.#fail(pause);
    else if (this.#pause === null || cause === "rate-limited") this.#tellPaused(pause);
    this.#pause = pause;
    this.#change.tell();
    return true;
  }

  /** The model answers another process again. */
  resumedElsewhere(): void {
    if (this.#pause !== null && this.#tooLong === null) this.#resume(this.#pause);
  }

  /** An attempt failed. */
  failed(error: ModelError, attempt: FailedAttempt): void {
    const { request, passage } = attempt;
    const cause = pauseCauseOf(error);
    if (cause === null) return this.answered(passage);
    this.#hasAnswered = false;
    const isStale = passage.epoch !== this.#epoch;
    if (this.#pause !== null) {
      if (passage.probe && !isStale) this.#probeFailed(this.#pause, { error, cause }, attempt);
    } else if (isStale || (cause === "down" && !this.#isDownBy(error, request))) this.#change.tell();
    else this.#begin(cause, error, attempt);
  }

  /** An attempt was aborted before it ended. */
  abandoned({ probe, epoch }: Passage): void {
    if (this.#pause !== null) {
      if (!probe || epoch !== this.#epoch) return;
      this.#pause.isProbed = false;
      this.#context.share?.abandoned();
    }
    this.#change.tell();
  }

  #resume({ elapsedMs }: Pause): void {
    this.#pause = null;
    this.#epoch++;
    this.#window = 1;
    this.#context.notify({ kind: "resumed", model: this.#model, pausedMs: elapsedMs });
    this.#change.tell();
  }

  /** Counts a failure. Returns whether the model now counts as down. */
  #isDownBy({ status }: ModelError, request: ModelRequest): boolean {
    if (status === INTERNAL_ERROR) {
      // A server can fail on the same prompt every time, so each request counts only once.
      if (this.#failedOn.has(request)) return false;
      this.#failedOn.add(request);
    }
    return ++this.#failuresInARow >= this.#context.policy.failuresMax;
  }

  #begin(cause: PauseCause, error: ModelError, { request, inFlight }: FailedAttempt): void {
    this.#pause = this.#newPause(cause, error.message, inFlight);
    this.#planProbe(this.#pause, error, request);
  }

  #newPause(cause: PauseCause, reason: string, inFlight: number): Pause {
    this.#beginRow();
    this.#epoch++;
    // The window doubles up to this number. After the model was down, this is the number of requests that were
    // in flight. After it refused requests, it is half of that number.
    this.#threshold = Math.max(1, cause === "down" ? inFlight : Math.floor(inFlight / 2));
    const intervalMs = firstInterval(cause, this.#context.policy);
    return { cause, elapsedMs: 0, waitMs: 0, intervalMs, probes: 0, isProbed: false, reason };
  }

  #probeFailed(
    pause: Pause,
    { error, cause }: Readonly<{ error: ModelError; cause: PauseCause }>,
    { request, tookMs }: FailedAttempt,
  ): void {
    const { policy } = this.#context;
    const longestMs = cause === "down" ? policy.probeMsMax : RATE_PROBE_MS_MAX;
    pause.elapsedMs += Math.max(0, tookMs);
    pause.intervalMs = cause === pause.cause
      ? Math.min(longestMs, pause.intervalMs * 2)
      : firstInterval(cause, policy);
    pause.cause = cause;
    pause.reason = error.message;
    pause.isProbed = false;
    if (pause.elapsedMs >= policy.pauseMsMax) this.#fail(pause);
    else this.#planProbe(pause, error, request);
  }

  /** Plans the next probe: at the time that the server states, or after an interval. */
  #planProbe(pause: Pause, { retryAfterMs = 0 }: ModelError, { origin }: ModelRequest): void {
    const statedMs = Math.min(STATED_MS_MAX, retryAfterMs);
    const { policy: { pauseMsMax }, share } = this.#context;
    const leftMs = pauseMsMax - pause.elapsedMs;
    if (leftMs <= 0 || statedMs > leftMs) return this.#fail(pause, statedMs);
    const isFirst = pause.probes++ === 0;
    const { cause, reason } = pause;
    let waitMs = Math.max(pause.intervalMs, statedMs);
    if (cause === "rate-limited") {
      // Processes that use the same model must not return together.
      const draw = openDraw(origin.discussion, "pause", this.#model, this.#epoch, pause.probes);
      const ownMs = pause.intervalMs * (1 + draw.uniform());
      // If the server still refuses after the stated wait, the intervals grow.
      const isTrusted = statedMs > 0 && (isFirst || statedMs >= pause.intervalMs);
      waitMs = isTrusted ? statedMs + RATE_JITTER_MS * draw.uniform() : ownMs;
    }
    pause.waitMs = Math.min(waitMs, leftMs);
    if (isFirst || cause === "rate-limited") this.#tellPaused(pause);
    share?.failed({ cause, reason, waitMs: pause.waitMs });
    this.#change.tell();
  }

  #tellPaused({ cause, reason, waitMs }: Pause): void {
    const { clock, policy: { pauseMsMax }, notify } = this.#context;
    const untilMs = Math.round(clock.now() + waitMs);
    notify({ kind: "paused", model: this.#model, cause, reason, untilMs, pauseMsMax });
  }

  #fail(pause: Pause, statedMs = 0): void {
    const { clock, policy: { pauseMsMax }, notify } = this.#context;
    const untilMs = Math.round(clock.now() + statedMs);
    if (pause.probes === 0) {
      const { cause, reason } = pause;
      notify({ kind: "paused", model: this.#model, cause, reason, untilMs, pauseMsMax });
    }
    const message = describePause(this.#model, { ...pause, statedMs, untilMs, pauseMsMax });
    this.#tooLong = new ModelPausedTooLong(message);
    this.#change.tell();
  }

  #beginRow(): void {
    this.#failuresInARow = 0;
    this.#failedOn.clear();
  }

  #widen(): void {
    if (this.#window === Infinity) return;
    this.#window += this.#window < this.#threshold ? 1 : 1 / this.#window;
    this.#change.tell();
  }

  /** Waits for the time of the probe. Returns `false` if something changed before. */
  async #untilProbe(pause: Pause, signals: WaitSignals): Promise<boolean> {
    const { waitMs } = pause;
    const changed = this.#change.signal;
    try {
      const ending = AbortSignal.any([signals.signal, signals.stop, changed]);
      await this.#context.clock.sleep(waitMs, ending);
      await this.#context.share?.probeTurn(ending);
    } catch (reason) {
      if (!changed.aborted) throw reason;
      return false;
    }
    // The waits are added up. The clock's time is not used, because someone can set it during a run.
    pause.elapsedMs += waitMs;
    return this.#pause === pause;
  }
}

function firstInterval(cause: PauseCause, { probeMs }: PausePolicy): number {
  return cause === "down" ? probeMs : RATE_PROBE_MS;
}
