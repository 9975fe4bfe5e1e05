/** The pauses of a model that several workers share: if one worker pauses the model, all of them do. */
import type { Limiter, PauseNews, Pauses, PauseShare } from "../engine/mod.ts";
import type { PauseReport, SharedPause } from "../ports/mod.ts";

/** The code of one worker for the shared pauses of a model. */
export class SharedPauses implements PauseShare {
  readonly #isNews: () => void;
  #pauses: Pauses | null = null;
  #limiter: Limiter | null = null;
  /** What this worker has found out and the board does not know yet. */
  #failed: PauseReport | null = null;
  #answered: PauseReport | null = null;
  /** The pause on the board, as of the last answer. */
  #seen: SharedPause | null = null;
  /** Whether this worker has paused the model because the board has a pause. */
  #follows = false;
  /** Called when this worker may send the probe; `null` if it has no request that can be the probe. */
  #mayProbe: (() => void) | null = null;
  #isProbing = false;

  /** @param isNews Called when the board must know something soon. */
  constructor(isNews: () => void) {
    this.#isNews = isNews;
  }

  /** Connects the pauses. They are made after this object, because they need it. */
  connect(pauses: Pauses, limiter: Limiter): void {
    this.#pauses = pauses;
    this.#limiter = limiter;
  }

  /** See `PauseShare`. */
  readonly failed = ({ cause, reason, waitMs }: PauseNews): void => {
    this.#failed = { kind: "failed", cause, reason, waitMs };
    this.#answered = null;
    this.#isProbing = false;
    this.#isNews();
  };

  /** See `PauseShare`. */
  readonly answered = (): void => {
    this.#failed = null;
    this.#isProbing = false;
    if (this.#seen === null || this.#answered !== null) return;
    this.#answered = { kind: "answered", version: this.#seen.version };
    this.#isNews();
  };

  /** See `PauseShare`. */
  readonly abandoned = (): void => {
    this.#isProbing = false;
  };

  /** See `PauseShare`. */
  readonly probeTurn = (signal: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      const settle = (act: () => void) => () => {
        signal.removeEventListener("abort", cancel);
        this.#mayProbe = null;
        act();
      };
      const cancel = settle(() => reject(signal.reason));
      if (signal.aborted) return reject(signal.reason);
      signal.addEventListener("abort", cancel, { once: true });
      this.#mayProbe = settle(resolve);
      this.#isNews();
    });

  /** The report for the board; `null` if there is nothing to report, because the model works. */
  report(): PauseReport | null {
    if (this.#failed !== null || this.#answered !== null) return this.#failed ?? this.#answered;
    const wantsProbe = this.#mayProbe !== null || this.#isProbing;
    return wantsProbe || this.#pauses?.isPaused ? { kind: "waits", wantsProbe } : null;
  }

  /** Uses the board's answer to a report. */
  took(shared: SharedPause | null, reported: PauseReport | null): void {
    if (reported === this.#failed) this.#failed = null;
    if (reported === this.#answered) this.#answered = null;
    // This worker has found out something new after it sent the report. So the board's answer is out of date.
    if (this.#failed !== null || this.#answered !== null) return void (this.#seen = shared);
    if (shared === null) {
      if (this.#follows) this.#pauses?.resumedElsewhere();
      this.#follows = this.#isProbing = false;
    } else if (shared.version !== this.#seen?.version || !this.#follows) {
      this.#follows = this.#pauses?.pausedElsewhere(shared, this.#limiter?.held ?? 0) ?? false;
    }
    this.#seen = shared;
    if (shared?.mayProbe && this.#mayProbe !== null) {
      this.#isProbing = true;
      this.#mayProbe();
    }
  }
}
