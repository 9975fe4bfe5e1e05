/** Collects the notices of a run's store about discussions that have grown. */
import type { EventStore } from "../../../core/ports/mod.ts";

/** The notices of a store since the last call of `take()`. Stores of folders send no notices. */
export class Growth {
  #store: EventStore | null = null;
  #following = new AbortController();
  readonly #grown = new Set<string>();
  #told = new AbortController();
  /**
   * Whether a notice did not name its discussions, so that any discussion can have grown. The reader sets it
   * to `false`.
   */
  isAny = false;

  /** A signal that is aborted at the next notice. */
  get told(): AbortSignal {
    return this.#told.signal;
  }

  /** Collects the notices of this store from now on; `null` for no store. */
  follow(store: EventStore | null): void {
    if (store === this.#store) return;
    this.#following.abort();
    this.#following = new AbortController();
    this.#store = store;
    store?.onGrowth?.((streams) => {
      if (streams === null) this.isAny = true;
      else for (const stream of streams) this.#grown.add(stream);
      this.#told.abort();
    }, this.#following.signal);
  }

  /** The discussions that have grown since the last call. */
  take(): ReadonlySet<string> {
    const grown = new Set(this.#grown);
    this.#grown.clear();
    this.#told = new AbortController();
    return grown;
  }
}
