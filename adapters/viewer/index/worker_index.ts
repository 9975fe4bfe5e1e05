/** The index of runs: their list, their overview and their full-text search. Workers read the logs and search. */
import {
  compareRows,
  type DiscussionRow,
  isUnfiltered,
  type ListAnswer,
  type ListQuery,
  listRows,
  type OutcomeLookUp,
  rowFilter,
} from "../../../analysis/listing/mod.ts";
import type { LogEnd } from "../../../core/events/mod.ts";
import { type RunReader, StoreError } from "../../../core/ports/mod.ts";
import type { Overview, SearchAnswer, SearchQuery } from "../api.ts";
import { atMost } from "../server/at_most.ts";
import type { GrownLog, IndexProgress, RunIndex } from "../server/run_index.ts";
import { IndexedLogs } from "./indexed_logs.ts";
import type { FromIndexer, SearchFound, SearchRequest, ToIndexer } from "./messages.ts";
import { parseSearch } from "./parse_search.ts";
import { QueryClient } from "./query_client.ts";
import { planOf } from "./run_plan.ts";

/** The number of hits in an answer: by default, and at most. */
const HITS = 50;
const HITS_MAX = 500;

/** A search ends after this time, in milliseconds. */
const SEARCH_MS_MAX = 1_000;

/**
 * How long the index waits for its worker when it closes, in milliseconds. The next viewer completes an
 * unfinished index.
 */
const CLOSE_MS_MAX = 10_000;

/** The shortest time between two messages about progress, in milliseconds. */
const PROGRESS_MS = 250;

type Told<Message = ToIndexer> = Message extends ToIndexer ? Omit<Message, "id"> : never;

/**
 * Indexes runs in a worker. The list can be used at once: it shows what was read so far. Nothing is written
 * to the runs.
 */
export class WorkerIndex implements RunIndex {
  readonly #folder: string | null;
  readonly #searchMs: number;
  readonly #runs = new Map<string, IndexedLogs>();
  readonly #indexer = new Worker(new URL("./index_worker.ts", import.meta.url), { type: "module" });
  #warn: ((note: string) => void) | null;
  readonly #queries = new QueryClient();
  readonly #listeners: ((progress: IndexProgress) => void)[] = [];
  readonly #asked = new Map<number, PromiseWithResolvers<unknown>>();
  /** Why the worker answers no more; `null` as long as it does. */
  #ended: Error | null = null;
  #id = 0;
  #rows: readonly DiscussionRow[] | null = null;
  #overview: Overview | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /**
   * @param folder The folder for indexes, from `indexPlace()`; `null` for indexes in memory.
   * @param warn Called at most once, with the first reason why an index cannot be kept in a file.
   */
  constructor(
    folder: string | null,
    warn: (note: string) => void = () => {},
    /** `searchMs`: a search ends after this time, in milliseconds. Default: {@linkcode SEARCH_MS_MAX}. */
    { searchMs = SEARCH_MS_MAX }: Readonly<{ searchMs?: number }> = {},
  ) {
    this.#folder = folder;
    this.#searchMs = searchMs;
    this.#warn = warn;
    this.#indexer.onmessage = ({ data }: MessageEvent<FromIndexer>) => this.#take(data);
    this.#indexer.onerror = (event) => {
      event.preventDefault();
      this.#end(new StoreError(`The index has failed: ${event.message}. Start the viewer again`));
    };
  }

  async open(run: string, reader: RunReader): Promise<void> {
    const { place, manifest } = reader;
    const logs = new IndexedLogs({ name: run, place });
    logs.plan = planOf(reader);
    logs.of = manifest.plan.discussions;
    this.#runs.set(run, logs);
    this.#forget();
    await this.#ask({ kind: "open", run: { name: run, place }, folder: this.#folder });
  }

  async update(run: string, streams?: readonly string[]): Promise<readonly GrownLog[]> {
    return await this.#ask({ kind: "update", run, streams: streams ?? null }) as readonly GrownLog[];
  }

  record(run: string, ends: ReadonlyMap<string, LogEnd>): void {
    const logs = this.#runs.get(run);
    if (logs === undefined) return;
    logs.ends = ends;
    this.#forget();
  }

  conditions(run: string): readonly string[] {
    return this.#runs.get(run)?.conditions() ?? [];
  }

  note(run: string): string | null {
    return this.#runs.get(run)?.note ?? null;
  }

  overview(): Promise<Overview> {
    this.#overview ??= {
      runs: [...this.#runs.values()].map((run) => run.overview()),
      indexed: this.#indexed(),
    };
    return Promise.resolve(this.#overview);
  }

  list(query: ListQuery, outcomeOf?: OutcomeLookUp): Promise<ListAnswer> {
    this.#rows ??= [...this.#runs.values()].flatMap((run) => [...run.rows()]).sort(compareRows);
    return Promise.resolve(listRows(this.#rows, query, outcomeOf));
  }

  /**
   * Searches the texts of the discussions that pass the filters.
   *
   * @throws The reason of the signal, if it is aborted.
   */
  async search(query: SearchQuery, signal: AbortSignal): Promise<SearchAnswer> {
    const parsed = parseSearch(query.text);
    const indexed = this.#indexed();
    let found: SearchFound = { hits: [], total: 0, isTotalCut: false, problem: null };
    if ("problem" in parsed) return { ...found, indexed, problem: parsed.problem };
    const passes = isUnfiltered(query) ? null : rowFilter(query);
    const limit = Math.min(query.limit ?? HITS, HITS_MAX);
    for (const inMemory of [false, true]) {
      const runs = [...this.#runs.values()].filter(({ isOpen, path, run }) =>
        isOpen && (path === null) === inMemory && isChosen(query, run.name)
      );
      if (runs.length === 0 || found.problem !== null) continue;
      const search: SearchRequest = {
        terms: parsed.terms,
        within: query.within === undefined || query.within.length === 0 ? ["comments"] : query.within,
        offset: Math.max(0, (query.offset ?? 0) - found.total),
        limit: limit - found.hits.length,
        msMax: this.#searchMs,
        runs: runs.map((logs) => ({ ...logs.run, path: logs.path, allowed: passes && logs.allowed(passes) })),
      };
      const asked = inMemory ? this.#ask({ kind: "search", search }) : this.#queries.search(search, signal);
      const more = await untilAborted(asked, signal) as SearchFound;
      found = {
        hits: [...found.hits, ...more.hits],
        total: found.total + more.total,
        isTotalCut: found.isTotalCut || more.isTotalCut,
        problem: more.problem,
      };
    }
    return { ...found, indexed };
  }

  follow(listener: (progress: IndexProgress) => void): void {
    this.#listeners.push(listener);
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer);
    this.#listeners.length = 0;
    this.#queries[Symbol.dispose]();
    // A worker that has failed has nothing to close.
    if (this.#ended === null) await atMost(CLOSE_MS_MAX, this.#ask({ kind: "close" }).catch(() => {}));
    this.#indexer.terminate();
    this.#end(new TypeError("Cannot use the index: it is closed"));
  }

  /** Makes all questions fail: the questions that wait for an answer, and all later ones. */
  #end(error: Error): void {
    this.#ended = error;
    for (const { reject } of this.#asked.values()) reject(error);
    this.#asked.clear();
  }

  #indexed(): Readonly<{ done: number; of: number }> {
    const runs = [...this.#runs.values()];
    return {
      done: runs.reduce((sum, { done }) => sum + done, 0),
      of: runs.reduce((sum, { of }) => sum + of, 0),
    };
  }

  #ask(message: Told): Promise<unknown> {
    if (this.#ended !== null) return Promise.reject(this.#ended);
    const id = this.#id++;
    const asked = Promise.withResolvers<unknown>();
    this.#asked.set(id, asked);
    this.#indexer.postMessage({ ...message, id } as ToIndexer);
    return asked.promise;
  }

  #take(message: FromIndexer): void {
    if (message.kind === "answer" || message.kind === "failure") {
      const asked = this.#asked.get(message.id);
      this.#asked.delete(message.id);
      if (message.kind === "answer") asked?.resolve(message.answer);
      // A `StoreError`, because the same question can succeed later.
      else asked?.reject(new StoreError(message.message));
      return;
    }
    const logs = this.#runs.get(message.run)!;
    // The message is about the run that had this name before.
    if (!logs.isOpen && message.kind !== "opened") return;
    this.#forget();
    switch (message.kind) {
      case "opened":
        [logs.path, logs.note, logs.isOpen] = [message.path, message.note, true];
        if (message.note !== null) {
          this.#warn?.(message.note);
          this.#warn = null;
        }
        return logs.forgetNumbers();
      case "plan":
        logs.plan = message;
        return;
      case "listed":
        return logs.list(message.streams);
      case "gone":
        return logs.remove(message.streams);
      case "designs":
        return logs.addDesigns(message.json);
      case "logs":
        return logs.addLogs(message.json);
      case "progress":
        [logs.done, logs.of] = [message.done, message.of];
        this.#timer ??= setTimeout(() => this.#tellProgress(), PROGRESS_MS);
        return;
      default:
        return message satisfies never;
    }
  }

  /** Forgets rows and overview. They are computed again when they are needed. */
  #forget(): void {
    this.#rows = null;
    this.#overview = null;
  }

  #tellProgress(): void {
    this.#timer = undefined;
    for (const listener of this.#listeners) listener({ kind: "indexed", ...this.#indexed() });
  }
}

function isChosen({ run }: SearchQuery, name: string): boolean {
  return run === undefined || run.length === 0 || run.includes(name);
}

async function untilAborted<Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result> {
  signal.throwIfAborted();
  const { promise, reject } = Promise.withResolvers<never>();
  const abort = () => reject(signal.reason);
  signal.addEventListener("abort", abort, { once: true });
  try {
    return await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}
