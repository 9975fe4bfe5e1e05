/**
 * The rows of the list. A row is loaded when the reader scrolls to it. Rows do not move while the reader
 * reads them.
 */
import { useEffect, useReducer, useRef } from "npm:preact@11.2.0/hooks";
import type { DiscussionRow, FacetValue, ListAnswer, ListQuery } from "../../../../analysis/listing/mod.ts";
import type { ViewerSource } from "../../api.ts";
import { messageOf } from "../base/answer.ts";
import { useNotices } from "../base/page.ts";
import { useThrottled } from "../base/throttle.ts";

/** Rows are loaded in blocks of this size. */
const BLOCK = 200;

/** At most this many blocks are kept. Other blocks are loaded again when the reader scrolls to them. */
const BLOCKS_MAX = 50;

/**
 * The shortest time between two questions for the rows on the screen, in milliseconds. Notices of changes
 * cause these questions. `FIRST_MS` holds as long as there is no row.
 */
const AGAIN_MS = 2_000;
const FIRST_MS = 250;

/** The rows of one query, as far as they are loaded. */
export type Rows = Readonly<{
  /** The number of discussions that pass the filters; `null` until the first answer. */
  total: number | null;
  /** The number of all discussions. */
  all: number;
  facets: Readonly<Record<string, readonly FacetValue[]>>;
  problem: string | null;
  /** How many discussions are new since the list was loaded; `null` if the list is up to date. */
  news: number | null;
  rowAt: (index: number) => DiscussionRow | undefined;
  /** The value of the outcome by which the list is sorted. */
  outcomeAt: (index: number) => number | null;
  /** Loads the rows from one index to another, if they are not there. */
  want: (first: number, last: number) => void;
  /** Loads the list anew. */
  refresh: () => void;
}>;

type Block = Readonly<{ rows: readonly DiscussionRow[]; outcomes: readonly (number | null)[] }>;

/** Loads the rows of one query. */
class Loader {
  total: number | null = null;
  all = 0;
  facets: Rows["facets"] = {};
  problem: string | null = null;
  news: number | null = null;
  /** The first row on the screen. */
  #first = 0;
  #blocks = new Map<number, Block>();
  #loading = new Set<number>();
  #isEnded = false;

  constructor(
    readonly source: ViewerSource,
    readonly query: ListQuery,
    readonly changed: () => void,
  ) {}

  end(): void {
    this.#isEnded = true;
  }

  blockOf(index: number): Block | undefined {
    return this.#blocks.get(Math.floor(index / BLOCK));
  }

  want(first: number, last: number): void {
    this.#first = first;
    for (let block = Math.floor(first / BLOCK); block <= Math.floor(last / BLOCK); block++) {
      if (!this.#blocks.has(block) && !this.#loading.has(block)) void this.#load(block, false);
    }
  }

  /** Asks again for the rows on the screen. Their values change, but no row moves. */
  look(): void {
    if (this.total === null || this.total === 0) void this.#load(0, true);
    else void this.#load(Math.floor(this.#first / BLOCK), false);
  }

  async #load(block: number, isAnew: boolean): Promise<void> {
    this.#loading.add(block);
    try {
      const answer = await this.source.list({ ...this.query, offset: block * BLOCK, limit: BLOCK });
      if (this.#isEnded) return;
      this.#take(block, answer, isAnew);
      this.problem = null;
    } catch (error) {
      if (this.#isEnded) return;
      this.problem = messageOf(error);
    } finally {
      this.#loading.delete(block);
    }
    this.changed();
  }

  #take(block: number, { rows, total, all, facets, outcomes = [] }: ListAnswer, isAnew: boolean): void {
    this.facets = facets;
    this.all = all;
    const known = this.#blocks.get(block);
    if (isAnew || this.total === null) {
      this.total = total;
      this.#blocks = new Map([[block, { rows, outcomes }]]);
      this.news = null;
      return;
    }
    if (known === undefined) {
      this.#blocks.set(block, { rows, outcomes });
      const [oldest] = this.#blocks.keys();
      if (this.#blocks.size > BLOCKS_MAX) this.#blocks.delete(oldest!);
    } else {
      const fresh = new Map(rows.map((row) => [keyOf(row), row]));
      const kept = known.rows.map((row) => fresh.get(keyOf(row)) ?? row);
      this.#blocks.set(block, { ...known, rows: kept });
    }
    const isSame = total === this.total &&
      (known === undefined || known.rows.every((row, index) => keyOf(row) === keyOf(rows[index] ?? row)));
    this.news = isSame ? null : Math.max(0, total - this.total);
  }
}

/** Identifies a row. */
export function keyOf({ run, discussion }: Pick<DiscussionRow, "run" | "discussion">): string {
  return `${run}\n${discussion}`;
}

/**
 * The rows of a query.
 *
 * @param key A text that is different for each query.
 * @param query `null` if the query must not be asked yet.
 */
export function useRows(source: ViewerSource, key: string, query: ListQuery | null): Rows {
  const [, redraw] = useReducer((number: number, _: void) => number + 1, 0);
  const loader = useRef<Loader | null>(null);
  const shown = useRef<Loader | null>(null);
  const load = () => {
    loader.current?.end();
    loader.current = query && new Loader(source, query, () => {
      // The rows of the earlier query stay on the screen until the first answer.
      shown.current = loader.current;
      redraw();
    });
    if (query === null) shown.current = null;
    loader.current?.want(0, 0);
  };
  useEffect(() => {
    load();
    return () => loader.current?.end();
  }, [key, query === null]);
  const look = useThrottled(() => loader.current?.look(), loader.current?.all ? AGAIN_MS : FIRST_MS);
  useNotices(({ kind }) => {
    if (kind === "discussions" || kind === "reload" || kind === "indexed") look();
  });
  const { current } = shown;
  return {
    total: current?.total ?? null,
    all: current?.all ?? 0,
    facets: current?.facets ?? {},
    problem: current?.problem ?? null,
    news: current?.news ?? null,
    rowAt: (index) => current?.blockOf(index)?.rows[index % BLOCK],
    outcomeAt: (index) => current?.blockOf(index)?.outcomes[index % BLOCK] ?? null,
    want: (first, last) => current?.want(first, last),
    refresh: load,
  };
}
