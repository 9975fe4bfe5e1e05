/** Names of places in a page. */

/**
 * The `id` of a part of the page. It has a prefix, so that no part of a report can take a name of the page's own.
 *
 * @param kind What it is.
 * @param id Unique among its kind; words joined by hyphens, as `checkReport()` has seen to.
 */
export function anchor(kind: "section" | "table" | "figure" | "transcript", id: string): string {
  return `${kind}-${id}`;
}
