/** When a model is paused, since it is down or asked to be left alone, and how its queue opens again. */
import type { Clock } from "../ports/clock.ts";
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
import { Change, type WaitSignals } from "./waits.ts";

/** What is told of a model that several discussions wait for. */
export type ModelNotice =
  /**
   * Nothing but probes is sent to the model. Told again when the time of the next probe changes because a model that
   * takes no more requests said so.
   */
  | Readonly<{
    kind: "paused";
    model: string;
    cause: PauseCause;
    reason: string;
    /** When the next probe is sent, in milliseconds since 1970-01-01 UTC. */
    untilMs: number;
    pauseMsMax: number;
  }>
  /** The model answers again. */
  | Readonly<{ kind: "resumed"; model: string; pausedMs: number }>;

/** What pauses are made with. */
export type PauseContext = Readonly<{
  policy: PausePolicy;
  clock: Clock;
  notify: (notice: ModelNotice) => void;
}>;

/** A passage to a model that may be paused: `epoch` and `probe` are given back with what became of the attempt. */
export type Passage = Readonly<{ epoch: number; probe: boolean }>;

/** An attempt that failed. */
export type FailedAttempt = Readonly<{
  request: ModelRequest;
  passage: Passage;
  tookMs: number;
  /** Requests in flight, this one included. */
  inFlight: number;
}>;

type Pause = {
  cause: PauseCause;
  /** Time since the model was last sent something in the ordinary way, in milliseconds. */
  elapsedMs: number;
  /** The wait before the next probe. */
  waitMs: number;
  /** How long the engine waits by itself; it doubles. */
  intervalMs: number;
  probes: number;
  isProbed: boolean;
  reason: string;
};

/** Watches one model. */
export class Pauses {
  readonly #model: string;
  readonly #context: PauseContext;
  #failuresInARow = 0;
  /** Of the requests that failed in a row, those that the server itself failed on. */
  readonly #failedOn = new Set<ModelRequest>();
  #pause: Pause | null = null;
  /** Requests that may be in flight: few after a pause, more with each answer. */
  #window = Infinity;
  /** Up to here the window doubles with each round of answers, beyond it grows by one. */
  #threshold = Infinity;
  /** Counts pauses and resumptions: what began before the last one says nothing about now. */
  #epoch = 0;
  #tooLong: ModelPausedTooLong | null = null;
  /** Wakes the request that waits for a change. */
  readonly #change = new Change();

  /**
   * Begins with a model that is there.
   *
   * @param model The model's name, for people.
   * @param context Policy, clock, and who is told.
   */
  constructor(model: string, context: PauseContext) {
    this.#model = model;
    this.#context = context;
  }

  /** Whether the model is paused. */
  get isPaused(): boolean {
    return this.#pause !== null;
  }

  /** The passage to a model that is not paused. */
  get through(): Passage {
    return { epoch: this.#epoch, probe: false };
  }

  /** Whether a further request may be sent now, as far as pauses go, beside those that are in flight. */
  isOpenTo(inFlight: number): boolean {
    return this.#pause === null && inFlight < this.#window;
  }

  /**
   * Waits until the next request may be sent, in the ordinary way or as the one that probes. Only one request at a time
   * may wait here.
   *
   * @param inFlight How many requests are in flight.
   * @param signals What ends the wait.
   * @throws {ModelPausedTooLong} When the model was paused for too long.
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

  /**
   * What a passage is worth after other waits: while the model is paused, only that of the request that probes is worth
   * anything; when it is not, all are, as if they had just begun.
   */
  renewed(passage: Passage): Passage | null {
    if (passage.epoch === this.#epoch) return passage;
    return this.#pause === null ? this.through : null;
  }

  /** The model is there: it answered, or refused what it was asked. */
  answered(passage: Passage): void {
    this.#beginRow();
    const pause = this.#pause;
    if (pause === null) return this.#widen();
    if (this.#tooLong !== null) return;
    // What was sent before a model took no more shows nothing; that one which is down answers shows that it is not.
    const isNews = passage.probe && passage.epoch === this.#epoch;
    if (pause.cause === "rate-limited" && !isNews) return;
    this.#pause = null;
    this.#epoch++;
    this.#window = 1;
    this.#context.notify({ kind: "resumed", model: this.#model, pausedMs: pause.elapsedMs });
    this.#change.tell();
  }

  /**
   * An attempt failed.
   *
   * @param error With what.
   * @param attempt Of which request, how it was let through, and how long it took, in milliseconds.
   */
  failed(error: ModelError, attempt: FailedAttempt): void {
    const { request, passage } = attempt;
    const cause = pauseCauseOf(error);
    if (cause === null) return this.answered(passage);
    const isStale = passage.epoch !== this.#epoch;
    if (this.#pause !== null) {
      if (passage.probe && !isStale) this.#probeFailed(this.#pause, { error, cause }, attempt);
    } else if (isStale || (cause === "down" && !this.#isDownBy(error, request))) this.#change.tell();
    else this.#begin(cause, error, attempt);
  }

  /** An attempt was given up before anything came of it. */
  abandoned({ probe, epoch }: Passage): void {
    if (this.#pause !== null) {
      if (!probe || epoch !== this.#epoch) return;
      this.#pause.isProbed = false;
    }
    this.#change.tell();
  }

  /** Whether it is one failure too many in a row. */
  #isDownBy({ status }: ModelError, request: ModelRequest): boolean {
    if (status === INTERNAL_ERROR) {
      // A prompt on which a server fails each time shows no more than once that the server may be down.
      if (this.#failedOn.has(request)) return false;
      this.#failedOn.add(request);
    }
    return ++this.#failuresInARow >= this.#context.policy.failuresMax;
  }

  #begin(cause: PauseCause, error: ModelError, { request, inFlight }: FailedAttempt): void {
    this.#beginRow();
    this.#epoch++;
    // A model that is back after it was down may be sent what it was sent before; one that was sent too much may not.
    this.#threshold = Math.max(1, cause === "down" ? inFlight : Math.floor(inFlight / 2));
    const pause: Pause = {
      cause,
      elapsedMs: 0,
      waitMs: 0,
      intervalMs: firstInterval(cause, this.#context.policy),
      probes: 0,
      isProbed: false,
      reason: error.message,
    };
    this.#pause = pause;
    this.#planProbe(pause, error, request);
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
    if (pause.elapsedMs >= policy.pauseMsMax) this.#giveUp(pause);
    else this.#planProbe(pause, error, request);
  }

  /** Sets when the next probe is sent: when the server says so, or after an interval. */
  #planProbe(pause: Pause, { retryAfterMs = 0 }: ModelError, { origin }: ModelRequest): void {
    const statedMs = Math.min(STATED_MS_MAX, retryAfterMs);
    const { policy: { pauseMsMax }, clock, notify } = this.#context;
    const leftMs = pauseMsMax - pause.elapsedMs;
    if (leftMs <= 0 || statedMs > leftMs) return this.#giveUp(pause, statedMs);
    const isFirst = pause.probes++ === 0;
    const { cause, reason } = pause;
    let waitMs = Math.max(pause.intervalMs, statedMs);
    if (cause === "rate-limited") {
      // Processes that ask the same model must not come back together.
      const draw = openDraw(origin.discussion, "pause", this.#model, this.#epoch, pause.probes);
      const ownMs = pause.intervalMs * (1 + draw.uniform());
      // A server whose word was kept and that still refuses is asked ever less often.
      const isTrusted = statedMs > 0 && (isFirst || statedMs >= pause.intervalMs);
      waitMs = isTrusted ? statedMs + RATE_JITTER_MS * draw.uniform() : ownMs;
    }
    pause.waitMs = Math.min(waitMs, leftMs);
    if (isFirst || cause === "rate-limited") {
      const untilMs = Math.round(clock.now() + pause.waitMs);
      notify({ kind: "paused", model: this.#model, cause, reason, untilMs, pauseMsMax });
    }
    this.#change.tell();
  }

  #giveUp(pause: Pause, statedMs = 0): void {
    const { clock, policy: { pauseMsMax }, notify } = this.#context;
    const untilMs = Math.round(clock.now() + statedMs);
    if (pause.probes === 0) {
      const { cause, reason } = pause;
      notify({ kind: "paused", model: this.#model, cause, reason, untilMs, pauseMsMax });
    }
    const said = describePause(this.#model, { ...pause, statedMs, untilMs, pauseMsMax });
    this.#tooLong = new ModelPausedTooLong(said);
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

  /** Whether it is time; `false` when something changed before. */
  async #untilProbe(pause: Pause, signals: WaitSignals): Promise<boolean> {
    const { waitMs } = pause;
    const changed = this.#change.signal;
    try {
      await this.#context.clock.sleep(waitMs, AbortSignal.any([signals.signal, signals.stop, changed]));
    } catch (reason) {
      if (!changed.aborted) throw reason;
      return false;
    }
    // Waits are added up, since clocks are set while a run goes on.
    pause.elapsedMs += waitMs;
    return this.#pause === pause;
  }
}

function firstInterval(cause: PauseCause, { probeMs }: PausePolicy): number {
  return cause === "down" ? probeMs : RATE_PROBE_MS;
}
