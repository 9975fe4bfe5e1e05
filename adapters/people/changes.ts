/**
 * Tells waiting pages that a topic has changed. Changes are not queued: a slow page misses only the states in
 * between.
 */

/** Counts the changes of topics, and wakes everybody who waits for one. */
export class Changes {
  readonly #counts = new Map<string, number>();
  readonly #waiting = new Map<string, Set<() => void>>();

  /** How many changes a topic has had. */
  count(topic: string): number {
    return this.#counts.get(topic) ?? 0;
  }

  /** Resolves at the next change of a topic, or when the signal is aborted. */
  next(topic: string, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const waiting = this.#waiting.get(topic) ?? new Set();
      this.#waiting.set(topic, waiting);
      const wake = () => {
        waiting.delete(wake);
        if (waiting.size === 0 && this.#waiting.get(topic) === waiting) this.#waiting.delete(topic);
        signal?.removeEventListener("abort", wake);
        resolve();
      };
      waiting.add(wake);
      signal?.addEventListener("abort", wake);
    });
  }

  /** Reports that a topic has changed. */
  tell(topic: string): void {
    this.#counts.set(topic, this.count(topic) + 1);
    for (const wake of [...this.#waiting.get(topic) ?? []]) wake();
  }

  /** Reports that every topic has changed. */
  tellAll(): void {
    for (const topic of new Set([...this.#counts.keys(), ...this.#waiting.keys()])) this.tell(topic);
  }
}
