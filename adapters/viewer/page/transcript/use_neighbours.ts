/** The discussions before and after this one in the list from which the reader came. */
import { useEffect, useState } from "npm:preact@11.2.0/hooks";
import type { DiscussionRow } from "../../../../analysis/listing/mod.ts";
import type { ViewerSource } from "../../api.ts";
import { listOf, listQueryOf } from "../base/list_query.ts";
import { discussionRoute, type Go, type Route, valueOf } from "../base/router.ts";

/** The neighbours in the list. */
export type Neighbours = Readonly<{
  /** Goes to the discussion before or after this one; `null` if there is none. */
  previous: (() => void) | null;
  next: (() => void) | null;
  /** The 1-based number in the list, and its length; `null` if the discussion is not in the list. */
  place: Readonly<{ number: number; of: number }> | null;
}>;

const NONE: Neighbours = { previous: null, next: null, place: null };

type Found = Readonly<{ rows: readonly DiscussionRow[]; index: number; offset: number; total: number }>;

/** Looks up the neighbours. Moving keeps the list and the open tab. */
export function useNeighbours(
  { source, route, go, run, discussion }: Readonly<{
    source: ViewerSource;
    route: Route;
    go: Go;
    run: string;
    discussion: string;
  }>,
): Neighbours {
  const list = valueOf(route, "list");
  const [found, setFound] = useState<Found | null>(null);
  useEffect(() => {
    let isEnded = false;
    const query = { ...listQueryOf(listOf(route)), around: { run, discussion }, limit: 3 };
    source.list(query).then(({ rows, total, offset = 0 }) => {
      const index = rows.findIndex((row) => row.run === run && row.discussion === discussion);
      if (!isEnded) setFound(index === -1 ? null : { rows, index, offset, total });
      // Without neighbours the discussion can still be read.
    }, () => isEnded || setFound(null));
    return () => void (isEnded = true);
  }, [source, run, discussion, list]);
  if (found === null || found.rows[found.index]?.discussion !== discussion) return NONE;
  const to = (row: DiscussionRow | undefined) =>
    row === undefined ? null : () =>
      go(discussionRoute(row.run, row.discussion, {
        list,
        pane: valueOf(route, "pane"),
        q: valueOf(route, "q"),
      }));
  return {
    previous: to(found.rows[found.index - 1]),
    next: to(found.rows[found.index + 1]),
    place: { number: found.offset + found.index + 1, of: found.total },
  };
}
