/** Collects what the store of a run tells: which of its discussions have grown. */
import type { EventStore } from "../../../core/ports/mod.ts";

/** What a store has told since it was asked last. Stores of folders tell nothing. */
export class Growth {
  #store: EventStore | null = null;
  #following = new AbortController();
  readonly #grown = new Set<string>();
  #told = new AbortController();
  /** Whether discussions without a name can have grown. The reader sets it back. */
  isAny = false;

  /** Is aborted when there is something new. */
  get told(): AbortSignal {
    return this.#told.signal;
  }

  /** From now on, collects what this store tells; `null` for none. */
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
