/** A worker that fails at its first message. */
export class BrokenWorker extends EventTarget {
  /** Gets the failure. */
  onerror: ((event: ErrorEvent) => void) | null = null;

  /** Fails. */
  postMessage(): void {
    queueMicrotask(() => this.onerror?.(new ErrorEvent("error", { message: "it is broken" })));
  }

  /** Does nothing, because the worker never runs. */
  terminate(): void {}
}
