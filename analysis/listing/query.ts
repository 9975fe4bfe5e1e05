/** A query of the list of discussions: filters, order and page. The address of the viewer's page contains it. */
import type { DiscussionRow } from "./row.ts";

/**
 * The filters of the list. A row passes a filter if it has at least one of the filter's values. The list shows
 * the rows that pass all filters.
 */
export type RowFilters = Readonly<{
  run?: readonly string[];
  condition?: readonly string[];
  status?: readonly string[];
  model?: readonly string[];
  /** Names of participants. */
  speaker?: readonly string[];
  role?: readonly string[];
  /** A level of a factor: `factor=label`. */
  factor?: readonly string[];
  /**
   * Events that a researcher may want to check. `disagreement`: two annotators' values of a comment differ by
   * at least `DISAGREEMENT_MIN`, a share of the scale's range.
   */
  has?: readonly ("silent" | "cut" | "unparsed" | "failure" | "disagreement" | "branch")[];
  /** Kinds of failed requests. */
  failure?: readonly string[];
  /** Reasons for silence. */
  silence?: readonly string[];
  /** A part of the discussion's name. */
  name?: string;
}>;

/** A page of the list. */
export type ListQuery =
  & RowFilters
  & Readonly<{
    /** A column of {@linkcode DiscussionRow}, or `outcome:NAME`. Default: run and name. */
    sort?: string;
    descending?: boolean;
    offset?: number;
    limit?: number;
    /**
     * The page begins one row before this discussion, and `offset` is ignored. If no row is found, the page is
     * empty.
     */
    around?: Readonly<{ run: string; discussion: string }>;
  }>;

/** How many rows have a value. */
export type FacetValue = Readonly<{ value: string; count: number }>;

/** The answer to a {@linkcode ListQuery}. */
export type ListAnswer = Readonly<{
  rows: readonly DiscussionRow[];
  /** The number of rows before the page; 0 if it is left out. */
  offset?: number;
  /** How many rows pass the filters, and how many there are. */
  total: number;
  all: number;
  /** Filter → the values of the rows that pass all other filters, and how many rows have each value. */
  facets: Readonly<Record<string, readonly FacetValue[]>>;
  /** The value of each row, if the rows are sorted by an outcome. */
  outcomes?: readonly (number | null)[];
}>;
