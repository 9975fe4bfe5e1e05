/** What happens while a model is down: its queue pauses, one request at a time probes, and the rest goes on by itself. */
import type { Clock } from "../ports/clock.ts";
import type { ModelError, ModelErrorKind, ModelRequest } from "../ports/model.ts";
import type { OutagePolicy } from "./limits.ts";

/** What is told of a model that several discussions wait for. */
export type ModelNotice =
  /** The model counts as down: nothing but probes is sent to it. */
  | Readonly<{ kind: "paused"; model: string; reason: string; pauseMsMax: number }>
  /** The model answers again. */
  | Readonly<{ kind: "resumed"; model: string; pausedMs: number }>;

/** A model was down for as long as anybody wants to wait. Whatever waited for it can be gone on with later. */
export class ModelDown extends Error {
  /** Tells this error from others. */
  override readonly name = "ModelDown";
}

/** Internal error: all that a server says with it is that this request was too much for it. */
const INTERNAL_ERROR = 500;

/** What an outage is watched with. */
export type OutageContext = Readonly<{
  policy: OutagePolicy;
  clock: Clock;
  notify: (notice: ModelNotice) => void;
}>;

/** Signals that end waits: the first gives the request up, the second only keeps it from being sent. */
export type WaitSignals = Readonly<{ signal: AbortSignal; stop: AbortSignal }>;

/** A passage to a model that may be down: `epoch` and `probe` are given back with what became of the attempt. */
export type Passage = Readonly<{ epoch: number; probe: boolean; waitedMs: number }>;

/** An attempt that failed. */
export type FailedAttempt = Readonly<{ request: ModelRequest; passage: Passage; tookMs: number }>;

/** Failures that a server which is down, or nearly so, brings about. Whatever else comes back shows that it is there. */
const DOWN: ReadonlySet<ModelErrorKind> = new Set(["unreachable", "time-out", "server-error"] as const);

type Pause = {
  /** Time since the model was last sent something in the ordinary way, in milliseconds. */
  elapsedMs: number;
  /** The wait before the next probe. */
  intervalMs: number;
  isProbed: boolean;
  reason: string;
  readonly waiting: Set<() => void>;
};

/** Watches one model. */
export class Outage {
  readonly #model: string;
  readonly #context: OutageContext;
  #failuresInARow = 0;
  /** Of the requests that failed in a row, those that the server itself failed on. */
  readonly #failedOn = new Set<ModelRequest>();
  #pause: Pause | null = null;
  /** Counts pauses and resumptions: what began before the last one says nothing about now. */
  #epoch = 0;
  #down: ModelDown | null = null;

  /**
   * Begins with a model that is there.
   *
   * @param model The model's name, for people.
   * @param context Policy, clock, and who is told.
   */
  constructor(model: string, context: OutageContext) {
    this.#model = model;
    this.#context = context;
  }

  /** Whether the model counts as down. */
  get isPaused(): boolean {
    return this.#pause !== null;
  }

  /** The passage to a model that is not paused. */
  get through(): Passage {
    return { epoch: this.#epoch, probe: false, waitedMs: 0 };
  }

  /**
   * Lets a request through: at once, or when the model is back, or as the one that probes.
   *
   * @returns `null` when it was stopped before.
   * @throws {ModelDown} When the model was down for too long.
   * @throws The signal's reason, when the request is given up.
   */
  async pass({ signal, stop }: WaitSignals): Promise<Passage | null> {
    let waitedMs = 0;
    while (this.#pause !== null) {
      if (this.#down !== null) throw this.#down;
      const pause = this.#pause;
      const startedMs = this.#context.clock.now();
      const isProbe = !pause.isProbed;
      pause.isProbed = true;
      try {
        await (isProbe ? this.#untilProbe(pause, { signal, stop }) : turnOf(pause, { signal, stop }));
      } catch (reason) {
        if (isProbe) this.#passOn(pause);
        if (signal.aborted || !stop.aborted) throw reason;
        return null;
      }
      waitedMs += Math.max(0, this.#context.clock.now() - startedMs);
      if (isProbe && this.#pause === pause) return { ...this.through, probe: true, waitedMs };
    }
    return { ...this.through, waitedMs };
  }

  /**
   * What a passage is worth after other waits: while the model is down, only that of the request that probes is worth
   * anything; when it is there, all are, as if they had just begun.
   */
  renewed(passage: Passage): Passage | null {
    if (passage.epoch === this.#epoch) return passage;
    return this.#pause === null ? { ...passage, epoch: this.#epoch, probe: false } : null;
  }

  /** Something came back: the model is there. */
  answered(): void {
    this.#beginRow();
    const pause = this.#pause;
    if (pause === null || this.#down !== null) return;
    this.#pause = null;
    this.#epoch++;
    for (const wake of pause.waiting) wake();
    this.#context.notify({ kind: "resumed", model: this.#model, pausedMs: pause.elapsedMs });
  }

  /**
   * An attempt failed.
   *
   * @param error With what.
   * @param attempt Of which request, how it was let through, and how long it took, in milliseconds.
   */
  failed(error: ModelError, { request, passage: { epoch, probe }, tookMs }: FailedAttempt): void {
    if (!DOWN.has(error.kind)) return this.answered();
    if (epoch !== this.#epoch) return;
    const { policy, notify } = this.#context;
    if (this.#pause !== null) {
      if (probe) this.#probeFailed(this.#pause, error, tookMs);
      return;
    }
    if (error.status === INTERNAL_ERROR) {
      // A prompt on which a server fails each time shows no more than once that the server may be down.
      if (this.#failedOn.has(request)) return;
      this.#failedOn.add(request);
    }
    if (++this.#failuresInARow < policy.failuresMax) return;
    this.#beginRow();
    this.#epoch++;
    this.#pause = {
      elapsedMs: 0,
      intervalMs: Math.max(policy.probeMs, error.retryAfterMs ?? 0),
      isProbed: false,
      reason: error.message,
      waiting: new Set(),
    };
    const { pauseMsMax } = policy;
    notify({ kind: "paused", model: this.#model, reason: error.message, pauseMsMax });
    if (pauseMsMax <= 0) this.#giveUp(this.#pause);
  }

  /** An attempt was given up before anything came of it. */
  abandoned({ probe, epoch }: Passage): void {
    if (probe && epoch === this.#epoch && this.#pause !== null) this.#passOn(this.#pause);
  }

  #beginRow(): void {
    this.#failuresInARow = 0;
    this.#failedOn.clear();
  }

  async #untilProbe(pause: Pause, { signal, stop }: WaitSignals): Promise<void> {
    const { policy, clock } = this.#context;
    const ms = Math.min(pause.intervalMs, policy.pauseMsMax - pause.elapsedMs);
    await clock.sleep(ms, AbortSignal.any([signal, stop]));
    // Waits are added up, since clocks are set while a run goes on.
    pause.elapsedMs += ms;
  }

  #probeFailed(pause: Pause, error: ModelError, tookMs: number): void {
    const { policy } = this.#context;
    pause.elapsedMs += Math.max(0, tookMs);
    pause.reason = error.message;
    const doubled = Math.min(policy.probeMsMax, pause.intervalMs * 2);
    pause.intervalMs = Math.max(doubled, error.retryAfterMs ?? 0);
    if (pause.elapsedMs >= policy.pauseMsMax) this.#giveUp(pause);
    else this.#passOn(pause);
  }

  #giveUp(pause: Pause): void {
    const seconds = Math.round(pause.elapsedMs / 1000);
    const time = seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
    this.#down = new ModelDown(
      `The model "${this.#model}" did not come back within ${time}. Nothing is lost: go on when it is there again, or ` +
        `allow a longer pause. What was last heard of it: ${pause.reason}`,
    );
    for (const wake of pause.waiting) wake();
  }

  /** The next one probes. */
  #passOn(pause: Pause): void {
    pause.isProbed = false;
    const [next] = pause.waiting;
    next?.();
  }
}

/** Waits until it is the caller's turn to probe, or the pause is over. */
function turnOf({ waiting }: Pause, { signal, stop }: WaitSignals): Promise<void> {
  return new Promise((resolve, reject) => {
    const ending = AbortSignal.any([signal, stop]);
    const settle = (act: () => void) => () => {
      waiting.delete(wake);
      ending.removeEventListener("abort", giveUp);
      act();
    };
    const wake = settle(resolve);
    const giveUp = settle(() => reject(ending.reason));
    if (ending.aborted) return giveUp();
    waiting.add(wake);
    ending.addEventListener("abort", giveUp, { once: true });
  });
}
