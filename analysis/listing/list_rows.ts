/** Filters, sorts, pages and counts the rows of the list. */
import type { DiscussionRow } from "./row.ts";
import type { FacetValue, ListAnswer, ListQuery, RowFilters } from "./query.ts";

/** How many rows a page has by default, and the most that a query can ask for. */
export const LIST_LIMIT = 100;
export const LIST_LIMIT_MAX = 1_000;

/** A facet lists at most this many values: the most frequent ones. */
export const FACET_VALUES_MAX = 500;

/** Annotators disagree about a comment if their values differ by at least this share of the scale. */
export const DISAGREEMENT_MIN = 0.5;

/** Looks up a discussion's value of an outcome; `null` if it has none. */
export type OutcomeLookUp = (row: DiscussionRow, outcome: string) => number | null;

/** The order of the list: by run and name. */
export function compareRows(one: DiscussionRow, other: DiscussionRow): number {
  return compare(one.run, other.run) || compare(one.discussion, other.discussion);
}

/**
 * Answers a query.
 *
 * @param rows Already sorted by {@linkcode compareRows}.
 * @param outcomeOf Used when the query sorts by an outcome. Default: no row has an outcome, so the order stays
 *   as it is.
 */
export function listRows(
  rows: readonly DiscussionRow[],
  query: ListQuery,
  outcomeOf: OutcomeLookUp = () => null,
): ListAnswer {
  const facets = FACETS.map((facet) => ({ ...facet, counts: new Map<Values, number>() }));
  const failed = failedFilter(query);
  const passed: DiscussionRow[] = [];
  for (const row of rows) {
    const facet = failed(row);
    if (facet === PASSES) passed.push(row);
    if (facet === FAILS) continue;
    // A facet ignores its own filter. So a row that fails one filter counts in that filter's facet only, and a
    // row that passes all filters counts in every facet.
    for (let at = facet === PASSES ? 0 : facet; at < (facet === PASSES ? facets.length : facet + 1); at++) {
      const { counts, keyOf } = facets[at]!;
      const key = keyOf(row);
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
  }
  const ordered = sorted(passed, query, outcomeOf);
  const offset = offsetOf(ordered, query);
  const limit = Math.min(wholeOf(query.limit, LIST_LIMIT), LIST_LIMIT_MAX);
  const page = ordered.slice(offset, offset + limit);
  const outcome = outcomeIn(query);
  return {
    rows: page,
    ...outcome !== null && { outcomes: page.map((row) => outcomeOf(row, outcome)) },
    offset,
    total: passed.length,
    all: rows.length,
    facets: Object.fromEntries(
      facets.map(({ name, counts, valuesOf }) => [name, facetValues(counts, valuesOf)]),
    ),
  };
}

/** The number of rows before the page. */
function offsetOf(rows: readonly DiscussionRow[], { around, offset }: ListQuery): number {
  if (around === undefined) return wholeOf(offset, 0);
  const index = rows.findIndex(({ run, discussion }) =>
    run === around.run && discussion === around.discussion
  );
  return index === -1 ? rows.length : Math.max(0, index - 1);
}

/** Whether a row passes all filters. */
export function rowFilter(filters: RowFilters): (row: DiscussionRow) => boolean {
  const failed = failedFilter(filters);
  return (row) => failed(row) === PASSES;
}

/** Whether the filters let every row pass. */
export function isUnfiltered(filters: RowFilters): boolean {
  return filters.name === undefined && FACETS.every(({ name }) => (filters[name]?.length ?? 0) === 0);
}

/**
 * The part of a row that contains its values of a facet. Many rows have the same part, so parts are counted
 * first. Then each value gets the counts of the parts that contain it.
 */
type Values = string | number | object;

type Facet = Readonly<{
  name: Exclude<keyof RowFilters, "name">;
  keyOf: (row: DiscussionRow) => Values;
  valuesOf: (key: never) => readonly string[];
}>;

const single = (value: string) => [value];
const distinct = (values: readonly string[]) => [...new Set(values)];

const KINDS = ["silent", "cut", "unparsed", "failure", "disagreement", "branch"] as const;

const FACETS: readonly Facet[] = [
  { name: "run", keyOf: ({ run }) => run, valuesOf: single },
  { name: "condition", keyOf: ({ condition }) => condition, valuesOf: single },
  { name: "status", keyOf: ({ status }) => status, valuesOf: single },
  { name: "model", keyOf: ({ models }) => models, valuesOf: distinct },
  { name: "speaker", keyOf: ({ speakers }) => speakers, valuesOf: distinct },
  { name: "role", keyOf: ({ roles }) => roles, valuesOf: distinct },
  { name: "factor", keyOf: ({ factors }) => factors, valuesOf: levelsOf },
  { name: "failure", keyOf: ({ failures }) => namesOf(failures), valuesOf: namesIn },
  { name: "silence", keyOf: ({ silences }) => namesOf(silences), valuesOf: namesIn },
  {
    name: "has",
    keyOf: kindsOf,
    valuesOf: (kinds: number) => KINDS.filter((_, at) => (kinds >> at & 1) === 1),
  },
];

/** The names as one text, which is the key of the row. Rows with the same names have the same key. */
function namesOf(counts: Readonly<Record<string, number>>): string {
  let names = "";
  for (const name in counts) names += names === "" ? name : `\n${name}`;
  return names;
}

function namesIn(names: string): readonly string[] {
  return names === "" ? [] : names.split("\n");
}

function levelsOf(factors: DiscussionRow["factors"]): readonly string[] {
  return Object.entries(factors).map(([factor, label]) => `${factor}=${label}`);
}

/** The kinds of a row, as the bits of a number. */
function kindsOf({ silent, cut, unparsed, failures, disagreement, origin }: DiscussionRow): number {
  let failed = false;
  for (const _ in failures) failed = true;
  return (silent > 0 ? 1 : 0) | (cut > 0 ? 2 : 0) | (unparsed > 0 ? 4 : 0) | (failed ? 8 : 0) |
    ((disagreement ?? 0) >= DISAGREEMENT_MIN ? 16 : 0) | (origin === null ? 0 : 32);
}

/** The row passes all filters. */
const PASSES = -1;

/** The row fails several filters, or the name filter. A row that fails one other filter gets that filter's index. */
const FAILS = -2;

function failedFilter(filters: RowFilters): (row: DiscussionRow) => number {
  const name = filters.name?.toLowerCase() ?? "";
  const checks = FACETS.flatMap(({ name, keyOf, valuesOf }, at) => {
    const wanted = new Set<string>(filters[name] ?? []);
    if (wanted.size === 0) return [];
    const known = new Map<Values, boolean>();
    const passes = (row: DiscussionRow) => {
      const key = keyOf(row);
      let isWanted = known.get(key);
      if (isWanted === undefined) {
        known.set(key, isWanted = valuesOf(key as never).some((value) => wanted.has(value)));
      }
      return isWanted;
    };
    return [{ at, passes }];
  });
  return (row) => {
    if (name !== "" && !row.discussion.toLowerCase().includes(name)) return FAILS;
    let failed = PASSES;
    for (const { at, passes } of checks) {
      if (passes(row)) continue;
      if (failed !== PASSES) return FAILS;
      failed = at;
    }
    return failed;
  };
}

function facetValues(
  counts: ReadonlyMap<Values, number>,
  valuesOf: Facet["valuesOf"],
): readonly FacetValue[] {
  const totals = new Map<string, number>();
  for (const [key, count] of counts) {
    for (const value of valuesOf(key as never)) totals.set(value, (totals.get(value) ?? 0) + count);
  }
  return [...totals].map(([value, count]) => ({ value, count })).filter(({ value }) => value !== "")
    .sort((one, other) => other.count - one.count || compare(one.value, other.value))
    .slice(0, FACET_VALUES_MAX);
}

const OUTCOME = "outcome:";

function outcomeIn({ sort }: ListQuery): string | null {
  return sort?.startsWith(OUTCOME) ? sort.slice(OUTCOME.length) : null;
}

/** The value by which a row is sorted; `null` if the row has none. */
type Sortable = string | number | null;

function sorted(
  rows: DiscussionRow[],
  { sort, descending = false }: ListQuery,
  outcomeOf: OutcomeLookUp,
): DiscussionRow[] {
  if (sort === undefined) return descending ? rows.reverse() : rows;
  const outcome = outcomeIn({ sort });
  const keyOf = outcome !== null
    ? (row: DiscussionRow) => outcomeOf(row, outcome)
    : (row: DiscussionRow) => sortable(Object.hasOwn(row, sort) ? row[sort as keyof DiscussionRow] : null);
  const direction = descending ? -1 : 1;
  const keyed = rows.map((row) => ({ row, key: keyOf(row) }));
  // Sorting is stable, so rows with equal keys stay in the order of the list. Rows without a key are always last.
  return keyed.sort(({ key: one }, { key: other }) => {
    if (one === other) return 0;
    if (one === null || other === null) return one === null ? 1 : -1;
    return one < other ? -direction : direction;
  }).map(({ row }) => row);
}

function sortable(value: unknown): Sortable {
  return typeof value === "string" || typeof value === "number" && !Number.isNaN(value) ? value : null;
}

function compare(one: string, other: string): number {
  return one === other ? 0 : one < other ? -1 : 1;
}

function wholeOf(value: number | undefined, otherwise: number): number {
  return value !== undefined && Number.isSafeInteger(value) && value >= 0 ? value : otherwise;
}
