/** The messages between the viewer's thread and the workers of the index. */
import type { Hit, SearchQuery } from "../api.ts";
import type { Term } from "./parse_search.ts";
import type { PlanFacts } from "./run_plan.ts";

/** A run to index: the name under which the viewer knows it, and its folder. */
export type IndexedRun = Readonly<{ name: string; place: string }>;

/** Tells the indexing worker what to do. The worker answers with the same `id`. */
export type ToIndexer =
  /** Indexes all logs of a run. `folder` is the folder for the index; `null` for memory. */
  | Readonly<{ kind: "open"; id: number; run: IndexedRun; folder: string | null }>
  /**
   * Indexes these streams if they have changed, before all other logs. `null` stands for all logs of the run.
   */
  | Readonly<{ kind: "update"; id: number; run: string; streams: readonly string[] | null }>
  | Readonly<{ kind: "search"; id: number; search: SearchRequest }>
  | Readonly<{ kind: "close"; id: number }>;

/** What the indexing worker found. Lists are JSON texts, because texts are quicker to send than objects. */
export type FromIndexer =
  /** The index is at this place; `null` for memory. `note` says why it is not in a file. */
  | Readonly<{ kind: "opened"; run: string; path: string | null; note: string | null }>
  | Readonly<{ kind: "plan"; run: string } & PlanFacts>
  /** The names of logs that are there and not yet read. */
  | Readonly<{ kind: "listed"; run: string; streams: readonly string[] }>
  | Readonly<{ kind: "gone"; run: string; streams: readonly string[] }>
  /** A list of `[number, design]`. */
  | Readonly<{ kind: "designs"; run: string; json: string }>
  /** A list of `[number, stream, number of the design, figures]`. */
  | Readonly<{ kind: "logs"; run: string; json: string }>
  | Readonly<{ kind: "progress"; run: string; done: number; of: number }>
  | Readonly<{ kind: "answer"; id: number; answer: unknown }>
  | Readonly<{ kind: "failure"; id: number; message: string }>;

/** A search in the indexes of `runs`, in the order of this list. */
export type SearchRequest = Readonly<{
  terms: readonly Term[];
  within: NonNullable<SearchQuery["within"]>;
  offset: number;
  limit: number;
  /**
   * The time limit of the search, in milliseconds. The reading of logs for its snippets has the same limit
   * again.
   */
  msMax: number;
  runs: readonly SearchedRun[];
}>;

/** A run that is searched. */
export type SearchedRun =
  & IndexedRun
  & Readonly<{
    /** The file of its index; `null` if it is in the memory of the indexing worker. */
    path: string | null;
    /**
     * Indexed by the numbers of logs: 1 if the log passes the filters, otherwise 0. `null` if there are no
     * filters.
     */
    allowed: Uint8Array | null;
  }>;

/** The answer to a {@linkcode SearchRequest}. */
export type SearchFound = Readonly<{
  hits: readonly Hit[];
  total: number;
  isTotalCut: boolean;
  problem: string | null;
}>;
