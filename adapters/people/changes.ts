/** Changes by name, for which any number of pages wait. Nothing is queued: a slow page only misses steps between. */

/** Wakes everybody who waits for a change. */
export class Changes {
  readonly #waiting = new Map<string, Set<() => void>>();

  /**
   * Resolves at the next change of a name, or when the signal is aborted.
   *
   * @param name The name; each `tell()` of it ends the wait.
   */
  next(name: string, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const waiting = this.#waiting.get(name) ?? new Set();
      this.#waiting.set(name, waiting);
      const wake = () => {
        waiting.delete(wake);
        if (waiting.size === 0 && this.#waiting.get(name) === waiting) this.#waiting.delete(name);
        signal?.removeEventListener("abort", wake);
        resolve();
      };
      waiting.add(wake);
      signal?.addEventListener("abort", wake);
    });
  }

  tell(name: string): void {
    for (const wake of [...this.#waiting.get(name) ?? []]) wake();
  }

  tellAll(): void {
    for (const name of [...this.#waiting.keys()]) this.tell(name);
  }
}
