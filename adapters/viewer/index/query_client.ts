/** Sends searches to the query worker, one after the other. */
import type { SearchFound, SearchRequest } from "./messages.ts";

/**
 * A search has one time limit for its matches, and one for its snippets. If the worker does not answer within
 * both limits and this time together, in milliseconds, it is replaced, because a query of SQLite cannot be
 * interrupted.
 */
const SPARE_MS = 3_000;

function endedWith(problem: string): SearchFound {
  return { hits: [], total: 0, isTotalCut: true, problem };
}

/** Searches in a worker, which starts with the first search. */
export class QueryClient implements Disposable {
  #worker: Worker | null = null;
  #waiting: Promise<unknown> = Promise.resolve();
  #isClosed = false;

  /**
   * Searches after all earlier searches.
   *
   * @throws The reason of the signal, if it is aborted.
   */
  search(request: SearchRequest, signal: AbortSignal): Promise<SearchFound> {
    const answer = this.#waiting.then(() => {
      signal.throwIfAborted();
      return this.#ask(request);
    });
    this.#waiting = answer.catch(() => {});
    return answer;
  }

  /** Ends the worker. */
  [Symbol.dispose](): void {
    this.#isClosed = true;
    this.#worker?.terminate();
    this.#worker = null;
  }

  #ask(request: SearchRequest): Promise<SearchFound> {
    if (this.#isClosed) return Promise.reject(new TypeError("Cannot search: the index is closed"));
    const worker = this.#worker ??= new Worker(new URL("./query_worker.ts", import.meta.url), {
      type: "module",
    });
    const { promise, resolve } = Promise.withResolvers<SearchFound>();
    const replace = (answer: SearchFound) => {
      worker.terminate();
      if (this.#worker === worker) this.#worker = null;
      resolve(answer);
    };
    const ms = 2 * request.msMax + SPARE_MS;
    const late = endedWith(
      `The search was ended after ${ms / 1000} seconds. Use rarer words, and check that the runs can be read`,
    );
    const timer = setTimeout(() => replace(late), ms);
    worker.onmessage = ({ data }: MessageEvent<SearchFound>) => resolve(data);
    worker.onerror = (event) => {
      event.preventDefault();
      replace(endedWith(`Cannot search: a worker failed: ${event.message}`));
    };
    worker.postMessage(request);
    return promise.finally(() => clearTimeout(timer));
  }
}
