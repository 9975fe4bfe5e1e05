/** The filters of `view --export --only`, as the address of the list has them. */
import type { RowFilters } from "../../analysis/listing/mod.ts";
import { FACETS, filtersOf } from "../../adapters/viewer/page/base/list_query.ts";
import { parseRoute } from "../../adapters/viewer/page/base/router.ts";
import { listed, nearest } from "../../core/experiment/problems.ts";
import { UsageError } from "../shared/program.ts";

const FILTERS: readonly string[] = [...FACETS, "name"];

/**
 * Parts of the list's address that are not filters: the order. They are ignored, because an exported page has
 * its own order.
 */
const ORDER: readonly string[] = ["sort", "descending"];

/**
 * Reads filters.
 *
 * @param text `status=completed&condition=base`, or the page's whole address, or its part after `#` or `?`.
 * @throws {UsageError} If the text has no filter, or a part that is not a filter.
 */
export function chosenFilters(text: string): RowFilters {
  const start = text.indexOf("#");
  // Without `?`, a path such as `#/discussions` has no filter.
  const query = (start === -1 ? text : text.slice(start + 1)).replace(/^[^?=]*\?|^\/[^?]*$/, "");
  const route = parseRoute(`#/?${query}`);
  const unknown = Object.keys(route.query).find((name) => !FILTERS.includes(name) && !ORDER.includes(name));
  if (unknown !== undefined) {
    const near = nearest(unknown, FILTERS);
    throw new UsageError(
      `Cannot use "${unknown}" with --only: it is no filter of the list${
        near === undefined ? `. The filters are ${listed(FILTERS)}` : `; did you mean "${near}"?`
      }`,
    );
  }
  const filters = filtersOf(route);
  if (Object.keys(filters).length > 0) return filters;
  throw new UsageError(
    `Cannot use "${text}" with --only: it has no filter, such as status=completed. Leave out --only to export all discussions`,
  );
}
