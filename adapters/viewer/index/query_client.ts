/** Sends searches to the query worker, one after the other. */
import type { SearchFound, SearchRequest } from "./messages.ts";

/** A worker that does not answer in this time is replaced, in milliseconds. SQLite cannot be interrupted. */
const ANSWER_MS_MAX = 5_000;

const LATE: SearchFound = {
  hits: [],
  total: 0,
  isTotalCut: true,
  problem: `The search was ended after ${ANSWER_MS_MAX / 1000} seconds. Use rarer words`,
};

/** Searches in a worker, which starts with the first search. */
export class QueryClient implements Disposable {
  #worker: Worker | null = null;
  #waiting: Promise<unknown> = Promise.resolve();
  #isClosed = false;

  /** Searches after all earlier searches. @throws The reason of the signal, if it is aborted. */
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
    const timer = setTimeout(() => replace(LATE), ANSWER_MS_MAX);
    worker.onmessage = ({ data }: MessageEvent<SearchFound>) => resolve(data);
    worker.onerror = (event) => {
      event.preventDefault();
      replace({ ...LATE, problem: `Cannot search: a worker failed: ${event.message}` });
    };
    worker.postMessage(request);
    return promise.finally(() => clearTimeout(timer));
  }
}
