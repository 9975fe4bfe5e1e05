/** The query of the list of discussions, as it stands in an address. */
import type { ListQuery, RowFilters } from "../../../../analysis/listing/mod.ts";
import { formatRoute, parseRoute, type Query, type Route, routeTo, valueOf } from "./router.ts";

/** The filters that can have several values, in the order in which the page shows them. */
export const FACETS = [
  "run",
  "condition",
  "status",
  "has",
  "factor",
  "model",
  "speaker",
  "role",
  "silence",
  "failure",
] as const;

/** A filter that can have several values. */
export type Facet = (typeof FACETS)[number];

/** The heading of each filter. */
export const FACET_TITLES: Readonly<Record<Facet, string>> = {
  run: "Run",
  condition: "Condition",
  status: "Status",
  has: "Worth checking",
  factor: "Factor",
  model: "Model",
  speaker: "Participant",
  role: "Role",
  silence: "Reason for silence",
  failure: "Failed request",
};

/** What is worth checking → how the page calls it. */
export const HAS_TITLES: Readonly<Record<string, string>> = {
  silent: "silent turns",
  cut: "cut replies",
  unparsed: "unparsed annotations",
  failure: "failed requests",
  disagreement: "annotators disagree",
  branch: "branches",
};

/** The filters in an address. */
export function filtersOf(route: Route): RowFilters {
  const filters: Record<string, readonly string[] | string> = {};
  for (const facet of FACETS) {
    const values = route.query[facet];
    if (values !== undefined) filters[facet] = values;
  }
  const name = valueOf(route, "name");
  if (name !== null && name !== "") filters.name = name;
  return filters;
}

/** The filters and the order in an address. The address does not say how far the list is scrolled. */
export function listQueryOf(route: Route): ListQuery {
  const sort = valueOf(route, "sort");
  return {
    ...filtersOf(route),
    ...sort !== null && { sort },
    ...valueOf(route, "descending") === "true" && { descending: true },
  };
}

/** The beginning of the value of `sort` for an order by an outcome. */
export const OUTCOME_ORDER = "outcome:";

/** Whether the list is ordered by an outcome. Such a list can be shown only after a look is recorded. */
export function isOutcomeOrder({ sort }: ListQuery): boolean {
  return sort?.startsWith(OUTCOME_ORDER) ?? false;
}

/**
 * The runs whose discussions a list has.
 *
 * @param runs All runs.
 */
export function runsOf({ run }: ListQuery, runs: readonly string[]): readonly string[] {
  return runs.filter((name) => run?.includes(name) ?? true);
}

/** The same list, in the order of runs and names. */
export function inNameOrder({ sort: _, descending: __, ...query }: ListQuery): ListQuery {
  return query;
}

/** A list query as parameters of an address. */
export function queryValues(
  { sort, descending, offset: _offset, limit: _limit, around: _around, name, ...facets }: ListQuery,
): Query {
  return {
    ...facets,
    ...name !== undefined && { name: [name] },
    ...sort !== undefined && { sort: [sort] },
    ...descending && { descending: ["true"] },
  };
}

/** The route (the address within the page) to the list with these filters. */
export function listRoute(query: ListQuery = {}): Route {
  return routeTo(["discussions"], queryValues(query));
}

/**
 * The list from which a reader opens a discussion, as the value of the parameter `list` in the discussion's
 * address. The keys `[` and `]` go through this list, and Escape returns to it.
 */
export function listParameter(route: Route): string | null {
  const text = formatRoute({ path: [], query: route.query }).slice("#/?".length);
  return text === "" ? null : text;
}

/** The list in the parameter `list` of a discussion's address. */
export function listOf(route: Route): Route {
  return { path: ["discussions"], query: parseRoute(`#/?${valueOf(route, "list") ?? ""}`).query };
}
